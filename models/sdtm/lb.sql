-- Laboratory results (SDTMIG 3.4, 6.3.5.6) of the central laboratory and of the sites' own, in one dataset.
-- What the laboratories' codes and units mean stands in data/standards/lab_tests.csv. Standard units are SI.
WITH subject AS (
  SELECT c.source_subject AS scrnum, c.usubjid, c._row
  FROM staged.crosswalk c WHERE c.source = 'LAB'
),
central AS (
  -- a repeated sample belongs to the visit of the sample that it repeats
  SELECT l.*, coalesce(first.visitcode, l.visitcode) AS of_visit, s.usubjid, s._row AS crosswalk_row
  FROM staged.central_lab l
  JOIN subject s USING (scrnum)
  LEFT JOIN (SELECT DISTINCT accession, visitcode FROM staged.central_lab) first ON first.accession = l.repeatof
),
central_visit AS (
  -- planned samples have the plan's visit; unscheduled ones that of the unscheduled visit of the same day
  SELECT c.*, coalesce(CAST(p.visitnum AS DECIMAL(4, 1)), u.visitnum) AS visitnum,
    coalesce(u.visit, p.visit) AS visit, CAST(p.visitdy AS INTEGER) AS visitdy
  FROM central c
  LEFT JOIN staged.visits p ON p.labvisit = c.of_visit
  LEFT JOIN staged.subject_visit u
    ON c.of_visit = 'UNSC' AND u.study_event_oid = 'SE.UNS' AND u.usubjid = c.usubjid AND u.visit_date = left(c.colldtm, 10)
),
central_result AS (
  SELECT
    c.usubjid,
    t.lbtestcd,
    t.lbcat,
    c.accession                                                 AS refid,
    c.result                                                    AS orres,
    t.lborresu                                                  AS orresu,
    c.low                                                       AS ornrlo,
    c.high                                                      AS ornrhi,
    c.siresult                                                  AS stresc,
    t.lbstresu                                                  AS stresu,
    odm_float(c.silow)                                          AS stnrlo,
    odm_float(c.sihigh)                                         AS stnrhi,
    CASE WHEN c.result IS NULL THEN NULL WHEN c.flag = 'H' THEN 'HIGH' WHEN c.flag = 'L' THEN 'LOW' ELSE 'NORMAL' END AS nrind,
    CASE WHEN c.status = 'X' THEN 'NOT DONE' END                AS stat,
    CASE WHEN c.status = 'X' THEN xpt_text(c.comment) END AS reasnd,
    'CENTRAL LABORATORY'                                        AS nam,
    c.loinc,
    c.visitnum,
    c.visit,
    c.visitdy,
    c.colldtm                                                   AS dtc,
    c._row,
    [c._row, c.crosswalk_row]                                   AS rows
  FROM central_visit c
  LEFT JOIN staged.lab_tests t
    ON t.lab = 'CENTRAL' AND t.testcode = c.testcode AND t.unit = c.unit AND t.siunit = c.siunit
),
local AS (
  -- the range of the site on the day of the sample, in the unit of the result
  SELECT e.*, s.usubjid, s.crosswalk_row, site.siteid, r.low, r.high, r._row AS range_row
  FROM staged.lb e
  JOIN staged.screening s USING (subject_key)
  LEFT JOIN staged.sites site ON site.locationoid = e.site_oid
  LEFT JOIN staged.local_ranges r
    ON r.siteid = site.siteid AND r.lbtestcd = e.lbtestcd AND r.lborresu = e.lborresu
    AND e.lbdat BETWEEN r.validfrom AND coalesce(r.validto, '9999-12-31')
),
local_result AS (
  SELECT
    l.usubjid,
    t.lbtestcd,
    t.lbcat,
    NULL                                                        AS refid,
    l.lborres                                                   AS orres,
    t.lborresu                                                  AS orresu,
    l.low                                                       AS ornrlo,
    l.high                                                      AS ornrhi,
    in_si(l.lborres, t.factor)                                  AS stresc,
    t.lbstresu                                                  AS stresu,
    odm_float(in_si(l.low, t.factor))                           AS stnrlo,
    odm_float(in_si(l.high, t.factor))                          AS stnrhi,
    CASE
      WHEN odm_float(l.lborres) < odm_float(l.low)                                THEN 'LOW'
      WHEN odm_float(l.lborres) > odm_float(l.high)                               THEN 'HIGH'
      WHEN odm_float(l.lborres) BETWEEN odm_float(l.low) AND odm_float(l.high)    THEN 'NORMAL'
    END                                                         AS nrind,
    CASE WHEN l.lborres IS NULL THEN 'NOT DONE' END             AS stat,
    NULL                                                        AS reasnd,
    'LOCAL LABORATORY ' || l.siteid                             AS nam,
    NULL                                                        AS loinc,
    v.visitnum,
    v.visit,
    v.visitdy,
    iso8601(l.lbdat, l.lbtim)                                   AS dtc,
    l._row,
    list_filter([l._row, l.range_row, l.crosswalk_row], lambda r: r IS NOT NULL) AS rows
  FROM local l
  LEFT JOIN staged.lab_tests t ON t.lab = 'LOCAL' AND t.testcode = l.lbtestcd AND t.unit = l.lborresu
  LEFT JOIN staged.subject_visit v
    ON v.subject_key = l.subject_key AND v.study_event_oid = l.study_event_oid
    AND v.study_event_repeat_key = l.study_event_repeat_key
),
result AS (
  FROM central_result UNION ALL FROM local_result
),
baseline AS (
  -- the last result before the first dose
  SELECT u.usubjid, u.lbtestcd, max(u.dtc) AS dtc
  FROM result u JOIN sdtm.dm dm ON dm.USUBJID = u.usubjid
  WHERE u.orres IS NOT NULL AND u.dtc <= dm.RFXSTDTC
  GROUP BY ALL
)
SELECT
  'VEXIN-03'                                                    AS STUDYID,
  'LB'                                                          AS DOMAIN,
  e.usubjid                                                     AS USUBJID,
  seq(e.usubjid, (e.dtc, e.lbtestcd, e.refid, e._row))          AS LBSEQ,
  e.refid                                                       AS LBREFID,
  e.lbtestcd                                                    AS LBTESTCD,
  test.term                                                     AS LBTEST,
  e.lbcat                                                       AS LBCAT,
  e.orres                                                       AS LBORRES,
  e.orresu                                                      AS LBORRESU,
  e.ornrlo                                                      AS LBORNRLO,
  e.ornrhi                                                      AS LBORNRHI,
  e.stresc                                                      AS LBSTRESC,
  odm_float(e.stresc)                                           AS LBSTRESN,
  e.stresu                                                      AS LBSTRESU,
  e.stnrlo                                                      AS LBSTNRLO,
  e.stnrhi                                                      AS LBSTNRHI,
  e.nrind                                                       AS LBNRIND,
  e.stat                                                        AS LBSTAT,
  e.reasnd                                                      AS LBREASND,
  e.nam                                                         AS LBNAM,
  e.loinc                                                       AS LBLOINC,
  CASE WHEN b.dtc IS NOT NULL THEN 'Y' END                      AS LBLOBXFL,
  CAST(e.visitnum AS DOUBLE)                                    AS VISITNUM,
  e.visit                                                       AS VISIT,
  e.visitdy                                                     AS VISITDY,
  epoch_of(e.dtc, dm.RFSTDTC)                                   AS EPOCH,
  e.dtc                                                         AS LBDTC,
  study_day(e.dtc, dm.RFSTDTC)                                  AS LBDY,
  e.rows                                                        AS _rows
FROM result e
LEFT JOIN staged.sdtm_ct code ON code.codelist = 'LBTESTCD' AND code.term = e.lbtestcd
LEFT JOIN staged.sdtm_ct test ON test.codelist = 'LBTEST' AND test.term_code = code.term_code
LEFT JOIN sdtm.dm dm ON dm.USUBJID = e.usubjid
LEFT JOIN baseline b
  ON b.usubjid = e.usubjid AND b.lbtestcd = e.lbtestcd AND b.dtc = e.dtc AND e.orres IS NOT NULL
