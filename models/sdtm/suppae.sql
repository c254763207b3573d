-- Supplemental qualifiers of AE (SDTMIG 3.4, 8.4): what was collected and has no variable in AE. Comments are in CO.
SELECT
  ae.STUDYID,
  'AE'                                  AS RDOMAIN,
  ae.USUBJID,
  'AESEQ'                               AS IDVAR,
  CAST(ae.AESEQ AS VARCHAR)             AS IDVARVAL,
  'AESI'                                AS QNAM,
  'Adverse Event of Special Interest'   AS QLABEL,
  e.aesi                                AS QVAL,
  'Collected'                           AS QORIG,
  'INVESTIGATOR'                        AS QEVAL,
  [e._row]                              AS _rows
FROM sdtm.ae ae
JOIN staged.ae e ON e._row = ae._rows[1]
WHERE e.aesi IS NOT NULL
