-- Vital signs (SDTMIG 3.4, 6.3.5.10): one record for each test that was due at a visit, done or not.
SELECT
  'VEXIN-03'                                                    AS STUDYID,
  'VS'                                                          AS DOMAIN,
  e.usubjid                                                     AS USUBJID,
  seq(e.usubjid, (e.dtc, e.testcd, e._row))                     AS VSSEQ,
  e.testcd                                                      AS VSTESTCD,
  test.test                                                     AS VSTEST,
  ct_term(e.pos, ct.POSITION)                                   AS VSPOS,
  e.orres                                                       AS VSORRES,
  e.orresu                                                      AS VSORRESU,
  e.stresc                                                      AS VSSTRESC,
  odm_float(e.stresc)                                           AS VSSTRESN,
  e.stresu                                                      AS VSSTRESU,
  CASE WHEN e.orres IS NULL THEN 'NOT DONE' END                 AS VSSTAT,
  lobxfl(e.usubjid, e.testcd, e.orres, e.dtc, dm.RFXSTDTC)      AS VSLOBXFL,
  CAST(e.visitnum AS DOUBLE)                                    AS VISITNUM,
  e.visit                                                       AS VISIT,
  e.visitdy                                                     AS VISITDY,
  epoch_of(e.dtc, dm.RFSTDTC)                                   AS EPOCH,
  e.dtc                                                         AS VSDTC,
  study_day(e.dtc, dm.RFSTDTC)                                  AS VSDY,
  e.rows                                                        AS _rows
FROM staged.vital_sign e
CROSS JOIN staged.ct ct
LEFT JOIN staged.test_name test ON test.codelist = 'VSTESTCD' AND test.testcd = e.testcd
LEFT JOIN sdtm.dm dm ON dm.USUBJID = e.usubjid
