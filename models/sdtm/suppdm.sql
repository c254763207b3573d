-- Supplemental qualifiers of DM (SDTMIG 3.4, 8.4): what a woman wrote beside "Other" for her race.
SELECT
  dm.STUDYID,
  'DM'                          AS RDOMAIN,
  dm.USUBJID,
  CAST(NULL AS VARCHAR)         AS IDVAR,      -- DM has one record a subject (SDTMIG 3.4, 8.4.3)
  CAST(NULL AS VARCHAR)         AS IDVARVAL,
  'RACEOTH'                     AS QNAM,
  'Race, Other'                 AS QLABEL,
  xpt_text(e.raceoth)           AS QVAL,
  'Collected'                   AS QORIG,
  CAST(NULL AS VARCHAR)         AS QEVAL,
  [e._row]                      AS _rows
FROM sdtm.dm dm
JOIN staged.dm e ON e._row = dm._rows[1]
WHERE e.raceoth IS NOT NULL
