-- Disposition (SDTMIG 3.4, 6.2.3): consent and randomisation as milestones, and how treatment and participation ended.
-- A woman who was screened twice has the events of both screenings.
WITH consent AS (
  SELECT usubjid, 'INFORMED CONSENT OBTAINED' AS term, term AS decod, 'PROTOCOL MILESTONE' AS cat, NULL AS scat,
    strftime(consented, '%Y-%m-%dT%H:%M') AS stdtc, [consent_row, crosswalk_row] AS rows
  FROM staged.screening
),
randomisation AS (
  SELECT c.usubjid, 'RANDOMIZED' AS term, term AS decod, 'PROTOCOL MILESTONE' AS cat, NULL AS scat,
    r.randdtm AS stdtc, [r._row, c._row] AS rows
  FROM staged.randomisation r
  JOIN staged.crosswalk c ON c.source = 'IRT' AND c.source_subject = r.subject
),
disposition AS (
  SELECT
    s.usubjid,
    CASE WHEN e.dsdecod = 'COMP' THEN 'COMPLETED' ELSE xpt_text(e.dsterm) END   AS term,
    CASE e.dsdecod
      WHEN 'WBS' THEN 'WITHDRAWAL BY SUBJECT'
      WHEN 'PHY' THEN 'PHYSICIAN DECISION'
      ELSE upper(e.dsdecod_decode)
    END                                                                         AS decod,
    'DISPOSITION EVENT'                                                         AS cat,
    ct_term(e.dsscat_decode, ct.DSSCAT)                                         AS scat,
    e.dsstdat                                                                   AS stdtc,
    [e._row, s.crosswalk_row]                                                   AS rows
  FROM staged.ds e
  JOIN staged.screening s USING (subject_key)
  CROSS JOIN staged.ct ct
),
event AS (
  FROM consent UNION ALL BY NAME FROM randomisation UNION ALL BY NAME FROM disposition
)
SELECT
  'VEXIN-03'                                                    AS STUDYID,
  'DS'                                                          AS DOMAIN,
  e.usubjid                                                     AS USUBJID,
  seq(e.usubjid, (e.stdtc, e.decod, e.scat, e.rows[1]))         AS DSSEQ,
  e.term                                                        AS DSTERM,
  e.decod                                                       AS DSDECOD,
  e.cat                                                         AS DSCAT,
  e.scat                                                        AS DSSCAT,
  epoch_of(e.stdtc, dm.RFSTDTC)                                 AS EPOCH,
  e.stdtc                                                       AS DSSTDTC,
  study_day(e.stdtc, dm.RFSTDTC)                                AS DSSTDY,
  rows_of(e.rows)                                               AS _rows
FROM event e
LEFT JOIN sdtm.dm dm ON dm.USUBJID = e.usubjid
