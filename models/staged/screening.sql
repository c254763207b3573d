-- Each screening of each woman: one SubjectKey of the EDC, with the USUBJID it belongs to.
-- A woman who is screened again gets a second SubjectKey. The last screening counts.
SELECT
  c.usubjid                                                     AS usubjid,
  e.subject_key,
  replace(e.subject_key, 'VEX-', '')                            AS subjid,
  e.icdtm_dt                                                    AS consented,
  row_number() OVER (PARTITION BY c.usubjid ORDER BY e.icdtm_dt, e.subject_key) AS screening,
  row_number() OVER (PARTITION BY c.usubjid ORDER BY e.icdtm_dt DESC, e.subject_key DESC) = 1 AS counts,
  e._row                                                        AS consent_row,
  c._row                                                        AS crosswalk_row
FROM staged.ic e
JOIN staged.crosswalk c ON c.source = 'EDC' AND c.source_subject = e.subject_key
