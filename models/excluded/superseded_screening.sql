-- Superseded screening: demographics of a screening after which the woman was screened again. DM has the last.
-- Consent, vital signs, laboratory results and disposition of both screenings are in their datasets.
SELECT e._row, 'superseded screening' AS rule, s.usubjid
FROM staged.dm e JOIN staged.screening s USING (subject_key)
WHERE NOT s.counts
