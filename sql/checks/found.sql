-- checks: the rows that have what was found wrong with their values.
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

-- Values that staged shows as texts alone.
CREATE OR REPLACE TABLE recon._unconverted (
  item_group_data_key BIGINT NOT NULL, item_code INTEGER NOT NULL, sequence INTEGER NOT NULL, value VARCHAR NOT NULL,
  failure VARCHAR NOT NULL
);
COMMENT ON TABLE recon._unconverted IS 'Live values without a typed value, or too long: read recon.conversion_failures instead.';
COMMENT ON COLUMN recon._unconverted.item_group_data_key IS 'The item group row.';
COMMENT ON COLUMN recon._unconverted.item_code IS 'The item.';
COMMENT ON COLUMN recon._unconverted.sequence IS 'Value/@SeqNum (ODM 2.0); else 0.';
COMMENT ON COLUMN recon._unconverted.value IS 'The text.';
COMMENT ON COLUMN recon._unconverted.failure IS 'form or length.';

CREATE OR REPLACE TABLE recon._undecoded AS
SELECT item_code, value FROM check_undecoded ORDER BY ALL;
COMMENT ON TABLE recon._undecoded IS 'Live values of items with a codelist that some definition of the item does not decode: read recon.undecoded instead.';
COMMENT ON COLUMN recon._undecoded.item_code IS 'The item.';
COMMENT ON COLUMN recon._undecoded.value IS 'The code, exactly as sent.';

-- One look at the rows for all that was found.
CREATE OR REPLACE TEMP TABLE check_row AS
WITH found AS MATERIALIZED (
  SELECT item_code, value FROM check_fault
  UNION SELECT item_code, value FROM check_tried WHERE outcome = 'fails'
  UNION SELECT item_code, value FROM check_unconverted
),
long AS MATERIALIZED (
  SELECT item_code, min(a.length) AS length
  FROM (
    SELECT item_code, length FROM check_item WHERE is_free
    UNION ALL SELECT item_code, try_cast(length AS BIGINT) FROM check_newest WHERE data_type IN ('text', 'string')
  ) a
  JOIN (SELECT item_code, max(coalesce(length, length(value))) AS longest FROM check_value GROUP BY ALL) v USING (item_code)
  GROUP BY item_code HAVING any_value(longest) > min(a.length)
)
SELECT item_group_data_key, item_code, sequence, unit_code, value
FROM state.item_data SEMI JOIN found USING (item_code, value) WHERE flags & 2 = 0
UNION ALL
SELECT item_group_data_key, item_code, sequence, unit_code, value
FROM (FROM state.item_data WHERE flags & 2 = 0) JOIN long USING (item_code) ANTI JOIN found USING (item_code, value)
WHERE value <> '' AND length(value) > long.length;

-- Each with what is asked of it.
CREATE OR REPLACE TEMP TABLE check_judged AS
SELECT *, 1 AS variant FROM check_row SEMI JOIN (FROM check_item WHERE NOT varies) USING (item_code)
UNION ALL
SELECT r.*, n.variant
FROM (FROM check_row SEMI JOIN (FROM check_item WHERE varies) USING (item_code)) r
JOIN check_item_group g ON g.key = r.item_group_data_key
JOIN check_variant n ON n.reading = g.reading AND n.item_code = r.item_code;

INSERT INTO recon._finding
SELECT f.rule, f.severity, v.item_group_data_key, NULL, NULL, f.item_oid, v.sequence, v.value, f.message
FROM check_judged v JOIN check_fault f USING (item_code, variant, value)
UNION ALL
SELECT 'length', 'error', v.item_group_data_key, NULL, NULL, i.item_oid, v.sequence, v.value,
  'More characters than Length ' || i.length || '.'
FROM check_judged v JOIN (FROM check_item WHERE is_free) i USING (item_code, variant)
WHERE length(v.value) > i.length
UNION ALL
SELECT 'range', r.severity, v.item_group_data_key, NULL, NULL, r.item_oid, v.sequence, v.value, r.message
FROM (FROM check_tried WHERE outcome = 'fails') t
JOIN (SELECT item_code, variant, ordinal, item_oid, severity, message FROM check_range) r USING (item_code, variant, ordinal)
JOIN check_judged v USING (item_code, variant, unit_code, value);

INSERT INTO recon._unconverted
SELECT item_group_data_key, item_code, sequence, value, CASE WHEN has_form THEN 'length' ELSE 'form' END
FROM (
  SELECT r.*, odm_has_form(r.value, i.data_type) AS has_form, odm_is_longer(r.value, i.data_type, i.length) AS is_longer
  FROM check_row r JOIN check_newest i USING (item_code)
)
WHERE NOT has_form OR is_longer;
