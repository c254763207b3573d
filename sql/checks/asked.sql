-- checks: what is live, held against its definitions (docs/checks.md). The files of this folder are run one after the
-- other (asked, counted, values, ranges, found, mandatory, outcome) in one transaction, when what is live changed. They
-- read check_reading, check_item_group, check_record and check_decoded: by which versions of the definitions the live
-- rows and records are read (meta.reading) and decoded (meta.decoded), or by the newest alone where there is but one, and
-- which row is the later (turn), whatever the order of arrival.
--
-- This one: what is asked of each item.

-- Whether values of a DataType have a form that is checked: odm_is_valid says which.
CREATE OR REPLACE TEMP MACRO check_has_form(data_type) AS
  coalesce(data_type NOT IN ('text', 'string', 'URI', 'hexFloat', 'base64Float', 'intervalDatetime'), false);

-- Where each reading finds each definition (docs/staged.md): in the version that its records name and what this includes;
-- else in the newest of its system that has it; else in a version of that name of another system; else in the newest.
CREATE OR REPLACE TEMP TABLE check_definition AS
WITH definition AS MATERIALIZED (
  SELECT DISTINCT 'item' AS kind, oid, metadata_version_key FROM meta.item_def
  UNION ALL SELECT DISTINCT 'codelist', oid, metadata_version_key FROM meta.code_list
  UNION ALL SELECT DISTINCT 'group', oid, metadata_version_key FROM meta.item_group_def
  UNION ALL SELECT DISTINCT 'form', oid, metadata_version_key FROM meta.form_def
  UNION ALL SELECT DISTINCT 'event', oid, metadata_version_key FROM meta.study_event_def
),
chain AS MATERIALIZED (FROM meta.version_chain),
placed AS MATERIALIZED (
  SELECT d.*, v.system, v.place FROM definition d JOIN meta.version_order v USING (metadata_version_key)
),
named AS (
  SELECT d.kind, d.oid, r.reading, min_by(d.metadata_version_key, c.depth) AS found
  FROM check_reading r JOIN chain c USING (metadata_version_key) JOIN definition d ON d.metadata_version_key = c.included_key
  GROUP BY ALL
),
of_system AS (SELECT kind, oid, system, max_by(metadata_version_key, place) AS found FROM placed GROUP BY ALL),
other AS (
  SELECT reading, unnest(others) AS metadata_version_key, generate_subscripts(others, 1) AS ordinal FROM check_reading
),
of_other AS (
  SELECT d.kind, d.oid, o.reading, min_by(d.metadata_version_key, {turn: o.ordinal, depth: c.depth}) AS found
  FROM other o JOIN chain c USING (metadata_version_key) JOIN definition d ON d.metadata_version_key = c.included_key
  GROUP BY ALL
),
newest AS (SELECT kind, oid, max_by(metadata_version_key, place) AS found FROM placed GROUP BY ALL)
SELECT n.kind, n.oid, r.reading, coalesce(v.found, s.found, o.found, n.found) AS metadata_version_key
FROM newest n CROSS JOIN check_reading r
LEFT JOIN named v ON v.kind = n.kind AND v.oid = n.oid AND v.reading = r.reading
LEFT JOIN of_system s ON s.kind = n.kind AND s.oid = n.oid AND s.system = r.system
LEFT JOIN of_other o ON o.kind = n.kind AND o.oid = n.oid AND o.reading = r.reading;

-- What each reading asks of each item; readings that ask the same have one number.
CREATE OR REPLACE TEMP TABLE check_asked AS
WITH code_list AS (
  SELECT metadata_version_key, code_list_oid, md5(to_json(list(DISTINCT coded_value ORDER BY coded_value))::VARCHAR) AS codes
  FROM meta.code_list_item WHERE coded_value IS NOT NULL GROUP BY ALL
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
  LEFT JOIN check_definition c ON c.kind = 'codelist' AND c.oid = d.d.code_list_oid AND c.reading = f.reading
  LEFT JOIN code_list l ON l.metadata_version_key = c.metadata_version_key AND l.code_list_oid = c.oid
  LEFT JOIN ranges r ON r.metadata_version_key = f.metadata_version_key AND r.item_oid = f.oid
  LEFT JOIN unit u ON u.metadata_version_key = f.metadata_version_key AND u.item_oid = f.oid
  WHERE f.kind = 'item'
);

-- Only what asks something.
CREATE OR REPLACE TEMP TABLE check_item AS
SELECT item_code, variant, any_value(item_oid) AS item_oid, min(reading) AS reading, says.data_type AS data_type,
  says.length AS length, says.significant_digits AS significant_digits, says.code_list_oid AS code_list_oid,
  says.codes IS NOT NULL AS has_codes, says.ranges AS ranges, says.units AS units,
  check_has_form(says.data_type) AS has_form,
  coalesce(says.length IS NOT NULL AND (says.data_type IN ('text', 'string', 'integer')
    OR says.data_type = 'float' AND says.significant_digits IS NOT NULL), false) AS has_length,
  coalesce(says.data_type = 'float' AND says.length IS NOT NULL AND says.significant_digits IS NOT NULL, false) AS has_digits,
  has_form OR says.code_list_oid IS NOT NULL OR len(says.ranges) > 0 AS asks_value,
  has_length AND NOT asks_value AS is_free,
  max(variant) OVER (PARTITION BY item_code) > 1 AS varies
FROM check_asked GROUP BY item_code, variant, says;

CREATE OR REPLACE TEMP TABLE check_code AS
SELECT DISTINCT i.reading, i.code_list_oid, c.coded_value
FROM (SELECT DISTINCT reading, code_list_oid FROM check_item WHERE has_codes) i
JOIN check_definition d ON d.kind = 'codelist' AND d.oid = i.code_list_oid AND d.reading = i.reading
JOIN meta.code_list_item c ON c.code_list_oid = d.oid AND c.metadata_version_key = d.metadata_version_key
WHERE c.coded_value IS NOT NULL;

CREATE OR REPLACE TEMP TABLE check_variant AS
SELECT reading, item_code, variant FROM check_asked SEMI JOIN (FROM check_item WHERE varies) USING (item_code);
