-- The codelists of controlled terminology as lists of terms, one column each, for ct_term(): ct_term(text, ct.AESEV).
SELECT
  list(term ORDER BY term) FILTER (codelist = 'AESEV')    AS AESEV,
  list(term ORDER BY term) FILTER (codelist = 'DSSCAT')   AS DSSCAT,
  list(term ORDER BY term) FILTER (codelist = 'ETHNIC')   AS ETHNIC,
  list(term ORDER BY term) FILTER (codelist = 'POSITION') AS POSITION,
  list(term ORDER BY term) FILTER (codelist = 'RACE')     AS RACE
FROM staged.sdtm_ct
