-- checks: DataType, Length, SignificantDigits and CodeList.
CREATE OR REPLACE TABLE recon._finding (
  rule VARCHAR NOT NULL, severity VARCHAR NOT NULL, key BIGINT NOT NULL, form_oid VARCHAR, item_group_oid VARCHAR,
  item_oid VARCHAR, sequence INTEGER, value VARCHAR, message VARCHAR NOT NULL
);
COMMENT ON TABLE recon._finding IS 'What the checks against the definitions found: read recon.finding instead.';
COMMENT ON COLUMN recon._finding.rule IS 'type, length, significant_digits, codelist, range or mandatory.';
COMMENT ON COLUMN recon._finding.severity IS 'error or warn.';
COMMENT ON COLUMN recon._finding.key IS 'The item group, form or visit in raw.';
COMMENT ON COLUMN recon._finding.form_oid IS 'The form that is missing.';
COMMENT ON COLUMN recon._finding.item_group_oid IS 'The item group that is missing.';
COMMENT ON COLUMN recon._finding.item_oid IS 'The item.';
COMMENT ON COLUMN recon._finding.sequence IS 'Value/@SeqNum (ODM 2.0); else 0.';
COMMENT ON COLUMN recon._finding.value IS 'The value as sent.';
COMMENT ON COLUMN recon._finding.message IS 'What is wrong.';

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

INSERT INTO recon._finding
SELECT f.rule, f.severity, v.item_group_data_key, NULL, NULL, f.item_oid, v.sequence, v.value, f.message
FROM checked_value v JOIN check_fault f USING (item_code, variant, value);

INSERT INTO recon._finding
SELECT 'length', 'error', v.item_group_data_key, NULL, NULL, i.item_oid, v.sequence, v.value, 'More characters than Length ' || i.length || '.'
FROM checked_value v
JOIN (FROM check_item SEMI JOIN (FROM check_text WHERE is_long) USING (item_code, variant)) i USING (item_code, variant)
WHERE length(v.value) > i.length;
