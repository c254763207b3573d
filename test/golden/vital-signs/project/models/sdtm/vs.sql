-- One row for each result: a text that is no number is a result, without a numeric one.
SELECT
  'GT4'    AS STUDYID,
  'VS'     AS DOMAIN,
  subject  AS USUBJID,
  CAST(row_number() OVER (PARTITION BY subject ORDER BY v.VISITNUM, testcd) AS BIGINT) AS VSSEQ,
  testcd   AS VSTESTCD,
  test     AS VSTEST,
  '{{ var("posture") }}' AS VSPOS,
  result   AS VSORRES,
  unit     AS VSORRESU,
  TRY_CAST(result AS DOUBLE) AS VSSTRESN,
  v.VISITNUM,
  v.VISIT,
  date     AS VSDTC,
  [_row]   AS _rows
FROM {{ ref('vital_sign') }} AS m
JOIN {{ ref('ref.visit') }} AS v ON v.code = m.visit
