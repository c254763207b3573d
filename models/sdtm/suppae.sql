-- Supplemental qualifiers of AE (SDTMIG 3.4, 8.4): what was collected and has no variable in AE.
WITH qualifier AS (
  SELECT ae.STUDYID, ae.USUBJID, ae.AESEQ, q.*, e._row
  FROM sdtm.ae ae
  JOIN staged.ae e ON e._row = ae._rows[1]
  CROSS JOIN LATERAL (VALUES
    ('AECOM', 'Comment on Adverse Event',           xpt_text(e.aecom)),
    ('AESI',  'Adverse Event of Special Interest',  e.aesi)
  ) q(qnam, qlabel, qval)
)
SELECT
  STUDYID,
  'AE'                          AS RDOMAIN,
  USUBJID,
  'AESEQ'                       AS IDVAR,
  CAST(AESEQ AS VARCHAR)        AS IDVARVAL,
  qnam                          AS QNAM,
  qlabel                        AS QLABEL,
  qval                          AS QVAL,
  'Collected'                   AS QORIG,
  'INVESTIGATOR'                AS QEVAL,
  [_row]                        AS _rows
FROM qualifier
WHERE qval IS NOT NULL
