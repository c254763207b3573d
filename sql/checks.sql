-- Checks of what is live against its definitions: DataType, Length, SignificantDigits, CodeList, RangeCheck, Mandatory
-- (docs/checks.md). Run again when what is live changed; reads check_reading and check_key, temporary tables that say by
-- which versions records are read (meta.reading), or by the newest alone where there is but one.

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

CREATE OR REPLACE TEMP TABLE check_found AS
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
FROM check_found f
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
  FROM check_found f
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
  max(variant) OVER (PARTITION BY item_code) > 1 AS varies
FROM check_asked GROUP BY item_code, variant, says;

CREATE OR REPLACE TEMP TABLE check_variant AS
SELECT reading, item_code, variant FROM check_asked SEMI JOIN (FROM check_item WHERE varies) USING (item_code);

-- The live values that there is something to ask of, each with what.
CREATE OR REPLACE TEMP VIEW checked_value AS
WITH asked AS (
  SELECT item_code, varies FROM check_item GROUP BY ALL
  HAVING bool_or(has_form OR has_length OR code_list_oid IS NOT NULL OR len(ranges) > 0)
),
present AS (SELECT item_group_data_key, item_code, sequence, value, unit_code FROM state.item_data WHERE value <> '' AND flags & 2 = 0)
SELECT v.*, 1 AS variant FROM present v SEMI JOIN (FROM asked WHERE NOT varies) a USING (item_code)
UNION ALL
SELECT v.*, n.variant
FROM (FROM present SEMI JOIN (FROM asked WHERE varies) a USING (item_code)) v
JOIN raw.item_group_data g ON g.key = v.item_group_data_key
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
JOIN check_key k ON k.key = coalesce(x.clinical_data_key, g.parent_key)
JOIN check_variant n ON n.reading = k.reading AND n.item_code = v.item_code;

CREATE OR REPLACE TEMP TABLE check_count AS SELECT item_code, variant, count(*) AS times FROM checked_value GROUP BY ALL;

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
INSERT INTO recon._finding
WITH tried AS (
  SELECT v.*, i.item_oid, i.data_type, i.length, i.significant_digits, odm_is_valid(v.value, i.data_type) AS is_valid, i.has_length,
    CASE data_type
      WHEN 'integer' THEN length(ltrim(ltrim(v.value, '+-'), '0'))
      WHEN 'float' THEN length(ltrim(split_part(ltrim(v.value, '+-'), '.', 1), '0')) + i.significant_digits
      ELSE length(v.value) END AS size,
    CASE WHEN i.has_digits THEN length(rtrim(split_part(v.value, '.', 2), '0')) END AS digits
  FROM checked_value v
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
SELECT f.rule, f.severity, item_group_data_key, NULL, NULL, item_oid, sequence, value, f.message FROM told;

-- CodeList (3.1.1.3.7): all the values that the item may have, as they stand in the data.
INSERT INTO recon._finding
SELECT 'codelist', 'error', v.item_group_data_key, NULL, NULL, i.item_oid, v.sequence, v.value,
  'No CodedValue of CodeList ' || i.code_list_oid || '.'
FROM checked_value v
JOIN (FROM check_item WHERE has_codes) i USING (item_code, variant)
ANTI JOIN (
  SELECT i.item_code, i.variant, c.coded_value AS value
  FROM check_item i JOIN check_code c ON c.reading = i.reading AND c.code_list_oid = i.code_list_oid
) c USING (item_code, variant, value);

-- RangeCheck (3.1.1.3.6.4). What makes a check one that is not carried out stands in `reason`.
CREATE OR REPLACE TEMP TABLE check_said AS
SELECT s.* EXCLUDE (r), r.comparator AS comparator, r.check_values AS check_values, r.unit AS unit, d.code AS unit_code,
  CASE r.soft_hard WHEN 'Soft' THEN 'warn' ELSE 'error' END AS severity,
  coalesce(r.message, 'Not ' || r.comparator || ' ' || array_to_string(r.check_values, ', ')
    || coalesce(' (' || r.unit || ')', '') || '.') AS message,
  CASE WHEN data_type IN ('integer', 'float', 'decimal', 'double') THEN 'number'
    WHEN data_type IN ('date', 'time', 'datetime', 'partialDate', 'partialTime', 'partialDatetime') THEN 'time'
    ELSE 'text' END AS kind,
  -- A value without a unit has that of its definition, if this has one, and any where it has none.
  r.unit IS NULL OR len(s.units) = 0 OR s.units = [r.unit] AS fits_without_unit
FROM (
  SELECT item_code, variant, item_oid, data_type, units, unnest(ranges) AS r, generate_subscripts(ranges, 1) AS ordinal
  FROM check_item
) s
LEFT JOIN raw.dictionary d ON d.text = r.unit;

-- The live values that have a range, each once: they repeat, and exact numbers are dear.
CREATE OR REPLACE TEMP TABLE check_pair AS
SELECT item_code, variant, unit_code, value, count(*) AS times
FROM checked_value SEMI JOIN check_said USING (item_code, variant) GROUP BY ALL;

-- Both sides, as what can be compared.
CREATE OR REPLACE TEMP TABLE check_side AS
WITH side AS (
  SELECT DISTINCT data_type, kind, value
  FROM (
    SELECT data_type, kind, unnest(check_values) AS value FROM check_said
    UNION ALL
    SELECT s.data_type, s.kind, p.value FROM check_pair p JOIN (SELECT DISTINCT item_code, variant, data_type, kind FROM check_said) s USING (item_code, variant)
  )
),
form AS (
  SELECT *, odm_is_valid(value, data_type) AS is_valid, CASE WHEN kind = 'time' THEN odm_offset(value) END AS shift FROM side
),
whole AS (
  SELECT *, CASE WHEN kind = 'time' THEN
    CASE WHEN data_type IN ('time', 'partialTime') THEN '1970-01-01T' ELSE '' END || left(value, length(value) - length(shift)) END AS whole
  FROM form
)
SELECT data_type, value, coalesce(is_valid, true) AS is_valid, coalesce(shift <> '', false) AS has_offset,
  CASE WHEN is_valid AND kind = 'number' THEN odm_number(value) END AS number,
  CASE WHEN is_valid AND kind = 'time' THEN odm_earliest(whole) - odm_shift(shift) END AS earliest,
  CASE WHEN is_valid AND kind = 'time' THEN odm_latest(whole, data_type IN ('date', 'partialDate')) - odm_shift(shift) END AS latest,
  CASE WHEN kind = 'text' THEN odm_word(value, data_type) END AS word
FROM whole;

CREATE OR REPLACE TEMP TABLE check_bound AS
SELECT s.item_code, s.variant, s.ordinal, d.* EXCLUDE (data_type)
FROM (SELECT item_code, variant, ordinal, data_type, unnest(check_values) AS value FROM check_said) s
JOIN check_side d ON d.value = s.value AND d.data_type IS NOT DISTINCT FROM s.data_type;

CREATE OR REPLACE TEMP TABLE check_range AS
SELECT s.*, b.has_offset,
  CASE WHEN b.given IS NULL THEN 'No CheckValue: a FormalExpression is not evaluated.'
    WHEN comparator IS NULL OR comparator NOT IN ('LT', 'LE', 'GT', 'GE', 'EQ', 'NE', 'IN', 'NOTIN') THEN 'No Comparator of ODM.'
    WHEN comparator NOT IN ('IN', 'NOTIN') AND given > 1 THEN 'Comparator ' || comparator || ' takes one CheckValue.'
    WHEN kind = 'text' AND comparator IN ('LT', 'LE', 'GT', 'GE') AND coalesce(data_type NOT IN ('text', 'string'), true)
      THEN 'Values of DataType ' || coalesce(data_type, '(none)') || ' have no order.'
    WHEN NOT are_comparable THEN 'A CheckValue is not of DataType ' || data_type || ', or has too many digits.'
    WHEN zones > 1 THEN 'Of its CheckValues, some have an offset and some have none.' END AS reason
FROM check_said s
LEFT JOIN (
  SELECT item_code, variant, ordinal, count(*) AS given, bool_or(has_offset) AS has_offset, count(DISTINCT has_offset) AS zones,
    bool_and(is_valid AND (number IS NOT NULL OR earliest IS NOT NULL OR word IS NOT NULL)) AS are_comparable
  FROM check_bound GROUP BY ALL
) b USING (item_code, variant, ordinal);

CREATE OR REPLACE TEMP TABLE check_tried AS
WITH value AS (
  SELECT p.*, r.ordinal, r.kind, r.comparator, d.has_offset = r.has_offset AS is_like, d.number, d.earliest, d.latest, d.word,
    CASE WHEN r.unit IS NULL THEN true WHEN p.unit_code > 0 THEN coalesce(p.unit_code = r.unit_code, false)
      ELSE r.fits_without_unit END AS fits
  FROM check_pair p
  JOIN (FROM check_range WHERE reason IS NULL) r USING (item_code, variant)
  JOIN check_side d ON d.value = p.value AND d.data_type IS NOT DISTINCT FROM r.data_type
  -- What is not of its DataType is a finding of its own.
  WHERE d.is_valid
),
held AS (
  SELECT v.* EXCLUDE (fits), CASE v.kind
    WHEN 'number' THEN odm_can_hold(v.comparator, v.number, v.number, b.number, b.number)
    WHEN 'time' THEN CASE WHEN is_like THEN odm_can_hold(v.comparator, v.earliest, v.latest, b.earliest, b.latest) END
    ELSE odm_can_hold(v.comparator, v.word, v.word, b.word, b.word) END AS can_hold
  FROM value v JOIN check_bound b USING (item_code, variant, ordinal)
  WHERE fits
)
SELECT item_code, variant, unit_code, value, ordinal, any_value(times) AS times,
  CASE WHEN bool_or(can_hold) IS NULL THEN 'unlike'
    WHEN CASE any_value(comparator) WHEN 'NOTIN' THEN bool_and(can_hold) ELSE bool_or(can_hold) END THEN 'holds'
    ELSE 'fails' END AS outcome
FROM held GROUP BY item_code, variant, unit_code, value, ordinal
UNION ALL
SELECT item_code, variant, unit_code, value, ordinal, times, 'unit' FROM value WHERE NOT fits;

INSERT INTO recon._finding
SELECT 'range', r.severity, v.item_group_data_key, NULL, NULL, r.item_oid, v.sequence, v.value, r.message
FROM (FROM check_tried WHERE outcome = 'fails') t
JOIN (SELECT item_code, variant, ordinal, item_oid, severity, message FROM check_range) r USING (item_code, variant, ordinal)
JOIN checked_value v USING (item_code, variant, unit_code, value);

-- Mandatory (3.1.1.3.3 to 3.1.1.3.5): what lacks it is incomplete. Only what is there can lack something.
CREATE OR REPLACE TEMP TABLE check_required AS
SELECT f.reading, f.kind, parent.code AS parent_code, r.element, r.child_oid, coalesce(child.code, -1) AS child_code,
  bool_or(r.condition_oid IS NOT NULL) AS has_condition
FROM check_found f
JOIN meta.definition_ref r ON r.metadata_version_key = f.metadata_version_key AND r.parent_oid = f.oid
  AND (f.kind = 'group' AND r.element IN ('ItemRef', 'ItemGroupRef') OR f.kind = 'form' AND r.element = 'ItemGroupRef'
    OR f.kind = 'event' AND r.element IN ('FormRef', 'ItemGroupRef'))
JOIN raw.dictionary parent ON parent.text = f.oid
LEFT JOIN raw.dictionary child ON child.text = r.child_oid
WHERE r.mandatory = 'Yes'
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE check_record AS
SELECT g.identity, max(g.key) AS key, any_value(g.item_group_code) AS item_group_code,
  max_by(coalesce(k.reading, 0), g.key) AS reading
FROM state.item_group_data g
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN check_key k ON k.key = coalesce(x.clinical_data_key, g.parent_key)
WHERE g.item_group_code IN (SELECT parent_code FROM check_required WHERE kind = 'group')
GROUP BY g.identity;

CREATE OR REPLACE TEMP VIEW required_item AS
SELECT reading, parent_code AS item_group_code, child_code AS item_code, child_oid AS item_oid
FROM check_required WHERE kind = 'group' AND element = 'ItemRef' AND NOT has_condition;

INSERT INTO recon._finding
WITH given AS (
  SELECT g.identity, v.item_code, g.item_group_code
  FROM state.item_data v
  JOIN raw.item_group_data g ON g.key = v.item_group_data_key
  WHERE v.value <> '' AND v.flags & 2 = 0 AND v.item_code IN (SELECT item_code FROM required_item)
),
given_count AS (
  SELECT c.identity, count(DISTINCT v.item_code) AS items
  FROM given v JOIN check_record c USING (identity)
  JOIN required_item q ON q.reading = c.reading AND q.item_group_code = c.item_group_code AND q.item_code = v.item_code
  GROUP BY c.identity
),
lacking AS (
  SELECT c.*
  FROM check_record c
  JOIN (SELECT reading, item_group_code, count(*) AS items FROM required_item GROUP BY ALL) n USING (reading, item_group_code)
  LEFT JOIN given_count w USING (identity)
  WHERE n.items > coalesce(w.items, 0)
)
SELECT 'mandatory', 'warn', l.key, NULL, NULL, q.item_oid, NULL, NULL, 'Mandatory, and without a value.'
FROM lacking l JOIN required_item q USING (reading, item_group_code)
ANTI JOIN given v ON v.identity = l.identity AND v.item_code = q.item_code;

-- What holds others: visits and forms in which something is live, and live item groups around others (ODM 2.0).
CREATE OR REPLACE TEMP TABLE check_holder AS
WITH needed AS (SELECT DISTINCT kind, parent_code FROM check_required WHERE element <> 'ItemRef'),
live AS (
  SELECT g.key, g.identity, g.subject_data_key, g.study_event_data_key, g.form_data_key, g.item_group_data_key, g.parent_key,
    g.item_group_code
  FROM state.item_group_data g WHERE (SELECT count(*) FROM needed) > 0
),
held AS (
  SELECT 'event' AS kind, e.identity, e.key, e.study_event_code AS code, l.subject_data_key, l.parent_key,
    CASE WHEN f.key IS NOT NULL THEN 'FormRef' WHEN l.item_group_data_key = 0 THEN 'ItemGroupRef' END AS element,
    CASE WHEN f.key IS NOT NULL THEN f.form_code ELSE l.item_group_code END AS child_code
  FROM live l JOIN raw.study_event_data e ON e.key = l.study_event_data_key LEFT JOIN raw.form_data f ON f.key = l.form_data_key
  UNION ALL
  SELECT 'form', f.identity, f.key, f.form_code, l.subject_data_key, l.parent_key,
    CASE WHEN l.item_group_data_key = 0 THEN 'ItemGroupRef' END, l.item_group_code
  FROM live l JOIN raw.form_data f ON f.key = l.form_data_key
  UNION ALL
  SELECT 'group', o.identity, o.key, o.item_group_code, o.subject_data_key, o.parent_key, 'ItemGroupRef', l.item_group_code
  FROM live l JOIN raw.item_group_data o ON o.key = l.item_group_data_key
  UNION ALL
  SELECT 'group', l.identity, l.key, l.item_group_code, l.subject_data_key, l.parent_key, NULL, NULL FROM live l
)
SELECT h.kind, h.identity, max(h.key) AS key, any_value(h.code) AS code, max_by(coalesce(k.reading, 0), h.key) AS reading,
  list(DISTINCT h.element || ' ' || h.child_code) AS holds
FROM held h
SEMI JOIN needed n ON n.kind = h.kind AND n.parent_code = h.code
LEFT JOIN raw.subject_data x ON x.key = h.subject_data_key
LEFT JOIN check_key k ON k.key = coalesce(x.clinical_data_key, h.parent_key)
GROUP BY h.kind, h.identity;

INSERT INTO recon._finding
SELECT 'mandatory', 'warn', h.key, CASE q.element WHEN 'FormRef' THEN q.child_oid END,
  CASE q.element WHEN 'ItemGroupRef' THEN q.child_oid END, NULL, NULL, NULL, 'Mandatory, and missing.'
FROM check_holder h
JOIN check_required q ON q.kind = h.kind AND q.parent_code = h.code AND q.reading = h.reading
WHERE q.element <> 'ItemRef' AND NOT q.has_condition AND NOT list_contains(h.holds, q.element || ' ' || q.child_code);

CREATE OR REPLACE TABLE recon._checked AS
SELECT 'type' AS rule, coalesce(sum(times) FILTER (has_form), 0)::BIGINT AS checked FROM check_count JOIN check_item USING (item_code, variant)
UNION ALL
SELECT 'length', coalesce(sum(times) FILTER (has_length), 0) FROM check_count JOIN check_item USING (item_code, variant)
UNION ALL
SELECT 'significant_digits', coalesce(sum(times) FILTER (has_digits), 0) FROM check_count JOIN check_item USING (item_code, variant)
UNION ALL
SELECT 'codelist', coalesce(sum(times) FILTER (has_codes), 0) FROM check_count JOIN check_item USING (item_code, variant)
UNION ALL
SELECT 'range', coalesce(sum(times), 0) FROM check_count SEMI JOIN (FROM check_range WHERE reason IS NULL) USING (item_code, variant)
UNION ALL
SELECT 'mandatory', (SELECT count(*) FROM check_record JOIN required_item USING (reading, item_group_code))
  + (SELECT count(*) FROM check_holder h JOIN check_required q ON q.kind = h.kind AND q.parent_code = h.code AND q.reading = h.reading
     WHERE q.element <> 'ItemRef' AND NOT q.has_condition);
COMMENT ON TABLE recon._checked IS 'How much the checks against the definitions looked at: read recon.finding_summary instead.';
COMMENT ON COLUMN recon._checked.rule IS 'type, length, significant_digits, codelist, range or mandatory.';
COMMENT ON COLUMN recon._checked.checked IS 'Live values, or things that may not be missing.';

CREATE OR REPLACE TABLE recon.unchecked AS
SELECT 'range' AS rule, 'ItemDef' AS element, r.item_oid AS oid, r.reason, sum(coalesce(c.times, 0))::BIGINT AS value_count
FROM check_range r LEFT JOIN check_count c USING (item_code, variant) WHERE r.reason IS NOT NULL GROUP BY ALL
UNION ALL
SELECT 'range', 'ItemDef', r.item_oid, CASE t.outcome WHEN 'unit' THEN 'A value has another unit than the RangeCheck, or none of several.'
    ELSE 'A value cannot be compared: one of the two has an offset and the other has none, or it has too many digits.' END,
  sum(t.times)::BIGINT
FROM (SELECT DISTINCT item_code, variant, unit_code, value, times, outcome FROM check_tried WHERE outcome IN ('unit', 'unlike')) t
JOIN (SELECT DISTINCT item_code, variant, item_oid FROM check_range) r USING (item_code, variant) GROUP BY ALL
UNION ALL
SELECT 'codelist', 'ItemDef', i.item_oid, 'CodeList ' || i.code_list_oid || ' has no CodedValue: it is external, or nobody has sent it.',
  sum(coalesce(c.times, 0))::BIGINT
FROM check_item i LEFT JOIN check_count c USING (item_code, variant)
WHERE i.code_list_oid IS NOT NULL AND NOT i.has_codes GROUP BY ALL
UNION ALL
SELECT 'mandatory', element, child_oid, 'It has a CollectionExceptionConditionOID: when it may be missing is not evaluated.', NULL
FROM check_required WHERE has_condition GROUP BY ALL
ORDER BY ALL;
COMMENT ON TABLE recon.unchecked IS 'What the definitions ask and the checks do not judge, and why: one row for each rule, item and reason.';
COMMENT ON COLUMN recon.unchecked.rule IS 'range, codelist or mandatory.';
COMMENT ON COLUMN recon.unchecked.element IS 'ItemDef; for mandatory the reference: ItemRef, ItemGroupRef or FormRef.';
COMMENT ON COLUMN recon.unchecked.oid IS 'OID of the item, or of what is referred to.';
COMMENT ON COLUMN recon.unchecked.reason IS 'Why it is not judged.';
COMMENT ON COLUMN recon.unchecked.value_count IS 'Live values that were not judged for this reason; NULL for mandatory.';

DROP VIEW checked_value;
DROP VIEW required_item;
DROP TABLE check_version;
DROP TABLE check_found;
DROP TABLE check_code;
DROP TABLE check_asked;
DROP TABLE check_item;
DROP TABLE check_variant;
DROP TABLE check_count;
DROP TABLE check_said;
DROP TABLE check_pair;
DROP TABLE check_side;
DROP TABLE check_bound;
DROP TABLE check_range;
DROP TABLE check_tried;
DROP TABLE check_required;
DROP TABLE check_record;
DROP TABLE check_holder;
