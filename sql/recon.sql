-- recon: does what came in account for what stands, and the other way round. Views, over raw, state and staged.
CREATE SCHEMA IF NOT EXISTS recon;

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
COMMENT ON VIEW recon.source_counts IS 'Elements in each file, as a second scan counted them, against rows that landed, by level, form and site.';
COMMENT ON COLUMN recon.source_counts.part IS 'The file.';
COMMENT ON COLUMN recon.source_counts.element IS 'Element name; ItemData for all its kinds; row for the lines of a CSV file.';
COMMENT ON COLUMN recon.source_counts.form_oid IS 'FormOID; NULL outside forms.';
COMMENT ON COLUMN recon.source_counts.site_oid IS 'Site of the subject, as the element itself says.';
COMMENT ON COLUMN recon.source_counts.in_file IS 'Counted in the file.';
COMMENT ON COLUMN recon.source_counts.landed IS 'Rows in raw, quarantined lines and refused elements included.';
COMMENT ON COLUMN recon.source_counts.equal IS 'Whether the two agree.';
COMMENT ON COLUMN recon.source_counts.delivery_key IS 'The delivery.';

CREATE OR REPLACE VIEW recon.conversion_failures AS
WITH checked AS (
  SELECT v.*, i.table_name, i.column_name, i.item_group_oid, i.item_oid, i.data_type, i.length,
    g.subject_data_key, g.identity, g.place AS group_place,
    CASE i.data_type
      WHEN 'integer' THEN odm_integer(v.value) IS NOT NULL
      WHEN 'float' THEN odm_float(v.value) IS NOT NULL
      WHEN 'double' THEN odm_double(v.value) IS NOT NULL
      WHEN 'date' THEN odm_date(v.value) IS NOT NULL
      WHEN 'datetime' THEN odm_datetime(v.value) IS NOT NULL
      WHEN 'time' THEN odm_time(v.value) IS NOT NULL
      WHEN 'boolean' THEN v.value IN ('true', 'false', '1', '0')
      WHEN 'partialDate' THEN odm_is_partial(v.value, true, false)
      WHEN 'partialTime' THEN odm_is_partial(v.value, false, true)
      WHEN 'partialDatetime' THEN odm_is_partial(v.value, true, true)
      ELSE true END AS has_form
  FROM state.item_data v
  JOIN state.item_group_data g ON g.key = v.item_group_data_key
  JOIN raw.dictionary dg ON dg.code = g.item_group_code
  JOIN raw.dictionary di ON di.code = v.item_code
  JOIN meta.item i ON i.item_group_oid = dg.text AND i.item_oid = di.text
  WHERE v.value IS NOT NULL AND v.value <> '' AND v.flags & 2 = 0
)
SELECT s.subject_key, c.table_name, c.column_name, c.item_group_oid, c.item_oid, c.data_type, c.length,
  CASE WHEN c.has_form THEN 'length' ELSE 'form' END AS failure, c.sequence, c.value, c.identity AS _row, p.name AS part,
  c.group_place AS place
FROM checked c
LEFT JOIN raw.subject_data s ON s.key = c.subject_data_key
LEFT JOIN (SELECT name, first_key, last_key FROM state.part QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank) = 1) p
  ON c.item_group_data_key BETWEEN p.first_key AND p.last_key
WHERE NOT c.has_form
  OR c.data_type IN ('text', 'string', 'integer') AND length(c.value) > try_cast(c.length AS BIGINT);
COMMENT ON VIEW recon.conversion_failures IS 'Live values that have not the form of their DataType (ODM 1.3.2, 2.13), or are longer than the Length of a text, string or integer. The text stands in staged as sent. Not checked: SignificantDigits, the Length of numbers with decimals, and the form of other DataTypes (URI, binary, duration, interval, incomplete).';
COMMENT ON COLUMN recon.conversion_failures.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.conversion_failures.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.conversion_failures.column_name IS 'Column of the text in that table.';
COMMENT ON COLUMN recon.conversion_failures.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.conversion_failures.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.conversion_failures.data_type IS 'DataType of the definition.';
COMMENT ON COLUMN recon.conversion_failures.length IS 'Length of the ItemDef, as sent: the most characters that it may have.';
COMMENT ON COLUMN recon.conversion_failures.failure IS 'form: the text has not the form of the DataType, so that a typed column beside it is NULL. length: it has more characters than Length.';
COMMENT ON COLUMN recon.conversion_failures.sequence IS 'Value/@SeqNum (ODM 2.0); else 0. Further values of an item have no column in staged: recon.further_values.';
COMMENT ON COLUMN recon.conversion_failures.value IS 'The text.';
COMMENT ON COLUMN recon.conversion_failures._row IS 'Identity of the record.';
COMMENT ON COLUMN recon.conversion_failures.part IS 'The file it came from.';
COMMENT ON COLUMN recon.conversion_failures.place IS 'Byte offset of the item group in that file, unpacked.';

CREATE OR REPLACE VIEW recon.further_values AS
WITH stray AS (
  -- A Value that could be no row of its item (its number stands twice, or there is a Value attribute) is a node.
  SELECT n.element_key, n.item_code, any_value(try_cast(q.value AS INTEGER)) AS sequence,
    string_agg(t.value, '' ORDER BY t.place) AS value
  FROM raw.attribute n
  JOIN raw.dictionary d ON d.code = n.name_code AND d.text = 'Value'
  JOIN raw.dictionary ns ON ns.code = n.namespace_code AND coalesce(ns.text LIKE 'http://www.cdisc.org/ns/odm/%', true)
  JOIN raw.attribute t ON t.element_key = n.element_key AND t.item_code = n.item_code AND t.level = 6
    AND t.parent_node = n.node AND t.kind = 3
  LEFT JOIN (SELECT a.*, name.text AS name FROM raw.attribute a JOIN raw.dictionary name ON name.code = a.name_code) q
    ON q.element_key = n.element_key AND q.item_code = n.item_code AND q.level = 6
    AND q.node = n.node AND q.kind IN (1, 4) AND q.name = 'SeqNum'
  WHERE n.level = 6 AND n.parent_node = 0 AND n.kind = 2
  GROUP BY n.element_key, n.item_code, n.node
),
further AS (
  SELECT v.item_group_data_key, v.item_code, v.sequence, v.value,
    CASE WHEN v.flags & 2 > 0 THEN 'null' ELSE 'sequence' END AS reason, v.place
  FROM state.item_data v LEFT JOIN state.further_value f USING (item_group_data_key, item_code, sequence)
  WHERE v.flags & 2 > 0 AND v.value <> '' OR v.flags & 2 = 0 AND f.sequence IS NOT NULL
  UNION ALL
  SELECT v.item_group_data_key, v.item_code, s.sequence, s.value, 'stray', any_value(v.place)
  FROM stray s JOIN state.item_data v ON v.item_group_data_key = s.element_key AND v.item_code = s.item_code
  GROUP BY ALL
)
SELECT x.subject_key, coalesce(i.table_name, t.table_name) AS table_name, i.column_name, item_group.text AS item_group_oid,
  item.text AS item_oid, v.sequence, v.value, v.reason, p.name AS part, g.place + v.place AS place, g.identity AS _row
FROM further v
JOIN raw.item_group_data g ON g.key = v.item_group_data_key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
JOIN raw.dictionary item ON item.code = v.item_code
LEFT JOIN meta.item i ON i.item_group_oid = item_group.text AND i.item_oid = item.text
LEFT JOIN meta.item_group t ON t.item_group_oid = item_group.text
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN (SELECT name, first_key, last_key FROM state.part QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank) = 1) p
  ON g.key BETWEEN p.first_key AND p.last_key;
COMMENT ON VIEW recon.further_values IS 'Live values that no staged table shows, which has one value for an item.';
COMMENT ON COLUMN recon.further_values.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.further_values.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.further_values.column_name IS 'Column of the item in that table.';
COMMENT ON COLUMN recon.further_values.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.further_values.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.further_values.sequence IS 'Value/@SeqNum (ODM 2.0); 0 or NULL where none was sent.';
COMMENT ON COLUMN recon.further_values.value IS 'The value exactly as sent.';
COMMENT ON COLUMN recon.further_values.reason IS 'sequence: another Value of the item has a lower SeqNum. null: the item says IsNull="Yes" beside it, that is, it has no value. stray: a Value whose SeqNum stands twice, or that stands beside a Value attribute.';
COMMENT ON COLUMN recon.further_values.part IS 'The file it came from.';
COMMENT ON COLUMN recon.further_values.place IS 'Byte offset of the item in that file, unpacked.';
COMMENT ON COLUMN recon.further_values._row IS 'Identity of the record.';

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

-- All that was said of each item of the records that have lost something, in the order of state, and the removals of
-- what they stand in; a step is where one value follows another. Audit records count as in sql/state-rules.sql: that of
-- the item, else of the nearest element around it.
CREATE OR REPLACE VIEW recon.changed AS
WITH RECURSIVE
part AS (
  FROM state.part WHERE superseded_by IS NULL AND format = 'odm' AND first_key IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank DESC) = 1
),
element AS NOT MATERIALIZED (
  SELECT 2 AS level, key, 0 AS parent_key, identity, transaction_code FROM raw.subject_data
  UNION ALL SELECT 3, key, subject_data_key, identity, transaction_code FROM raw.study_event_data
  UNION ALL SELECT 4, key, if(study_event_data_key > 0, study_event_data_key, subject_data_key), identity, transaction_code
  FROM raw.form_data
  UNION ALL SELECT 5, key, parent_key, identity, transaction_code FROM raw.item_group_data
),
-- Rows of records that have lost something.
touched AS (
  SELECT item_group_data_key AS key FROM state.superseded_item
  UNION SELECT item_group_data_key FROM state.superseded_element WHERE reason = 'removed'
),
item_group AS (
  SELECT g.key, g.identity FROM raw.item_group_data g
  JOIN part p ON g.key BETWEEN p.first_key AND p.last_key
  WHERE g.identity IN (SELECT identity FROM raw.item_group_data JOIN touched USING (key))
    AND g.key NOT IN (SELECT item_group_data_key FROM state.superseded_element WHERE reason = 'absent')
),
removal AS (
  SELECT e.level, e.key, e.identity FROM element e
  JOIN part p ON e.key BETWEEN p.first_key AND p.last_key WHERE e.transaction_code = 3
),
above(key, depth, above_key) AS (
  SELECT key, 0, key FROM (SELECT key FROM item_group UNION SELECT key FROM removal)
  UNION ALL
  SELECT a.key, a.depth + 1, e.parent_key FROM above a JOIN element e ON e.key = a.above_key WHERE e.parent_key > 0
),
audit AS (
  SELECT element_key, item_code, max(struct_insert(state._audit(datetime_utc, source_id), key := key)) AS audit
  FROM raw.audit_record WHERE element_key > 0 AND datetime_utc IS NOT NULL GROUP BY ALL
),
-- Further rows of an item group in which an item stands twice have the audit record of the first.
element_audit AS (
  SELECT element_key, audit FROM audit WHERE item_code = 0
  UNION ALL
  SELECT x.key, a.audit FROM audit a JOIN raw.item_group_data f ON f.key = a.element_key
  JOIN raw.item_group_data x ON x.parent_key = f.parent_key AND x.place = f.place AND x.key > f.key
  WHERE a.item_code = 0
),
around AS (
  SELECT a.key, a.depth, e.level, e.identity, e.transaction_code = 3 AS removes, u.audit
  FROM above a JOIN element e ON e.key = a.above_key LEFT JOIN element_audit u ON u.element_key = a.above_key
),
nearest AS (SELECT key, min_by(audit, depth) FILTER (audit IS NOT NULL) AS audit, bool_or(removes) AS removes FROM around GROUP BY key),
value AS (
  SELECT g.identity, i.item_code, coalesce(f.sequence, 0) AS sequence, g.key, i.transaction_code,
    CASE WHEN i.flags & 2 = 0 AND i.transaction_code <> 3 THEN i.value END AS value
  FROM item_group g JOIN raw.item_data i ON i.item_group_data_key = g.key
  LEFT JOIN state.further_value f USING (item_group_data_key, item_code, sequence)
  WHERE i.flags & 4 = 0 AND g.key NOT IN (SELECT key FROM nearest WHERE removes)
),
said AS (
  SELECT v.identity, v.item_code, v.key, coalesce(i.audit, n.audit) AS audit,
    CASE WHEN v.transaction_code = 3 THEN 'removed' END AS removed
  FROM (SELECT DISTINCT identity, item_code, key, transaction_code FROM value) v
  JOIN nearest n USING (key)
  LEFT JOIN audit i ON i.element_key = v.key AND i.item_code = v.item_code
  UNION ALL
  -- What removes an item group is as late as the latest of its items.
  SELECT v.identity, v.item_code, r.key, greatest(n.audit, i.audit), 'removed with its record'
  FROM (SELECT DISTINCT identity, item_code FROM value) v
  JOIN (
    SELECT DISTINCT g.identity, r.key FROM item_group g JOIN around a USING (key)
    JOIN removal r ON r.level = a.level AND r.identity = a.identity
  ) r USING (identity)
  JOIN nearest n USING (key)
  LEFT JOIN (SELECT element_key, max(audit) AS audit FROM audit WHERE item_code > 0 GROUP BY ALL) i ON i.element_key = r.key
),
-- Of several Values of an item (ODM 2.0) each has a history of its own.
step AS (
  SELECT s.*, q.sequence, v.value AS new_value, p.delivery_key, p.name AS part,
    state._place(CASE WHEN p.transactional THEN s.audit END, p, s.key) AS place,
    lag(v.value) OVER history AS old_value, count(v.value) OVER (history ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) > 0 AS stood
  FROM said s
  JOIN (SELECT DISTINCT identity, item_code, sequence FROM value) q USING (identity, item_code)
  LEFT JOIN value v ON v.key = s.key AND v.item_code = s.item_code AND v.sequence = q.sequence
  JOIN part p ON s.key BETWEEN p.first_key AND p.last_key
  WINDOW history AS (PARTITION BY s.identity, s.item_code, q.sequence ORDER BY place)
),
change AS (
  SELECT *, row_number() OVER steps AS ordinal, lead(key) OVER steps IS NULL AS is_live
  FROM step WHERE stood AND old_value IS DISTINCT FROM new_value
  WINDOW steps AS (PARTITION BY identity, item_code, sequence ORDER BY place)
)
SELECT x.subject_key, event.text AS study_event_oid, n.table_name, n.column_name, item.text AS item_oid, c.ordinal AS step,
  c.old_value, c.new_value,
  CASE WHEN c.removed IS NOT NULL THEN c.removed WHEN c.new_value IS NULL THEN 'blanked'
    WHEN c.old_value IS NULL THEN 'entered' ELSE 'replaced' END AS change,
  c.is_live, a.datetime AS changed_at, nullif(c.place.time, TIMESTAMP '0001-01-01') AS changed_utc,
  coalesce(u.name, user_oid.text) AS changed_by, a.reason, c.part, c.delivery_key, c.identity AS _row
FROM change c
JOIN (SELECT identity, max(key) AS key FROM item_group GROUP BY identity) r USING (identity)
JOIN raw.item_group_data g ON g.key = r.key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
JOIN raw.dictionary item ON item.code = c.item_code
LEFT JOIN meta.item n ON n.item_group_oid = item_group.text AND n.item_oid = item.text
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN raw.study_event_data e ON e.key = g.study_event_data_key
LEFT JOIN raw.dictionary event ON event.code = e.study_event_code
LEFT JOIN raw.audit_record a ON a.key = c.audit.key
LEFT JOIN raw.dictionary user_oid ON user_oid.code = a.user_code AND a.user_code > 0
LEFT JOIN meta.user_name u ON u.user_code = a.user_code;
COMMENT ON VIEW recon.changed IS 'The history of values, step by step: one row for each time that a value was replaced, blanked, removed, or entered where one had been before, with who, when and why. How a value came in first is no step; nor is what differs between two snapshots of which the later replaces the earlier as a whole.';
COMMENT ON COLUMN recon.changed.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.changed.study_event_oid IS 'StudyEventOID of the visit; NULL outside visits.';
COMMENT ON COLUMN recon.changed.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.changed.column_name IS 'Column of the value in that table.';
COMMENT ON COLUMN recon.changed.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.changed.step IS 'Number of the step in the history of the value, from 1. Of several Values of an item (ODM 2.0) each has its own, by its SeqNum.';
COMMENT ON COLUMN recon.changed.old_value IS 'The value that stood before the step; NULL if none did.';
COMMENT ON COLUMN recon.changed.new_value IS 'The value that took its place; NULL if none did.';
COMMENT ON COLUMN recon.changed.change IS 'replaced: another value took its place. blanked: its place was left empty. removed: by a TransactionType Remove of the item. removed with its record: by one of the item group, form, visit or subject that it stands in. entered: a value came where there was none any more.';
COMMENT ON COLUMN recon.changed.is_live IS 'Whether it is the last step of the value: new_value is what is live now, and NULL means that nothing is.';
COMMENT ON COLUMN recon.changed.changed_at IS 'DateTimeStamp of the audit record of the change (that of the item, else of the nearest element around it), as sent; NULL without one.';
COMMENT ON COLUMN recon.changed.changed_utc IS 'The time, in UTC, by which the step has its place in the history: of that audit record in a Transactional document, else of the document; NULL if it has none.';
COMMENT ON COLUMN recon.changed.changed_by IS 'The user of that audit record: name where AdminData gives one, else UserOID.';
COMMENT ON COLUMN recon.changed.reason IS 'ReasonForChange of that audit record.';
COMMENT ON COLUMN recon.changed.part IS 'The file that brought the change.';
COMMENT ON COLUMN recon.changed.delivery_key IS 'The delivery that brought it.';
COMMENT ON COLUMN recon.changed._row IS 'Identity of the record: _row in staged.';

CREATE OR REPLACE VIEW recon.removed AS
WITH said AS (
  SELECT i.item_group_data_key, map_from_entries(list((d.text, i.value) ORDER BY d.text)) AS said
  FROM raw.item_data i ANTI JOIN state.further_value f USING (item_group_data_key, item_code, sequence)
  JOIN raw.dictionary d ON d.code = i.item_code
  WHERE i.value IS NOT NULL AND i.flags & 2 = 0
    AND i.item_group_data_key IN (SELECT item_group_data_key FROM state.superseded_element WHERE reason <> 'context')
  GROUP BY i.item_group_data_key
)
SELECT x.subject_key, t.table_name, coalesce(group_repeat.text, nullif(g.ordinal, 0)::VARCHAR) AS item_group_repeat_key,
  v.said, e.reason, a.datetime AS removed_at, coalesce(u.name, user_oid.text) AS removed_by, a.reason AS why, p.name AS part,
  e.superseded_by AS delivery_key, g.identity AS _row
FROM state.superseded_element e
JOIN said v USING (item_group_data_key)
JOIN raw.item_group_data g ON g.key = e.item_group_data_key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
LEFT JOIN meta.item_group t ON t.item_group_oid = item_group.text
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN raw.dictionary group_repeat ON group_repeat.code = g.repeat_key_code
LEFT JOIN raw.audit_record a ON a.element_key = e.superseded_by_key AND a.item_code = 0
LEFT JOIN raw.dictionary user_oid ON user_oid.code = a.user_code AND a.user_code > 0
LEFT JOIN meta.user_name u ON u.user_code = a.user_code
LEFT JOIN (SELECT delivery_key, any_value(name) AS name FROM state.part GROUP BY delivery_key HAVING count(*) = 1) p
  ON p.delivery_key = e.superseded_by
WHERE e.reason <> 'context' AND g.identity NOT IN (SELECT identity FROM state.item_group_data);
COMMENT ON VIEW recon.removed IS 'Records that are live no longer although their delivery stands: what they said, and who removed them when and why.';
COMMENT ON COLUMN recon.removed.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.removed.table_name IS 'The table in staged where it would stand.';
COMMENT ON COLUMN recon.removed.item_group_repeat_key IS 'ItemGroupRepeatKey; where none was sent, the place among keyless siblings.';
COMMENT ON COLUMN recon.removed.said IS 'What it said: ItemOID to value; of several Values (ODM 2.0) that of the lowest SeqNum.';
COMMENT ON COLUMN recon.removed.reason IS 'removed: by TransactionType Remove. absent: a later snapshot of its subject, event, form or site does not hold it.';
COMMENT ON COLUMN recon.removed.removed_at IS 'DateTimeStamp of the audit record of the removal, as sent.';
COMMENT ON COLUMN recon.removed.removed_by IS 'The user of that audit record: name where AdminData gives one, else UserOID.';
COMMENT ON COLUMN recon.removed.why IS 'ReasonForChange of that audit record.';
COMMENT ON COLUMN recon.removed.part IS 'The file that removed it, where its delivery has one.';
COMMENT ON COLUMN recon.removed.delivery_key IS 'The delivery that removed it.';
COMMENT ON COLUMN recon.removed._row IS 'Identity of the record.';

CREATE OR REPLACE VIEW recon.subject_site AS
WITH part AS (
  SELECT s.*, coalesce(p.as_of_datetime, p.creation_datetime) AS sent
  FROM state.part s JOIN raw.part p ON p.delivery_key = s.delivery_key AND p.ordinal = s.ordinal
  WHERE s.format = 'odm' AND s.first_key IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY s.first_key ORDER BY s.rank DESC) = 1
),
audit AS (
  SELECT element_key, max(struct_insert(state._audit(datetime_utc, source_id), sent := datetime)) AS audit
  FROM raw.audit_record WHERE item_code = 0 AND datetime_utc IS NOT NULL GROUP BY element_key
),
-- In the order of docs/state.md, so that the last is where state.subject has the subject.
told AS (
  SELECT x.identity, x.site_code, p.delivery_key, p.source, p.name AS part,
    a.audit IS NOT NULL AS audited, coalesce(a.audit.t, p.time_utc) AS from_utc, coalesce(a.audit.sent, p.sent) AS from_sent,
    {time: coalesce(a.audit.t, p.time_utc, TIMESTAMP '0001-01-01'), source_number: coalesce(a.audit.n, -1),
     source_text: coalesce(a.audit.s, ''), creation: coalesce(p.creation_utc, TIMESTAMP '0001-01-01'), rank: p.rank, key: x.key} AS place
  FROM raw.subject_data x
  JOIN part p ON x.key BETWEEN p.first_key AND p.last_key
  LEFT JOIN audit a ON a.element_key = x.key AND p.transactional
  WHERE x.site_code > 0
),
moved AS (
  SELECT * FROM told
  QUALIFY lag(site_code) OVER (PARTITION BY identity ORDER BY place) IS DISTINCT FROM site_code
)
SELECT s.subject_key, site.text AS site_oid, l.name AS site_name, m.from_utc, m.from_sent,
  CASE WHEN m.audited THEN 'audit record' ELSE 'document' END AS told_by,
  lead(m.from_utc) OVER w AS until_utc, lead(m.place) OVER w IS NULL AS current, m.source, m.part, m.delivery_key
FROM moved m
JOIN raw.dictionary site ON site.code = m.site_code
LEFT JOIN state.subject s ON s.identity = m.identity
LEFT JOIN (SELECT location_code, max_by(name, key) AS name FROM raw.location GROUP BY location_code) l ON l.location_code = m.site_code
WINDOW w AS (PARTITION BY m.identity ORDER BY m.place);
COMMENT ON VIEW recon.subject_site IS 'Where each subject was and is: one row for each stay at a site, as the SiteRef of all records tells, superseded ones included.';
COMMENT ON COLUMN recon.subject_site.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.subject_site.site_oid IS 'The site: SiteRef/@LocationOID.';
COMMENT ON COLUMN recon.subject_site.site_name IS 'Its name in AdminData; NULL where there is none.';
COMMENT ON COLUMN recon.subject_site.from_utc IS 'From when the subject is known to be there, in UTC: the DateTimeStamp of the audit record of the SubjectData, else the AsOfDateTime or CreationDateTime of the first document that says so.';
COMMENT ON COLUMN recon.subject_site.from_sent IS 'The same as it was sent.';
COMMENT ON COLUMN recon.subject_site.told_by IS 'audit record: from is when the site was recorded. document: from is when a document first said so; the subject may have come earlier.';
COMMENT ON COLUMN recon.subject_site.until_utc IS 'From when the subject is known to be elsewhere, in UTC; NULL for the present site.';
COMMENT ON COLUMN recon.subject_site.current IS 'Whether it is the present site: site_oid in staged.';
COMMENT ON COLUMN recon.subject_site.source IS 'The source that said so first.';
COMMENT ON COLUMN recon.subject_site.part IS 'The file that said so first.';
COMMENT ON COLUMN recon.subject_site.delivery_key IS 'The delivery that it came with.';

CREATE OR REPLACE VIEW recon.undecoded AS
WITH variant AS MATERIALIZED (FROM meta.item_variant),
-- What staged decodes: by the newest definition (0) and by each variant of it.
definition AS MATERIALIZED (
  SELECT DISTINCT item_oid, 0 AS variant, code_list_oid, NULL AS decodes FROM meta.item
  UNION ALL
  SELECT DISTINCT item_oid, variant, code_list_oid, decodes FROM variant
),
other AS MATERIALIZED (
  SELECT item_oid, variant, d.coded_value, d.decode
  FROM (SELECT item_oid, variant, unnest(decodes) AS d FROM definition)
),
decoded AS MATERIALIZED (
  SELECT d.item_oid, d.variant, c.coded_value
  FROM definition d JOIN meta.decode c USING (code_list_oid) ANTI JOIN other USING (item_oid, variant, coded_value)
  WHERE c.decode IS NOT NULL
  UNION ALL
  SELECT item_oid, variant, coded_value FROM other WHERE decode IS NOT NULL
),
item AS MATERIALIZED (
  SELECT i.table_name, i.column_name, i.item_group_oid, i.item_oid, item_group.code AS item_group_code, item.code AS item_code
  FROM meta.item i SEMI JOIN decoded USING (item_oid)
  JOIN raw.dictionary item_group ON item_group.text = i.item_group_oid
  JOIN raw.dictionary item ON item.text = i.item_oid
),
-- What every definition decodes, which most values are: nobody need ask by which they are read.
always AS (
  SELECT i.item_code, c.coded_value
  FROM (SELECT item_oid, coded_value, count(*) AS times FROM decoded GROUP BY ALL) c
  JOIN (SELECT item_oid, count(*) AS times FROM definition GROUP BY ALL) USING (item_oid, times)
  JOIN (SELECT DISTINCT item_oid, item_code FROM item) i USING (item_oid)
),
open AS (
  SELECT i.table_name, i.column_name, i.item_group_oid, i.item_oid, v.value, g.subject_data_key, g.parent_key
  FROM state.item_data v ANTI JOIN always a ON a.item_code = v.item_code AND a.coded_value = v.value
  ANTI JOIN state.further_value f ON f.item_group_data_key = v.item_group_data_key AND f.item_code = v.item_code
    AND f.sequence = v.sequence
  JOIN state.item_group_data g ON g.key = v.item_group_data_key
  JOIN item i ON i.item_group_code = g.item_group_code AND i.item_code = v.item_code
  WHERE v.value <> '' AND v.flags & 2 = 0
)
SELECT o.table_name, o.column_name, o.item_group_oid, o.item_oid, n.code_list_oid, o.value AS code, count(*) AS value_count,
  count(DISTINCT x.identity) AS subject_count
FROM open o
LEFT JOIN raw.subject_data x ON x.key = o.subject_data_key
LEFT JOIN meta.reading r ON r.key = coalesce(x.clinical_data_key, o.parent_key)
LEFT JOIN (SELECT DISTINCT reading, item_oid, variant FROM variant) v ON v.reading = r.reading AND v.item_oid = o.item_oid
JOIN definition n ON n.item_oid = o.item_oid AND n.variant = coalesce(v.variant, 0)
ANTI JOIN decoded d ON d.item_oid = n.item_oid AND d.variant = n.variant AND d.coded_value = o.value
WHERE n.code_list_oid IS NOT NULL
GROUP BY ALL;
COMMENT ON VIEW recon.undecoded IS 'Live values of which their codelist has no decode, although their item has a column _decode in staged, which is NULL there: one row for each item, codelist and code.';
COMMENT ON COLUMN recon.undecoded.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.undecoded.column_name IS 'Column of the code in that table.';
COMMENT ON COLUMN recon.undecoded.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.undecoded.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.undecoded.code_list_oid IS 'The codelist of the item, by the definition by which its record is read.';
COMMENT ON COLUMN recon.undecoded.code IS 'The code, exactly as sent.';
COMMENT ON COLUMN recon.undecoded.value_count IS 'Live values that have it.';
COMMENT ON COLUMN recon.undecoded.subject_count IS 'Subjects with such a value.';

-- What was live, to read: state.item_data_as_of and state.item_data_as_arrived with names in the place of codes.
CREATE OR REPLACE MACRO recon._value(arrived, moment) AS TABLE
SELECT x.subject_key, event.text AS study_event_oid, event_repeat.text AS study_event_repeat_key, form.text AS form_oid,
  n.table_name, item_group.text AS item_group_oid, group_repeat.text AS item_group_repeat_key, n.column_name,
  item.text AS item_oid, i.sequence, CASE WHEN i.flags & 2 = 0 THEN i.value END AS value, a.datetime AS said_at,
  coalesce(u.name, user_oid.text) AS said_by, a.reason, p.name AS part, g.identity AS _row
FROM state._item_data(arrived, moment) i
JOIN raw.item_group_data g ON g.key = i.item_group_data_key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
JOIN raw.dictionary group_repeat ON group_repeat.code = g.repeat_key_code
JOIN raw.dictionary item ON item.code = i.item_code
LEFT JOIN meta.item n ON n.item_group_oid = item_group.text AND n.item_oid = item.text
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN raw.study_event_data e ON e.key = g.study_event_data_key
LEFT JOIN raw.dictionary event ON event.code = e.study_event_code
LEFT JOIN raw.dictionary event_repeat ON event_repeat.code = e.repeat_key_code
LEFT JOIN raw.form_data f ON f.key = g.form_data_key
LEFT JOIN raw.dictionary form ON form.code = f.form_code
LEFT JOIN (
  SELECT element_key, item_code, max_by(key, state._audit(datetime_utc, source_id)) AS key
  FROM raw.audit_record WHERE item_code > 0 AND datetime_utc IS NOT NULL GROUP BY ALL
) audit ON audit.element_key = i.item_group_data_key AND audit.item_code = i.item_code
LEFT JOIN raw.audit_record a ON a.key = audit.key
LEFT JOIN raw.dictionary user_oid ON user_oid.code = a.user_code AND a.user_code > 0
LEFT JOIN meta.user_name u ON u.user_code = a.user_code
LEFT JOIN (SELECT name, first_key, last_key FROM state.part QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank) = 1) p
  ON i.item_group_data_key BETWEEN p.first_key AND p.last_key;
COMMENT ON MACRO TABLE recon._value IS 'The values that were live of what had arrived and what was said by a moment; NULL for no bound. For recon.value_as_of and recon.value_as_arrived.';
CREATE OR REPLACE MACRO recon.value_as_of(moment) AS TABLE FROM recon._value(NULL, make_timestamp(epoch_us(moment)));
COMMENT ON MACRO TABLE recon.value_as_of IS 'recon.value_as_of(moment): every value of the study at a moment (DATE, TIMESTAMP in UTC, TIMESTAMPTZ), as all deliveries of today tell it, by audit times, else the time of the document: subject_key, study_event_oid, form_oid, table_name and column_name in staged, item_oid, value (NULL: blank), said_at, said_by and reason of the audit record of the item (NULL without one), the file (part), _row.';
CREATE OR REPLACE MACRO recon.value_as_arrived(delivery) AS TABLE FROM recon._value(delivery, NULL::TIMESTAMP);
COMMENT ON MACRO TABLE recon.value_as_arrived IS 'recon.value_as_arrived(delivery): every value that was live once that delivery (raw.delivery.delivery_key) had arrived: what was known then. Columns as of recon.value_as_of.';
CREATE OR REPLACE MACRO recon.difference(earlier, later) AS TABLE
SELECT coalesce(o.subject_key, n.subject_key) AS subject_key, coalesce(o.study_event_oid, n.study_event_oid) AS study_event_oid,
  coalesce(o.form_oid, n.form_oid) AS form_oid, coalesce(o.table_name, n.table_name) AS table_name,
  coalesce(o.column_name, n.column_name) AS column_name, coalesce(o.item_oid, n.item_oid) AS item_oid,
  CASE WHEN o._row IS NULL THEN 'added' WHEN n._row IS NULL THEN 'gone' ELSE 'changed' END AS change,
  o.value AS old_value, n.value AS new_value, n.said_at, n.said_by, n.reason, coalesce(o._row, n._row) AS _row
FROM recon.value_as_arrived(earlier) o
FULL JOIN recon.value_as_arrived(later) n ON n._row = o._row AND n.item_oid = o.item_oid AND n.sequence = o.sequence
WHERE o._row IS NULL OR n._row IS NULL OR o.value IS DISTINCT FROM n.value;
COMMENT ON MACRO TABLE recon.difference IS 'recon.difference(earlier, later): what differs between what was live once one delivery (raw.delivery.delivery_key) had arrived and once a later one had, be they snapshots or deltas: a row for each value that is added, gone or changed; old_value, new_value (NULL: blank or not there), said_at, said_by and reason of the later value; other columns as of recon.value_as_of.';

CREATE OR REPLACE VIEW recon.definition_conflicts AS
WITH unit AS (
  SELECT u.metadata_version_key, u.item_oid,
    string_agg(DISTINCT coalesce(m.name, n.name, u.measurement_unit_oid), ', ' ORDER BY coalesce(m.name, n.name, u.measurement_unit_oid)) AS names
  FROM meta.item_unit u
  JOIN meta.metadata_version v USING (metadata_version_key)
  LEFT JOIN meta.measurement_unit m ON m.study_key = v.study_key AND m.oid = u.measurement_unit_oid
  LEFT JOIN meta.unit_name n ON n.measurement_unit_oid = u.measurement_unit_oid
  GROUP BY ALL
),
said AS (
  SELECT metadata_version_key, oid AS item_oid, 'data type' AS what, NULL AS coded_value, data_type AS says, 'item' AS kind, oid
  FROM meta.item_def
  UNION ALL
  SELECT metadata_version_key, oid, 'codelist', NULL, code_list_oid, 'item', oid FROM meta.item_def
  UNION ALL
  SELECT d.metadata_version_key, d.oid, 'unit', NULL, u.names, 'item', d.oid
  FROM meta.item_def d LEFT JOIN unit u ON u.metadata_version_key = d.metadata_version_key AND u.item_oid = d.oid
  UNION ALL
  SELECT c.metadata_version_key, d.oid, 'decode', c.coded_value, c.decode, 'codelist', c.code_list_oid
  FROM (SELECT DISTINCT oid, code_list_oid FROM meta.item_def) d JOIN meta.code_list_item c USING (code_list_oid)
  LEFT JOIN meta.item_def i ON i.oid = d.oid AND i.metadata_version_key = c.metadata_version_key
  -- A version may define the codelist and leave the item to one that it includes.
  WHERE c.coded_value IS NOT NULL AND coalesce(i.code_list_oid = c.code_list_oid, i.oid IS NULL)
),
-- A version that was sent again and says the same is one.
version AS (
  SELECT s.item_oid, s.what, s.coded_value, s.says, d.source, v.study_oid, v.oid,
    bool_or(f.metadata_version_key IS NOT NULL) AS in_force, min(v.delivery_key) AS first_delivery,
    max(v.delivery_key) AS last_delivery
  FROM said s
  JOIN meta.metadata_version v USING (metadata_version_key)
  JOIN raw.delivery d USING (delivery_key)
  LEFT JOIN meta.definition_in_force f ON f.kind = s.kind AND f.oid = s.oid AND f.metadata_version_key = s.metadata_version_key
  GROUP BY ALL
)
SELECT t.sql_name AS table_name, n.sql_name AS column_name, n.item_group_oid, v.item_oid, v.what, v.coded_value, v.says, v.source,
  v.study_oid, v.oid AS metadata_version_oid, v.in_force, v.first_delivery, v.last_delivery
FROM version v
JOIN (
  SELECT item_oid, what, coded_value FROM version GROUP BY ALL HAVING count(DISTINCT coalesce('=' || says, '')) > 1
) c ON c.item_oid = v.item_oid AND c.what = v.what AND c.coded_value IS NOT DISTINCT FROM v.coded_value
JOIN meta.name n ON n.kind = 'item' AND n.item_oid = v.item_oid
JOIN meta.name t ON t.kind = 'item_group' AND t.item_group_oid = n.item_group_oid;
COMMENT ON VIEW recon.definition_conflicts IS 'Items on which versions of the definitions, or the sources that sent them, disagree: one row for each version with what it says. Decodes and units in staged are by the definitions by which the record is read, data types by the newest.';
COMMENT ON COLUMN recon.definition_conflicts.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.definition_conflicts.column_name IS 'Column of the item in that table.';
COMMENT ON COLUMN recon.definition_conflicts.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.definition_conflicts.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.definition_conflicts.what IS 'What they disagree on: data type, codelist, decode or unit.';
COMMENT ON COLUMN recon.definition_conflicts.coded_value IS 'The coded value, of a decode.';
COMMENT ON COLUMN recon.definition_conflicts.says IS 'What the version says: DataType, CodeListOID, Decode, or the names of the units; NULL for none.';
COMMENT ON COLUMN recon.definition_conflicts.source IS 'The source that sent the version.';
COMMENT ON COLUMN recon.definition_conflicts.study_oid IS 'OID of its Study.';
COMMENT ON COLUMN recon.definition_conflicts.metadata_version_oid IS 'MetaDataVersionOID.';
COMMENT ON COLUMN recon.definition_conflicts.in_force IS 'Whether it counts: false for what a later delivery of the same system, study and OID took the place of (meta.definition_in_force).';
COMMENT ON COLUMN recon.definition_conflicts.first_delivery IS 'The first delivery that said so.';
COMMENT ON COLUMN recon.definition_conflicts.last_delivery IS 'The last delivery that said so.';

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
