-- checks: Mandatory.
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

-- Mostly nothing is missing. Where all records of an item group have to have an item, and as many values of it are live
-- as there are records, no record needs to be looked at.
CREATE OR REPLACE TEMP TABLE check_lacking AS
WITH record AS (SELECT item_group_code, reading, count(*) AS records FROM check_record GROUP BY ALL),
needed AS (
  SELECT q.item_group_code, q.item_code, sum(r.records) AS records
  FROM required_item q JOIN record r USING (reading, item_group_code) GROUP BY ALL
),
total AS (SELECT item_group_code, sum(records) AS records FROM record GROUP BY ALL),
given AS (
  SELECT g.item_group_code, v.item_code, count(*) AS records
  FROM (FROM state.item_data ANTI JOIN state.further_value USING (item_group_data_key, item_code, sequence)) v
  JOIN raw.item_group_data g ON g.key = v.item_group_data_key
  WHERE v.value <> '' AND v.flags & 2 = 0 AND v.item_code IN (SELECT item_code FROM required_item)
  GROUP BY ALL
)
SELECT q.* FROM required_item q
JOIN needed n USING (item_group_code, item_code) JOIN total t USING (item_group_code)
LEFT JOIN given w USING (item_group_code, item_code)
WHERE n.records < t.records OR coalesce(w.records, 0) < t.records;

INSERT INTO recon._finding
WITH given AS (
  SELECT DISTINCT g.identity, v.item_code
  FROM state.item_data v
  JOIN raw.item_group_data g ON g.key = v.item_group_data_key
  WHERE v.value <> '' AND v.flags & 2 = 0 AND v.item_code IN (SELECT item_code FROM check_lacking)
)
SELECT 'mandatory', 'warn', c.key, NULL, NULL, q.item_oid, NULL, NULL, 'Mandatory, and without a value.'
FROM check_record c JOIN check_lacking q USING (reading, item_group_code)
ANTI JOIN given v ON v.identity = c.identity AND v.item_code = q.item_code;

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
