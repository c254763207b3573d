-- Adverse events (SDTMIG 3.4, 6.2.1), coded by the file of coding: joined on the verbatim exactly as sent.
WITH event AS (
  SELECT s.usubjid, s.crosswalk_row, e.*
  FROM staged.ae e JOIN staged.screening s USING (subject_key)
),
coding AS (
  SELECT * FROM staged.coding WHERE domain = 'AE'
)
SELECT
  'VEXIN-03'                                                    AS STUDYID,
  'AE'                                                          AS DOMAIN,
  e.usubjid                                                     AS USUBJID,
  seq(e.usubjid, (e.aestdat, e.aespid_n, e.aeterm, e._row))     AS AESEQ,
  e.aespid                                                      AS AESPID,
  trim(xpt_text(e.aeterm))                                      AS AETERM,
  c.llt                                                         AS AELLT,
  CAST(c.lltcd AS INTEGER)                                      AS AELLTCD,
  c.pt                                                          AS AEDECOD,
  CAST(c.ptcd AS INTEGER)                                       AS AEPTCD,
  c.hlt                                                         AS AEHLT,
  CAST(c.hltcd AS INTEGER)                                      AS AEHLTCD,
  c.hlgt                                                        AS AEHLGT,
  CAST(c.hlgtcd AS INTEGER)                                     AS AEHLGTCD,
  c.soc                                                         AS AEBODSYS,
  CAST(c.soccd AS INTEGER)                                      AS AEBDSYCD,
  c.soc                                                         AS AESOC,
  CAST(c.soccd AS INTEGER)                                      AS AESOCCD,
  ct_term(e.aesev_decode, ct.AESEV)                             AS AESEV,
  e.aeser                                                       AS AESER,
  CASE e.aeacn
    WHEN 'NONE' THEN 'DOSE NOT CHANGED'
    WHEN 'INT'  THEN 'DRUG INTERRUPTED'
    WHEN 'WDN'  THEN 'DRUG WITHDRAWN'
    WHEN 'NA'   THEN 'NOT APPLICABLE'
    ELSE e.aeacn
  END                                                           AS AEACN,
  xpt_text(e.aeacnoth)                                          AS AEACNOTH,
  upper(e.aerel_decode)                                         AS AEREL,
  CASE e.aeout
    WHEN '1' THEN 'RECOVERED/RESOLVED'
    WHEN '2' THEN 'RECOVERED/RESOLVED WITH SEQUELAE'
    WHEN '3' THEN 'RECOVERING/RESOLVING'
    WHEN '4' THEN 'NOT RECOVERED/NOT RESOLVED'
    WHEN '5' THEN 'FATAL'
    WHEN '9' THEN 'UNKNOWN'
    ELSE e.aeout
  END                                                           AS AEOUT,
  e.aesdth                                                      AS AESDTH,
  e.aeshosp                                                     AS AESHOSP,
  e.aesmie                                                      AS AESMIE,
  e.aecontrt                                                    AS AECONTRT,
  epoch_of(e.aestdat, dm.RFSTDTC)                               AS EPOCH,
  e.aestdat                                                     AS AESTDTC,
  e.aeendat                                                     AS AEENDTC,
  study_day(e.aestdat, dm.RFSTDTC)                              AS AESTDY,
  study_day(e.aeendat, dm.RFSTDTC)                              AS AEENDY,
  CASE WHEN e.aeongo = 'Y' THEN 'ONGOING' END                   AS AEENRTPT,
  CASE WHEN e.aeongo = 'Y' THEN dm.RFPENDTC END                 AS AEENTPT,
  rows_of([e._row, c._row, e.crosswalk_row])                    AS _rows
FROM event e
CROSS JOIN staged.ct ct
LEFT JOIN coding c ON c.verbatim = e.aeterm
LEFT JOIN sdtm.dm dm ON dm.USUBJID = e.usubjid
