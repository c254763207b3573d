-- On which day each visit of each woman took place, with its number.
-- An unscheduled visit is numbered after the last planned visit before it: 3.1 is the first after visit 3.
WITH form AS (
  SELECT subject_key, study_event_oid, study_event_repeat_key, vsdat AS visit_date FROM staged.vs
  UNION
  SELECT subject_key, study_event_oid, study_event_repeat_key, lbdat FROM staged.lb
),
attended AS (
  SELECT s.usubjid, f.subject_key, f.study_event_oid, f.study_event_repeat_key, min(f.visit_date) AS visit_date
  FROM form f JOIN staged.screening s USING (subject_key)
  GROUP BY ALL
),
planned AS (
  SELECT a.*, CAST(v.visitnum AS DECIMAL(4, 1)) AS visitnum, v.visit, CAST(v.visitdy AS INTEGER) AS visitdy
  FROM attended a JOIN staged.visits v ON v.studyeventoid = a.study_event_oid
  WHERE v.visitnum IS NOT NULL
),
unscheduled AS (
  SELECT a.*, max(p.visitnum) AS after
  FROM attended a LEFT JOIN planned p ON p.usubjid = a.usubjid AND p.visit_date <= a.visit_date
  WHERE a.study_event_oid = 'SE.UNS'
  GROUP BY ALL
),
numbered AS (
  SELECT * EXCLUDE (after), CAST(coalesce(after, 0)
    + row_number() OVER (PARTITION BY usubjid, after ORDER BY visit_date, study_event_repeat_key) / 10 AS DECIMAL(4, 1)) AS visitnum
  FROM unscheduled
)
SELECT * FROM planned
UNION ALL BY NAME
SELECT *, 'UNSCHEDULED ' || visitnum AS visit, NULL AS visitdy FROM numbered
