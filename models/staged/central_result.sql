-- Each result of the central laboratory, in its conventional units and in SI, which it sends itself.
-- What its codes and units mean stands in data/standards/lab_tests.csv.
WITH sample AS (
  SELECT DISTINCT accession, visitcode FROM staged.central_lab
),
result AS (
  -- a repeated sample belongs to the visit of the sample that it repeats
  SELECT c.usubjid, c._row AS crosswalk_row, l.*, coalesce(first.visitcode, l.visitcode) AS of_visit
  FROM staged.central_lab l
  JOIN staged.crosswalk c ON c.source = 'LAB' AND c.source_subject = l.scrnum
  LEFT JOIN sample first ON first.accession = l.repeatof
)
SELECT
  r.usubjid,
  t.lbtestcd                                            AS testcd,
  t.lbcat                                               AS cat,
  r.accession                                           AS refid,
  r.result                                              AS orres,
  t.lborresu                                            AS orresu,
  r.low                                                 AS ornrlo,
  r.high                                                AS ornrhi,
  r.siresult                                            AS stresc,
  t.lbstresu                                            AS stresu,
  odm_float(r.silow)                                    AS stnrlo,
  odm_float(r.sihigh)                                   AS stnrhi,
  CASE
    WHEN r.result IS NULL THEN NULL
    WHEN r.flag = 'H'     THEN 'HIGH'
    WHEN r.flag = 'L'     THEN 'LOW'
    ELSE 'NORMAL'
  END                                                   AS nrind,
  CASE WHEN r.status = 'X' THEN 'NOT DONE' END          AS stat,
  CASE WHEN r.status = 'X' THEN xpt_text(r.comment) END AS reasnd,
  'CENTRAL LABORATORY'                                  AS nam,
  r.loinc,
  coalesce(CAST(p.visitnum AS DECIMAL(4, 1)), u.visitnum) AS visitnum,
  coalesce(u.visit, p.visit)                            AS visit,
  CAST(p.visitdy AS INTEGER)                            AS visitdy,
  r.colldtm                                             AS dtc,
  r._row,
  rows_of([r._row, r.crosswalk_row])                    AS rows
FROM result r
LEFT JOIN staged.lab_tests t
  ON t.lab = 'CENTRAL' AND t.testcode = r.testcode AND t.unit = r.unit AND t.siunit = r.siunit
LEFT JOIN staged.visits p ON p.labvisit = r.of_visit
-- an unscheduled sample has the unscheduled visit of its day
LEFT JOIN staged.subject_visit u
  ON r.of_visit = 'UNSC' AND u.study_event_oid = 'SE.UNS' AND u.usubjid = r.usubjid AND u.visit_date = left(r.colldtm, 10)
