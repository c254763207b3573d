-- The last day that is in the datasets for each woman, and the record that says so: what RFPENDTC is in an interim
-- transfer (SDTMIG 3.4, 5.2, assumption 10d). Days that are not known exactly do not count.
WITH edc(subject_key, day, _row) AS (
  SELECT subject_key, vsdat, _row FROM staged.vs
  UNION ALL SELECT subject_key, lbdat, _row FROM staged.lb
  UNION ALL SELECT subject_key, exstdat, _row FROM staged.ex
  UNION ALL SELECT subject_key, exendat, _row FROM staged.ex
  UNION ALL SELECT subject_key, aestdat, _row FROM staged.ae
  UNION ALL SELECT subject_key, aeendat, _row FROM staged.ae
  UNION ALL SELECT subject_key, dsstdat, _row FROM staged.ds
),
dated AS (
  SELECT s.usubjid, e.day, e._row FROM edc e JOIN staged.screening s USING (subject_key)
  UNION ALL
  SELECT c.usubjid, left(l.colldtm, 10), l._row
  FROM staged.central_lab l JOIN staged.crosswalk c ON c.source = 'LAB' AND c.source_subject = l.scrnum
)
SELECT usubjid, max(day) AS day, max_by(_row, (day, _row)) AS _row
FROM dated
WHERE length(day) = 10
GROUP BY usubjid
