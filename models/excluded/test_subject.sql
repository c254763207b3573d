-- Test subject: records of the subjects that crosswalk/exclusions.csv names, with the reason it gives.
WITH record AS (
  SELECT subject_key, _row FROM staged.ae
  UNION ALL SELECT subject_key, _row FROM staged.dd
  UNION ALL SELECT subject_key, _row FROM staged.dm
  UNION ALL SELECT subject_key, _row FROM staged.ds
  UNION ALL SELECT subject_key, _row FROM staged.ex
  UNION ALL SELECT subject_key, _row FROM staged.ic
  UNION ALL SELECT subject_key, _row FROM staged.lb
  UNION ALL SELECT subject_key, _row FROM staged.vs
)
SELECT r._row, 'test subject' AS rule, x.reason
FROM record r JOIN staged.exclusions x ON x.source = 'EDC' AND x.source_subject = r.subject_key
UNION ALL
SELECT l._row, 'test subject', x.reason
FROM staged.central_lab l JOIN staged.exclusions x ON x.source = 'LAB' AND x.source_subject = l.scrnum
