-- Demographics: one record for each woman who gave informed consent, screen failures included (SDTMIG 3.4, 5.2).
WITH subject AS (
  -- the screening that counts
  SELECT * FROM staged.screening WHERE counts
),
consent AS (
  -- RFICDTC is the first of several consents (SDTMIG 3.4, 5.2, assumption 10d)
  SELECT usubjid, min(consented) AS first, list(consent_row ORDER BY consented) AS rows
  FROM staged.screening
  GROUP BY usubjid
),
crosswalk AS (
  SELECT usubjid, list(_row ORDER BY _row) AS rows
  FROM staged.crosswalk WHERE source IN ('EDC', 'IRT')
  GROUP BY usubjid
),
randomised AS (
  SELECT c.usubjid, r.armcd, r.arm, r._row
  FROM staged.randomisation r
  JOIN staged.crosswalk c ON c.source = 'IRT' AND c.source_subject = r.subject
),
exposure AS (
  -- a woman who was given kits of two arms has no actual arm of the plan
  SELECT
    usubjid,
    min(iso8601(exstdat, exsttim))                                            AS first_dose,
    -- a kit from which she still takes has no last day: then its first counts
    max(coalesce(exendat, iso8601(exstdat, exsttim)))                         AS last_dose,
    CASE WHEN count(DISTINCT armcd) = 1 THEN min(armcd) END                   AS armcd,
    CASE WHEN count(DISTINCT armcd) = 1 THEN min(arm) END                     AS arm,
    CASE WHEN count(DISTINCT armcd) > 1
      THEN string_agg(DISTINCT arm, ' AND ' ORDER BY arm) END                 AS unplanned,
    list(exposure_row ORDER BY exposure_row) || list(kit_row ORDER BY kit_row) AS rows
  FROM staged.treatment
  GROUP BY usubjid
),
participation AS (
  SELECT s.usubjid, e.dsdecod, e._row
  FROM staged.ds e JOIN subject s USING (subject_key)
  WHERE e.dsscat = 'EOS'
),
death AS (
  -- where death form and disposition differ, the death form holds
  SELECT s.usubjid, e.dthdat, e._row FROM staged.dd e JOIN staged.screening s USING (subject_key)
)
SELECT
  'VEXIN-03'                                                    AS STUDYID,
  'DM'                                                          AS DOMAIN,
  s.usubjid                                                     AS USUBJID,
  s.subjid                                                      AS SUBJID,
  x.first_dose                                                  AS RFSTDTC,
  x.last_dose                                                   AS RFENDTC,
  x.first_dose                                                  AS RFXSTDTC,
  x.last_dose                                                   AS RFXENDTC,
  strftime(c.first, '%Y-%m-%dT%H:%M')                           AS RFICDTC,
  coalesce(d.dthdat, last.day)                                  AS RFPENDTC,
  d.dthdat                                                      AS DTHDTC,
  CASE WHEN d.dthdat IS NOT NULL THEN 'Y' END                   AS DTHFL,
  site.siteid                                                   AS SITEID,
  site.invid                                                    AS INVID,
  e.brthdat                                                     AS BRTHDTC,
  e.age_n                                                       AS AGE,
  CASE WHEN e.age_n IS NOT NULL THEN 'YEARS' END                AS AGEU,
  e.sex                                                         AS SEX,
  ct_term(e.race_decode, ct.RACE)                               AS RACE,
  ct_term(e.ethnic_decode, ct.ETHNIC)                           AS ETHNIC,
  r.armcd                                                       AS ARMCD,
  r.arm                                                         AS ARM,
  x.armcd                                                       AS ACTARMCD,
  x.arm                                                         AS ACTARM,
  CASE
    WHEN r.armcd IS NULL AND p.dsdecod = 'SF' THEN 'SCREEN FAILURE'
    WHEN r.armcd IS NULL                      THEN 'NOT ASSIGNED'
    WHEN x.usubjid IS NULL                    THEN 'ASSIGNED, NOT TREATED'
    WHEN x.armcd IS NULL                      THEN 'UNPLANNED TREATMENT'
  END                                                           AS ARMNRS,
  x.unplanned                                                   AS ACTARMUD,
  site.country                                                  AS COUNTRY,
  e.dmdat                                                       AS DMDTC,
  study_day(e.dmdat, x.first_dose)                              AS DMDY,
  rows_of([e._row, r._row, p._row, d._row, last._row] || c.rows || w.rows || coalesce(x.rows, []))
                                                                AS _rows
FROM subject s
JOIN staged.dm e USING (subject_key)
CROSS JOIN staged.ct ct
LEFT JOIN consent c USING (usubjid)
LEFT JOIN staged.last_record last USING (usubjid)
LEFT JOIN crosswalk w USING (usubjid)
LEFT JOIN randomised r USING (usubjid)
LEFT JOIN exposure x USING (usubjid)
LEFT JOIN participation p USING (usubjid)
LEFT JOIN death d USING (usubjid)
LEFT JOIN staged.sites site ON site.locationoid = e.site_oid
