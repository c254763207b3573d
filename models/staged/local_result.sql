-- Each result of the sites' own laboratories, with the range of the site, test, unit and day, and in SI units.
-- What the codes and units of the form mean stands in data/standards/lab_tests.csv.
SELECT
  s.usubjid,
  t.lbtestcd                                            AS testcd,
  t.lbcat                                               AS cat,
  CAST(NULL AS VARCHAR)                                 AS refid,
  e.lborres                                             AS orres,
  t.lborresu                                            AS orresu,
  r.low                                                 AS ornrlo,
  r.high                                                AS ornrhi,
  in_si(e.lborres, t.factor)                            AS stresc,
  t.lbstresu                                            AS stresu,
  odm_float(in_si(r.low, t.factor))                     AS stnrlo,
  odm_float(in_si(r.high, t.factor))                    AS stnrhi,
  CASE
    WHEN odm_float(e.lborres) < odm_float(r.low)                                THEN 'LOW'
    WHEN odm_float(e.lborres) > odm_float(r.high)                               THEN 'HIGH'
    WHEN odm_float(e.lborres) BETWEEN odm_float(r.low) AND odm_float(r.high)    THEN 'NORMAL'
  END                                                   AS nrind,
  CASE WHEN e.lborres IS NULL THEN 'NOT DONE' END       AS stat,
  CAST(NULL AS VARCHAR)                                 AS reasnd,
  'LOCAL LABORATORY ' || site.siteid                    AS nam,
  CAST(NULL AS VARCHAR)                                 AS loinc,
  v.visitnum,
  v.visit,
  v.visitdy,
  iso8601(e.lbdat, e.lbtim)                             AS dtc,
  e._row,
  rows_of([e._row, r._row, s.crosswalk_row]) AS rows
FROM staged.lb e
JOIN staged.screening s USING (subject_key)
LEFT JOIN staged.sites site ON site.locationoid = e.site_oid
LEFT JOIN staged.local_ranges r
  ON r.siteid = site.siteid AND r.lbtestcd = e.lbtestcd AND r.lborresu = e.lborresu
  AND e.lbdat BETWEEN r.validfrom AND coalesce(r.validto, '9999-12-31')
LEFT JOIN staged.lab_tests t ON t.lab = 'LOCAL' AND t.testcode = e.lbtestcd AND t.unit = e.lborresu
LEFT JOIN staged.subject_visit v USING (subject_key, study_event_oid, study_event_repeat_key)
