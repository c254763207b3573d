-- The name of each test by its short name: in controlled terminology the two have one concept code.
SELECT code.codelist, code.term AS testcd, name.term AS test
FROM staged.sdtm_ct code
JOIN staged.sdtm_ct name ON name.term_code = code.term_code AND name.codelist || 'CD' = code.codelist
WHERE code.codelist IN ('LBTESTCD', 'VSTESTCD')
