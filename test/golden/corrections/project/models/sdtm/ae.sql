SELECT
  'GT2'       AS STUDYID,
  subject_key AS USUBJID,
  row_number() OVER (PARTITION BY subject_key ORDER BY item_group_repeat_key) AS AESEQ,
  replace(aeterm, chr(10), ' ') AS AETERM,
  aesev       AS AESEV,
  [_row]      AS _rows
FROM staged.ae
