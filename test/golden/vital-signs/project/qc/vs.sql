-- Written from the specification alone: long by UNPIVOT, numbered by counting.
WITH long AS (
  SELECT subject, visit, date, upper(item) AS testcd, result
  FROM (FROM staged.vitals UNPIVOT (result FOR item IN (sysbp, pulse)))
)
SELECT
  'GT4' AS STUDYID, 'VS' AS DOMAIN, subject AS USUBJID,
  (SELECT count(*) FROM long AS o JOIN ref.visit AS ov ON ov.code = o.visit
   WHERE o.subject = a.subject AND (ov.VISITNUM, o.testcd) <= (av.VISITNUM, a.testcd)) AS VSSEQ,
  testcd AS VSTESTCD,
  CASE testcd WHEN 'SYSBP' THEN 'Systolic Blood Pressure' ELSE 'Pulse Rate' END AS VSTEST,
  'SITTING' AS VSPOS, result AS VSORRES,
  CASE testcd WHEN 'SYSBP' THEN 'mmHg' ELSE 'beats/min' END AS VSORRESU,
  CASE WHEN regexp_full_match(result, '\d+') THEN CAST(result AS DOUBLE) END AS VSSTRESN,
  av.VISITNUM, av.VISIT, date AS VSDTC
FROM long AS a JOIN ref.visit AS av ON av.code = a.visit
