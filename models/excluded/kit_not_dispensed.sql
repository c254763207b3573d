-- Kit not dispensed: kits that no exposure form names, whether still in store or assigned and not given.
SELECT k._row, 'kit not dispensed' AS rule, k.status
FROM staged.kits k
WHERE k.kitno NOT IN (SELECT exkit FROM staged.ex WHERE exkit IS NOT NULL)
