-- checks: Mandatory.
-- Mandatory (3.1.1.3.3 to 3.1.1.3.5): what lacks it is incomplete. Only what is there can lack something.
CREATE OR REPLACE TEMP TABLE check_required AS
SELECT f.reading, CASE f.kind WHEN 'event' THEN 3 WHEN 'form' THEN 4 ELSE 5 END::TINYINT AS level,  -- raw.level
  parent.code AS parent_code, r.element, r.child_oid, coalesce(child.code, -1) AS child_code,
  bool_or(r.condition_oid IS NOT NULL) AS has_condition
FROM check_definition f
JOIN meta.definition_ref r ON r.metadata_version_key = f.metadata_version_key AND r.parent_oid = f.oid
  AND (f.kind = 'group' AND r.element IN ('ItemRef', 'ItemGroupRef') OR f.kind = 'form' AND r.element = 'ItemGroupRef'
    OR f.kind = 'event' AND r.element IN ('FormRef', 'ItemGroupRef'))
JOIN raw.dictionary parent ON parent.text = f.oid
LEFT JOIN raw.dictionary child ON child.text = r.child_oid
WHERE r.mandatory = 'Yes'
GROUP BY ALL;

-- How many records of the item groups that have to have some item are read in which way.
CREATE OR REPLACE TEMP TABLE check_records AS
SELECT item_group_code, reading, count(*) AS records
FROM check_record
WHERE item_group_code IN (SELECT parent_code FROM check_required WHERE level = 5 AND element = 'ItemRef')
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE check_needed AS
SELECT r.*, q.child_code AS item_code, q.child_oid AS item_oid
FROM check_records r JOIN check_required q ON q.reading = r.reading AND q.parent_code = r.item_group_code
WHERE q.level = 5 AND q.element = 'ItemRef' AND NOT q.has_condition;

-- Mostly nothing is missing. Where all records of an item group have to have an item that stands in no other, and as
-- many values of it are live as there are records, no record needs to be looked at.
CREATE OR REPLACE TEMP TABLE check_lacking AS
WITH item AS (
  SELECT d.code AS item_code FROM meta.name n JOIN raw.dictionary d ON d.text = n.item_oid
  WHERE n.kind = 'item' GROUP BY ALL HAVING count(*) = 1
),
needed AS (SELECT item_group_code, item_code, sum(records) AS records FROM check_needed GROUP BY ALL),
total AS (SELECT item_group_code, sum(records) AS records FROM check_records GROUP BY ALL),
given AS (
  SELECT item_code, sum(times) AS records FROM check_value SEMI JOIN item USING (item_code) WHERE NOT is_further GROUP BY ALL
)
SELECT q.reading, q.item_group_code, q.item_code, q.item_oid
FROM check_needed q
JOIN needed n USING (item_group_code, item_code) JOIN total t USING (item_group_code) LEFT JOIN given g USING (item_code)
WHERE n.records < t.records OR coalesce(g.records, 0) < t.records;

INSERT INTO recon._finding
WITH given AS (
  SELECT DISTINCT g.identity, v.item_code
  FROM (FROM state.item_data SEMI JOIN check_lacking USING (item_code) WHERE value <> '' AND flags & 2 = 0) v
  JOIN (FROM raw.item_group_data SEMI JOIN check_lacking USING (item_group_code)) g ON g.key = v.item_group_data_key
),
record AS (
  SELECT identity, max_by(key, turn) AS key, any_value(item_group_code) AS item_group_code, max_by(reading, turn) AS reading
  FROM check_item_group SEMI JOIN check_lacking USING (item_group_code) GROUP BY identity
)
SELECT 'mandatory', 'warn', r.key, NULL, NULL, q.item_oid, NULL, NULL, 'Mandatory, and without a value.'
FROM record r JOIN check_lacking q USING (reading, item_group_code)
ANTI JOIN given v ON v.identity = r.identity AND v.item_code = q.item_code;

-- What holds others: visits and forms in which something is live, and live item groups around others (ODM 2.0).
CREATE OR REPLACE TEMP TABLE check_holder AS
WITH needed AS (SELECT DISTINCT level, parent_code FROM check_required WHERE element <> 'ItemRef'),
holder AS (
  SELECT 3::TINYINT AS level, e.identity, e.key, e.study_event_code AS code, l.reading, l.turn
  FROM (SELECT study_event_data_key, reading, max(turn) AS turn FROM check_item_group GROUP BY ALL) l
  JOIN raw.study_event_data e ON e.key = l.study_event_data_key
  WHERE e.study_event_code IN (SELECT parent_code FROM needed WHERE level = 3)
  UNION ALL
  SELECT 4, f.identity, f.key, f.form_code, l.reading, l.turn
  FROM (SELECT form_data_key, reading, max(turn) AS turn FROM check_item_group GROUP BY ALL) l
  JOIN raw.form_data f ON f.key = l.form_data_key
  WHERE f.form_code IN (SELECT parent_code FROM needed WHERE level = 4)
  UNION ALL
  SELECT 5, identity, key, item_group_code, reading, turn FROM check_item_group
  WHERE item_group_code IN (SELECT parent_code FROM needed WHERE level = 5)
  UNION ALL
  SELECT 5, o.identity, o.key, o.item_group_code, l.reading, l.turn
  FROM (
    SELECT item_group_data_key, reading, max(turn) AS turn FROM check_item_group WHERE item_group_data_key > 0 GROUP BY ALL
  ) l
  JOIN raw.item_group_data o ON o.key = l.item_group_data_key
  WHERE o.item_group_code IN (SELECT parent_code FROM needed WHERE level = 5)
)
SELECT level, identity, max_by(key, turn) AS key, any_value(code) AS code, max_by(reading, turn) AS reading
FROM holder GROUP BY level, identity;

-- Each thing that each of them has to hold.
CREATE OR REPLACE TEMP VIEW check_expected AS
SELECT h.level, h.identity, h.key, q.element = 'FormRef' AS is_form, q.child_oid, q.child_code
FROM check_holder h
JOIN check_required q ON q.level = h.level AND q.parent_code = h.code AND q.reading = h.reading
WHERE q.element <> 'ItemRef' AND NOT q.has_condition;

INSERT INTO recon._finding
WITH needed AS (SELECT DISTINCT level, element = 'FormRef' AS is_form, child_code FROM check_required WHERE element <> 'ItemRef'),
held AS (
  SELECT 3::TINYINT AS level, e.identity, true AS is_form, f.form_code AS child_code
  FROM (FROM raw.form_data WHERE form_code IN (SELECT child_code FROM needed WHERE is_form)) f
  SEMI JOIN state.item_group_data g ON g.form_data_key = f.key
  JOIN raw.study_event_data e ON e.key = f.study_event_data_key
  UNION ALL
  SELECT 3, e.identity, false, g.item_group_code
  FROM (
    SELECT DISTINCT study_event_data_key, item_group_code FROM state.item_group_data
    WHERE form_data_key = 0 AND item_group_data_key = 0
      AND item_group_code IN (SELECT child_code FROM needed WHERE level = 3 AND NOT is_form)
  ) g
  JOIN raw.study_event_data e ON e.key = g.study_event_data_key
  UNION ALL
  SELECT 4, f.identity, false, g.item_group_code
  FROM (
    SELECT DISTINCT form_data_key, item_group_code FROM state.item_group_data
    WHERE item_group_data_key = 0 AND item_group_code IN (SELECT child_code FROM needed WHERE level = 4)
  ) g
  JOIN raw.form_data f ON f.key = g.form_data_key
  UNION ALL
  SELECT 5, o.identity, false, g.item_group_code
  FROM (
    FROM state.item_group_data
    WHERE item_group_data_key > 0 AND item_group_code IN (SELECT child_code FROM needed WHERE level = 5)
  ) g
  JOIN raw.item_group_data o ON o.key = g.item_group_data_key
)
SELECT 'mandatory', 'warn', key, CASE WHEN is_form THEN child_oid END, CASE WHEN NOT is_form THEN child_oid END,
  NULL, NULL, NULL,
  'Mandatory, and missing: ' || CASE WHEN is_form THEN 'form ' ELSE 'item group ' END || child_oid || '.'
FROM check_expected ANTI JOIN held USING (level, identity, is_form, child_code);
