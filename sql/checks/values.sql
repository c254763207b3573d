-- checks: DataType, Length, SignificantDigits and CodeList; and what staged cannot type or decode.
-- DataType (ODM 1.3.2, 2.13), Length and SignificantDigits (3.1.1.3.6): an integer of Length N is below 10^N, a float of
-- Length N and SignificantDigits S below 10^(N-S) and a multiple of 10^-S.
CREATE OR REPLACE TEMP TABLE check_fault AS
WITH pair AS (SELECT DISTINCT item_code, variant, value FROM check_pair),
tried AS (
  SELECT v.*, i.item_oid, i.data_type, i.length, i.significant_digits, odm_is_valid(v.value, i.data_type) AS is_valid, i.has_length,
    CASE data_type
      WHEN 'integer' THEN length(ltrim(ltrim(v.value, '+-'), '0'))
      WHEN 'float' THEN length(ltrim(split_part(ltrim(v.value, '+-'), '.', 1), '0')) + i.significant_digits
      ELSE length(v.value) END AS size,
    CASE WHEN i.has_digits THEN length(rtrim(split_part(v.value, '.', 2), '0')) END AS digits
  FROM pair v
  JOIN (FROM check_item WHERE has_form OR has_length) i USING (item_code, variant)
),
failed AS (
  SELECT *, has_length AND size > length AS is_long, coalesce(digits > significant_digits, false) AS is_fine
  FROM tried WHERE NOT is_valid OR has_length AND size > length OR digits > significant_digits
),
told AS (
  SELECT *, unnest(CASE WHEN NOT is_valid THEN [{rule: 'type', severity: 'error', message: 'Not of DataType ' || data_type || '.'}]
    ELSE list_filter([
      CASE WHEN is_long THEN {rule: 'length', severity: 'error', message: CASE data_type
        WHEN 'integer' THEN 'More digits than Length ' || length || '.'
        WHEN 'float' THEN 'Too large for Length ' || length || ' with SignificantDigits ' || significant_digits || '.'
        ELSE 'More characters than Length ' || length || '.' END} END,
      CASE WHEN is_fine THEN {rule: 'significant_digits', severity: 'warn',
        message: 'More digits after the point than SignificantDigits ' || significant_digits || '.'} END
    ], lambda f: f IS NOT NULL) END) AS f
  FROM failed
)
SELECT item_code, variant, value, item_oid, f.rule AS rule, f.severity AS severity, f.message AS message FROM told
UNION ALL
-- CodeList (3.1.1.3.7): all the values that the item may have, as they stand in the data.
SELECT item_code, variant, v.value, i.item_oid, 'codelist', 'error', 'No CodedValue of CodeList ' || i.code_list_oid || '.'
FROM pair v
JOIN (FROM check_item WHERE has_codes) i USING (item_code, variant)
ANTI JOIN (
  SELECT i.item_code, i.variant, c.coded_value AS value
  FROM check_item i JOIN check_code c ON c.reading = i.reading AND c.code_list_oid = i.code_list_oid
) c USING (item_code, variant, value);

-- What staged has no typed value of, or is longer than the newest definition allows (recon.conversion_failures).
CREATE OR REPLACE TEMP TABLE check_newest AS
SELECT DISTINCT d.code AS item_code, i.data_type, i.length
FROM meta.item i JOIN raw.dictionary d ON d.text = i.item_oid;

CREATE OR REPLACE TEMP TABLE check_unconverted AS
SELECT DISTINCT v.item_code, v.value
FROM check_value v JOIN check_newest i USING (item_code)
WHERE v.value IS NOT NULL AND (NOT odm_has_form(v.value, i.data_type) OR odm_is_longer(v.value, i.data_type, i.length));

-- What has no decode by one definition at least (recon.undecoded).
CREATE OR REPLACE TEMP TABLE check_undecoded AS
WITH coded AS MATERIALIZED (FROM check_decoded),
always AS (
  SELECT item_oid, coded_value AS value
  FROM (SELECT item_oid, coded_value, count(*) AS times FROM coded GROUP BY ALL)
  JOIN (SELECT item_oid, count(DISTINCT variant) AS times FROM coded GROUP BY ALL) USING (item_oid, times)
)
SELECT DISTINCT v.item_code, v.value
FROM check_value v
JOIN raw.dictionary d ON d.code = v.item_code
SEMI JOIN coded c ON c.item_oid = d.text
ANTI JOIN always a ON a.item_oid = d.text AND a.value = v.value
WHERE v.value IS NOT NULL;
