-- Laboratory results (SDTMIG 3.4, 6.3.5.6) of the central laboratory and of the sites' own. Standard units are SI.
WITH result AS (
  FROM staged.central_result
  UNION ALL BY NAME
  FROM staged.local_result
)
SELECT
  'VEXIN-03'                                                    AS STUDYID,
  'LB'                                                          AS DOMAIN,
  e.usubjid                                                     AS USUBJID,
  seq(e.usubjid, (e.dtc, e.testcd, e.refid, e._row))            AS LBSEQ,
  e.refid                                                       AS LBREFID,
  e.testcd                                                      AS LBTESTCD,
  test.test                                                     AS LBTEST,
  e.cat                                                         AS LBCAT,
  e.orres                                                       AS LBORRES,
  CASE WHEN e.orres IS NOT NULL THEN e.orresu END               AS LBORRESU,
  e.ornrlo                                                      AS LBORNRLO,
  e.ornrhi                                                      AS LBORNRHI,
  e.stresc                                                      AS LBSTRESC,
  odm_float(e.stresc)                                           AS LBSTRESN,
  CASE WHEN e.stresc IS NOT NULL THEN e.stresu END              AS LBSTRESU,
  e.stnrlo                                                      AS LBSTNRLO,
  e.stnrhi                                                      AS LBSTNRHI,
  e.nrind                                                       AS LBNRIND,
  e.stat                                                        AS LBSTAT,
  e.reasnd                                                      AS LBREASND,
  e.nam                                                         AS LBNAM,
  e.loinc                                                       AS LBLOINC,
  lobxfl(e.usubjid, e.testcd, e.orres, e.dtc, dm.RFXSTDTC)      AS LBLOBXFL,
  CAST(e.visitnum AS DOUBLE)                                    AS VISITNUM,
  e.visit                                                       AS VISIT,
  e.visitdy                                                     AS VISITDY,
  epoch_of(e.dtc, dm.RFSTDTC)                                   AS EPOCH,
  e.dtc                                                         AS LBDTC,
  study_day(e.dtc, dm.RFSTDTC)                                  AS LBDY,
  e.rows                                                        AS _rows
FROM result e
LEFT JOIN staged.test_name test ON test.codelist = 'LBTESTCD' AND test.testcd = e.testcd
LEFT JOIN sdtm.dm dm ON dm.USUBJID = e.usubjid
