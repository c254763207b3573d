SELECT
  'GT3'     AS STUDYID,
  subject   AS USUBJID,
  test      AS LBTESTCD,
  accession AS LBREFID,
  result    AS LBORRES,
  unit      AS LBORRESU,
  [_row]    AS _rows
FROM staged.central_lab
