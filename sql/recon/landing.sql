-- recon: what came in, against what landed and what stands of it.
-- Where rows of raw are told to come from: bytes that arrived several times have the same keys.
CREATE OR REPLACE VIEW recon._part AS
SELECT first_key, last_key, source, name, delivery_key FROM state.part WHERE first_key IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank) = 1;
COMMENT ON VIEW recon._part IS 'Each range of keys with the first part, in the order of state.part, that brought it.';
COMMENT ON COLUMN recon._part.first_key IS 'Its first key.';
COMMENT ON COLUMN recon._part.last_key IS 'Its last key.';
COMMENT ON COLUMN recon._part.source IS 'The source of the delivery.';
COMMENT ON COLUMN recon._part.name IS 'The file.';
COMMENT ON COLUMN recon._part.delivery_key IS 'The delivery.';

CREATE OR REPLACE VIEW recon.source_counts AS
WITH part AS (
  SELECT p.delivery_key, p.ordinal AS part_ordinal, p.name, p.first_key, p.last_key,
    row_number() OVER (PARTITION BY coalesce(p.first_key::VARCHAR, p.content_sha256 || p.reader_fingerprint) ORDER BY p.delivery_key, p.ordinal) = 1 AS first_arrival
  FROM raw.part p
),
element AS (
  SELECT 'ClinicalData' AS element, c.key, NULL AS form_oid, NULL AS site_oid FROM raw.clinical_data c
  UNION ALL
  SELECT 'SubjectData', s.key, NULL, d.text FROM raw.subject_data s JOIN raw.dictionary d ON d.code = s.site_code
  UNION ALL
  SELECT 'StudyEventData', e.key, NULL, d.text FROM raw.study_event_data e
  JOIN raw.subject_data s ON s.key = e.subject_data_key JOIN raw.dictionary d ON d.code = s.site_code
  UNION ALL
  SELECT 'FormData', f.key, o.text, d.text FROM raw.form_data f
  JOIN raw.dictionary o ON o.code = f.form_code
  JOIN raw.subject_data s ON s.key = f.subject_data_key JOIN raw.dictionary d ON d.code = s.site_code
),
item_group AS (
  SELECT g.key, g.place, o.text AS form_oid, d.text AS site_oid
  FROM raw.item_group_data g
  LEFT JOIN raw.form_data f ON f.key = g.form_data_key LEFT JOIN raw.dictionary o ON o.code = f.form_code
  LEFT JOIN raw.subject_data s ON s.key = g.subject_data_key LEFT JOIN raw.dictionary d ON d.code = s.site_code
),
landed AS (
  SELECT p.delivery_key, p.part_ordinal, e.element, e.form_oid, e.site_oid, count(*) AS elements
  FROM element e JOIN part p ON p.first_arrival AND e.key BETWEEN p.first_key AND p.last_key GROUP BY ALL
  UNION ALL
  SELECT p.delivery_key, p.part_ordinal, 'ItemGroupData', g.form_oid, g.site_oid, count(DISTINCT g.place)
  FROM item_group g JOIN part p ON p.first_arrival AND g.key BETWEEN p.first_key AND p.last_key GROUP BY ALL
  UNION ALL
  SELECT p.delivery_key, p.part_ordinal, 'ItemData', g.form_oid, g.site_oid, count(*)
  FROM raw.item_data i ANTI JOIN state.further_value f USING (item_group_data_key, item_code, sequence)
  JOIN item_group g ON g.key = i.item_group_data_key
  JOIN part p ON p.first_arrival AND g.key BETWEEN p.first_key AND p.last_key
  GROUP BY ALL
  UNION ALL
  SELECT r.delivery_key, r.part_ordinal, r.element, NULL, NULL, r.elements FROM raw.refused r WHERE r.elements > 0
  UNION ALL
  SELECT p.delivery_key, p.part_ordinal, 'row', NULL, NULL,
    (SELECT file_row_count FROM raw.part x WHERE x.delivery_key = p.delivery_key AND x.ordinal = p.part_ordinal)
    + (SELECT count(*) FROM raw.quarantine q WHERE q.delivery_key = p.delivery_key AND q.part_ordinal = p.part_ordinal)
  FROM part p JOIN raw.part x ON x.delivery_key = p.delivery_key AND x.ordinal = p.part_ordinal
  WHERE x.format = 'csv' AND p.first_arrival
  UNION ALL
  SELECT q.delivery_key, q.part_ordinal, 'fragment', NULL, NULL, count(*)
  FROM raw.quarantine q JOIN raw.part p ON p.delivery_key = q.delivery_key AND p.ordinal = q.part_ordinal
  WHERE p.format = 'odm' AND q.code <> 'ODM_CONTROL_CHARACTER' GROUP BY ALL
),
total AS (
  SELECT delivery_key, part_ordinal, element, form_oid, site_oid, sum(elements)::BIGINT AS landed FROM landed GROUP BY ALL
)
SELECT p.name AS part, coalesce(c.element, t.element) AS element, coalesce(c.form_oid, t.form_oid) AS form_oid,
  coalesce(c.site_oid, t.site_oid) AS site_oid, coalesce(c.elements, 0) AS in_file, coalesce(t.landed, 0) AS landed,
  coalesce(c.elements, 0) = coalesce(t.landed, 0) AS equal, p.delivery_key
FROM raw.source_count c
FULL JOIN total t ON t.delivery_key = c.delivery_key AND t.part_ordinal = c.part_ordinal AND t.element = c.element
  AND t.form_oid IS NOT DISTINCT FROM c.form_oid AND t.site_oid IS NOT DISTINCT FROM c.site_oid
JOIN part p ON p.delivery_key = coalesce(c.delivery_key, t.delivery_key)
  AND p.part_ordinal = coalesce(c.part_ordinal, t.part_ordinal);
COMMENT ON VIEW recon.source_counts IS 'Elements of clinical data in each file (ClinicalData down to ItemData, and the lines of CSV), as a second scan counted them, against rows that landed, by level, form and site. What stands in a damaged span of ODM is counted by neither: the span is. Definitions, AdminData and audit records are not counted twice.';
COMMENT ON COLUMN recon.source_counts.part IS 'The file.';
COMMENT ON COLUMN recon.source_counts.element IS 'Element name; ItemData for all its kinds; row for the lines of a CSV file; fragment for the damaged spans of an ODM document (on_malformed: recover), whatever stands in them.';
COMMENT ON COLUMN recon.source_counts.form_oid IS 'FormOID; NULL outside forms.';
COMMENT ON COLUMN recon.source_counts.site_oid IS 'Site of the subject, as the element itself says.';
COMMENT ON COLUMN recon.source_counts.in_file IS 'Counted in the file.';
COMMENT ON COLUMN recon.source_counts.landed IS 'Rows in raw, quarantined lines and spans and refused elements included.';
COMMENT ON COLUMN recon.source_counts.equal IS 'Whether the two agree.';
COMMENT ON COLUMN recon.source_counts.delivery_key IS 'The delivery.';

CREATE OR REPLACE VIEW recon.absent AS
WITH live AS (
  SELECT g.identity, g.key, x.identity AS subject_identity, p.source, p.delivery_rank
  FROM state.item_group_data g
  JOIN raw.subject_data x ON x.key = g.subject_data_key
  JOIN state.part p ON g.key BETWEEN p.first_key AND p.last_key
),
snapshot AS (
  SELECT p.source, x.identity AS subject_identity, max(p.delivery_rank) AS delivery_rank, max_by(p.delivery_key, p.delivery_rank) AS delivery_key
  FROM state.part p JOIN raw.subject_data x ON x.key BETWEEN p.first_key AND p.last_key
  WHERE NOT p.transactional AND p.format = 'odm'
    AND EXISTS (FROM raw.item_group_data g WHERE g.subject_data_key = x.key)
  GROUP BY ALL
)
SELECT s.subject_key, d.text AS item_group_oid, l.identity AS _row, n.delivery_key AS absent_from
FROM (SELECT identity, subject_identity, source, max(delivery_rank) AS delivery_rank, max(key) AS key FROM live GROUP BY ALL) l
JOIN snapshot n ON n.source = l.source AND n.subject_identity = l.subject_identity AND n.delivery_rank > l.delivery_rank
JOIN raw.item_group_data g ON g.key = l.key
JOIN raw.dictionary d ON d.code = g.item_group_code
LEFT JOIN state.subject s ON s.identity = l.subject_identity;
COMMENT ON VIEW recon.absent IS 'Live item groups that a later snapshot of the same source and subject does not hold, without having removed them.';
COMMENT ON COLUMN recon.absent.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.absent.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.absent._row IS 'Identity of the record.';
COMMENT ON COLUMN recon.absent.absent_from IS 'The latest snapshot that holds the subject but not the record.';

CREATE OR REPLACE VIEW recon.absent_items AS
WITH said AS (
  SELECT p.source, p.delivery_key, p.delivery_rank, p.superseded_by, g.item_group_code, i.item_code, count(*) AS said,
    count(*) FILTER (l.item_group_data_key IS NOT NULL) AS live
  FROM raw.item_data i
  JOIN raw.item_group_data g ON g.key = i.item_group_data_key
  JOIN state.part p ON g.key BETWEEN p.first_key AND p.last_key
  LEFT JOIN state.item_data l ON l.item_group_data_key = i.item_group_data_key AND l.item_code = i.item_code
    AND l.sequence = i.sequence
  WHERE i.value <> ''
  GROUP BY ALL
)
SELECT s.source, t.sql_name AS table_name, n.sql_name AS column_name, item_group.text AS item_group_oid, item.text AS item_oid,
  max_by(s.said, s.delivery_rank) AS last_values, max_by(s.delivery_key, s.delivery_rank) AS last_delivery,
  max_by(s.superseded_by, s.delivery_rank) AS superseded_by
FROM said s
JOIN raw.dictionary item_group ON item_group.code = s.item_group_code
JOIN raw.dictionary item ON item.code = s.item_code
LEFT JOIN meta.name t ON t.kind = 'item_group' AND t.item_group_oid = item_group.text
LEFT JOIN meta.name n ON n.kind = 'item' AND n.item_group_oid = item_group.text AND n.item_oid = item.text
GROUP BY ALL
HAVING sum(s.live) = 0;
COMMENT ON VIEW recon.absent_items IS 'Items of which a source has sent values and none is live any more: left out by a later complete snapshot, removed or replaced by blanks.';
COMMENT ON COLUMN recon.absent_items.source IS 'The source.';
COMMENT ON COLUMN recon.absent_items.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.absent_items.column_name IS 'Column of the item in that table.';
COMMENT ON COLUMN recon.absent_items.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.absent_items.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.absent_items.last_values IS 'How many values the last delivery had that had any.';
COMMENT ON COLUMN recon.absent_items.last_delivery IS 'That delivery.';
COMMENT ON COLUMN recon.absent_items.superseded_by IS 'The delivery that took the place of the whole of it; NULL if none did.';
