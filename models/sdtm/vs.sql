-- Vital signs (SDTMIG 3.4, 6.3.5.10): one record for each test that was due at a visit, done or not.
-- Standard units are C, kg and cm; sites 109 to 112 send F, LB and in.
WITH due AS (
  SELECT s.usubjid, s.crosswalk_row, e.*, t.*
  FROM staged.vs e
  JOIN staged.screening s USING (subject_key)
  CROSS JOIN LATERAL (VALUES
    ('SYSBP',  e.sysbp,  e.sysbp_unit),
    ('DIABP',  e.diabp,  e.diabp_unit),
    ('PULSE',  e.pulse,  e.pulse_unit),
    ('RESP',   e.resp,   e.resp_unit),
    ('TEMP',   e.temp,   e.temp_unit),
    ('WEIGHT', e.weight, e.weight_unit),
    ('HEIGHT', e.height, e.height_unit)
  ) t(testcd, result, unit)
  WHERE t.testcd <> 'HEIGHT' OR e.study_event_oid = 'SE.SCR'     -- height is measured at screening only
),
in_units AS (
  SELECT *,
    CASE unit
      WHEN 'Millimetre of mercury' THEN 'mmHg'
      WHEN 'Beats per minute'      THEN 'beats/min'
      WHEN 'Breaths per minute'    THEN 'breaths/min'
      WHEN 'Degree Celsius'        THEN 'C'
      WHEN 'Degree Fahrenheit'     THEN 'F'
      WHEN 'Kilogram'              THEN 'kg'
      WHEN 'Pound'                 THEN 'LB'
      WHEN 'Centimetre'            THEN 'cm'
      WHEN 'Inch'                  THEN 'in'
      ELSE unit
    END AS orresu
  FROM due
),
standardised AS (
  SELECT *,
    CASE orresu
      WHEN 'F'  THEN CAST(CAST(round((odm_float(result) - 32) / 1.8, 1) AS DECIMAL(6, 1)) AS VARCHAR)
      WHEN 'LB' THEN CAST(CAST(round(odm_float(result) * 0.45359237, 1) AS DECIMAL(6, 1)) AS VARCHAR)
      WHEN 'in' THEN CAST(CAST(round(odm_float(result) * 2.54, 1) AS DECIMAL(6, 1)) AS VARCHAR)
      ELSE result
    END AS stresc,
    CASE orresu WHEN 'F' THEN 'C' WHEN 'LB' THEN 'kg' WHEN 'in' THEN 'cm' ELSE orresu END AS stresu,
    iso8601(vsdat, vstim) AS dtc
  FROM in_units
),
baseline AS (
  -- the last result before the first dose
  SELECT u.usubjid, u.testcd, max(u.dtc) AS dtc
  FROM standardised u JOIN sdtm.dm dm ON dm.USUBJID = u.usubjid
  WHERE u.result IS NOT NULL AND u.dtc <= dm.RFXSTDTC
  GROUP BY ALL
)
SELECT
  'VEXIN-03'                                                    AS STUDYID,
  'VS'                                                          AS DOMAIN,
  e.usubjid                                                     AS USUBJID,
  seq(e.usubjid, (e.dtc, e.testcd, e._row))                     AS VSSEQ,
  e.testcd                                                      AS VSTESTCD,
  test.term                                                     AS VSTEST,
  ct_term(e.vspos_decode, ct.POSITION)                          AS VSPOS,
  e.result                                                      AS VSORRES,
  e.orresu                                                      AS VSORRESU,
  e.stresc                                                      AS VSSTRESC,
  odm_float(e.stresc)                                           AS VSSTRESN,
  e.stresu                                                      AS VSSTRESU,
  CASE WHEN e.result IS NULL THEN 'NOT DONE' END                AS VSSTAT,
  CASE WHEN b.dtc IS NOT NULL THEN 'Y' END                      AS VSLOBXFL,
  CAST(v.visitnum AS DOUBLE)                                    AS VISITNUM,
  v.visit                                                       AS VISIT,
  v.visitdy                                                     AS VISITDY,
  epoch_of(e.dtc, dm.RFSTDTC)                                   AS EPOCH,
  e.dtc                                                         AS VSDTC,
  study_day(e.dtc, dm.RFSTDTC)                                  AS VSDY,
  [e._row, e.crosswalk_row]                                     AS _rows
FROM standardised e
CROSS JOIN staged.ct ct
JOIN staged.sdtm_ct code ON code.codelist = 'VSTESTCD' AND code.term = e.testcd
JOIN staged.sdtm_ct test ON test.codelist = 'VSTEST' AND test.term_code = code.term_code
LEFT JOIN sdtm.dm dm ON dm.USUBJID = e.usubjid
LEFT JOIN baseline b ON b.usubjid = e.usubjid AND b.testcd = e.testcd AND b.dtc = e.dtc AND e.result IS NOT NULL
LEFT JOIN staged.subject_visit v
  ON v.subject_key = e.subject_key AND v.study_event_oid = e.study_event_oid
  AND v.study_event_repeat_key = e.study_event_repeat_key
