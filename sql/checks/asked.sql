-- checks: what is live, held against its definitions (docs/checks.md). The files of this folder are run one after the
-- other (asked, counted, values, ranges, found, mandatory, outcome) in one transaction, when what is live changed. They
-- read check_reading, check_item_group and check_decoded: by which versions of the definitions the live rows are read
-- (meta.reading) and decoded (meta.decoded), or by the newest alone where there is but one.
--
-- This one: what is asked of each item.
-- Every version in which a reading looks for a definition; the least choice that has it stands (docs/staged.md).
CREATE OR REPLACE TEMP TABLE check_version AS
WITH chain AS MATERIALIZED (FROM meta.version_chain),
version AS MATERIALIZED (FROM meta.version_order),
other AS (
  SELECT reading, unnest(others) AS metadata_version_key, generate_subscripts(others, 1) AS ordinal FROM check_reading
)
SELECT reading, metadata_version_key, min(choice) AS choice
FROM (
  SELECT r.reading, c.included_key AS metadata_version_key, {step: 1, turn: 0, rank: c.depth} AS choice
  FROM check_reading r JOIN chain c USING (metadata_version_key)
  UNION ALL
  SELECT r.reading, v.metadata_version_key, {step: 2, turn: 0, rank: -v.place}
  FROM check_reading r JOIN version v ON v.system = r.system
  UNION ALL
  SELECT o.reading, c.included_key, {step: 3, turn: o.ordinal, rank: c.depth}
  FROM other o JOIN chain c USING (metadata_version_key)
  UNION ALL
  SELECT r.reading, v.metadata_version_key, {step: 4, turn: 0, rank: -v.place} FROM check_reading r CROSS JOIN version v
)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE check_definition AS
SELECT d.kind, d.oid, c.reading, min_by(d.metadata_version_key, c.choice) AS metadata_version_key
FROM (
  SELECT DISTINCT 'item' AS kind, oid, metadata_version_key FROM meta.item_def
  UNION ALL SELECT DISTINCT 'codelist', oid, metadata_version_key FROM meta.code_list
  UNION ALL SELECT DISTINCT 'group', oid, metadata_version_key FROM meta.item_group_def
  UNION ALL SELECT DISTINCT 'form', oid, metadata_version_key FROM meta.form_def
  UNION ALL SELECT DISTINCT 'event', oid, metadata_version_key FROM meta.study_event_def
) d
JOIN check_version c USING (metadata_version_key)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE check_code AS
SELECT DISTINCT f.reading, f.oid AS code_list_oid, c.coded_value
FROM check_definition f
JOIN meta.code_list_item c ON c.code_list_oid = f.oid AND c.metadata_version_key = f.metadata_version_key
WHERE f.kind = 'codelist' AND c.coded_value IS NOT NULL;

-- What each reading asks of each item; readings that ask the same have one number.
CREATE OR REPLACE TEMP TABLE check_asked AS
WITH code_list AS (
  SELECT reading, code_list_oid, md5(to_json(list(coded_value ORDER BY coded_value))::VARCHAR) AS codes
  FROM check_code GROUP BY ALL
),
ranges AS (
  SELECT metadata_version_key, item_oid, list({comparator: comparator, soft_hard: soft_hard, check_values: check_values,
    unit: measurement_unit_oid, message: error_message} ORDER BY ordinal) AS ranges
  FROM meta.range_check GROUP BY ALL
),
unit AS (
  SELECT metadata_version_key, item_oid, list(DISTINCT measurement_unit_oid ORDER BY measurement_unit_oid) AS units
  FROM meta.item_unit GROUP BY ALL
),
definition AS (
  SELECT metadata_version_key, oid, min_by({data_type: data_type, length: try_cast(length AS BIGINT),
    significant_digits: try_cast(significant_digits AS BIGINT), code_list_oid: code_list_oid}, ordinal) AS d
  FROM meta.item_def GROUP BY ALL
)
SELECT item_code, item_oid, reading, says, dense_rank() OVER (PARTITION BY item_code ORDER BY says) AS variant
FROM (
  SELECT n.code AS item_code, f.oid AS item_oid, f.reading, {data_type: d.d.data_type, length: d.d.length,
    significant_digits: d.d.significant_digits, code_list_oid: d.d.code_list_oid, codes: l.codes,
    ranges: coalesce(r.ranges, []), units: coalesce(u.units, [])} AS says
  FROM check_definition f
  JOIN raw.dictionary n ON n.text = f.oid
  JOIN definition d ON d.metadata_version_key = f.metadata_version_key AND d.oid = f.oid
  LEFT JOIN code_list l ON l.reading = f.reading AND l.code_list_oid = d.d.code_list_oid
  LEFT JOIN ranges r ON r.metadata_version_key = f.metadata_version_key AND r.item_oid = f.oid
  LEFT JOIN unit u ON u.metadata_version_key = f.metadata_version_key AND u.item_oid = f.oid
  WHERE f.kind = 'item'
);

-- Only what asks something.
CREATE OR REPLACE TEMP TABLE check_item AS
SELECT item_code, variant, any_value(item_oid) AS item_oid, min(reading) AS reading, says.data_type AS data_type,
  says.length AS length, says.significant_digits AS significant_digits, says.code_list_oid AS code_list_oid,
  says.codes IS NOT NULL AS has_codes, says.ranges AS ranges, says.units AS units,
  coalesce(says.data_type NOT IN ('text', 'string', 'URI', 'hexFloat', 'base64Float', 'intervalDatetime'), false) AS has_form,
  coalesce(says.length IS NOT NULL AND (says.data_type IN ('text', 'string', 'integer')
    OR says.data_type = 'float' AND says.significant_digits IS NOT NULL), false) AS has_length,
  coalesce(says.data_type = 'float' AND says.length IS NOT NULL AND says.significant_digits IS NOT NULL, false) AS has_digits,
  has_form OR says.code_list_oid IS NOT NULL OR len(says.ranges) > 0 AS asks_value,
  has_length AND NOT asks_value AS is_free,
  max(variant) OVER (PARTITION BY item_code) > 1 AS varies
FROM check_asked GROUP BY item_code, variant, says;

CREATE OR REPLACE TEMP TABLE check_variant AS
SELECT reading, item_code, variant FROM check_asked SEMI JOIN (FROM check_item WHERE varies) USING (item_code);
