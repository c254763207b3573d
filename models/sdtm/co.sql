-- Comments (SDTMIG 3.4, 5.1): what the sites wrote beside adverse events.
SELECT
  ae.STUDYID,
  'CO'                                  AS DOMAIN,
  'AE'                                  AS RDOMAIN,
  ae.USUBJID,
  seq(ae.USUBJID, (ae.AESEQ, e._row))   AS COSEQ,
  'AESEQ'                               AS IDVAR,
  CAST(ae.AESEQ AS VARCHAR)             AS IDVARVAL,
  xpt_text(e.aecom)                     AS COVAL,
  'INVESTIGATOR'                        AS COEVAL,
  [e._row]                              AS _rows
FROM sdtm.ae ae
JOIN staged.ae e ON e._row = ae._rows[1]
WHERE e.aecom IS NOT NULL
