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
SELECT s.subject_key, i.table_name, i.column_name, i.item_group_oid, i.item_oid, i.data_type, v.sequence, v.value,
  g.identity AS _row, p.name AS part, g.place
FROM state.item_data v
JOIN state.item_group_data g ON g.key = v.item_group_data_key
JOIN raw.dictionary dg ON dg.code = g.item_group_code
JOIN raw.dictionary di ON di.code = v.item_code
JOIN meta.item i ON i.item_group_oid = dg.text AND i.item_oid = di.text
LEFT JOIN raw.subject_data s ON s.key = g.subject_data_key
LEFT JOIN (SELECT name, first_key, last_key FROM state.part QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank) = 1) p
  ON g.key BETWEEN p.first_key AND p.last_key
WHERE v.value IS NOT NULL AND v.value <> '' AND v.flags & 2 = 0 AND CASE i.data_type
  WHEN 'integer' THEN odm_integer(v.value) IS NULL
  WHEN 'float' THEN odm_float(v.value) IS NULL
  WHEN 'double' THEN odm_double(v.value) IS NULL
  WHEN 'date' THEN odm_date(v.value) IS NULL
  WHEN 'datetime' THEN odm_datetime(v.value) IS NULL
  WHEN 'time' THEN odm_time(v.value) IS NULL
  ELSE false END;
COMMENT ON VIEW recon.conversion_failures IS 'Live values that have not the form of their DataType, so that their typed column is NULL. The text stands in staged as sent.';
COMMENT ON COLUMN recon.conversion_failures.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.conversion_failures.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.conversion_failures.column_name IS 'Column of the text in that table.';
COMMENT ON COLUMN recon.conversion_failures.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.conversion_failures.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.conversion_failures.data_type IS 'DataType of the definition.';
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

CREATE OR REPLACE VIEW recon.changed AS
WITH item AS (
  SELECT i.item_group_data_key, i.item_code, CASE WHEN i.flags & 2 = 0 THEN i.value END AS value, i.transaction_code,
    coalesce(f.sequence, 0) AS further
  FROM raw.item_data i LEFT JOIN state.further_value f USING (item_group_data_key, item_code, sequence)
)
SELECT x.subject_key, n.table_name, n.column_name, n.item_oid, i.value AS old_value, new.value AS new_value,
  new.transaction_code IS NOT DISTINCT FROM 3 AS removed, a.datetime AS changed_at,
  coalesce(u.name, user_oid.text) AS changed_by, a.reason, p.name AS part, s.superseded_by AS delivery_key, g.identity AS _row
FROM (SELECT DISTINCT * FROM state.superseded_item) s
JOIN item i ON i.item_group_data_key = s.item_group_data_key AND i.item_code = s.item_code
JOIN raw.item_group_data g ON g.key = s.item_group_data_key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
JOIN raw.dictionary item ON item.code = s.item_code
LEFT JOIN meta.item n ON n.item_group_oid = item_group.text AND n.item_oid = item.text
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN item new ON new.item_group_data_key = s.superseded_by_key AND new.item_code = s.item_code AND new.further = i.further
LEFT JOIN raw.audit_record a ON a.element_key = s.superseded_by_key AND a.item_code = s.item_code
LEFT JOIN raw.dictionary user_oid ON user_oid.code = a.user_code AND a.user_code > 0
LEFT JOIN (SELECT user_code, max_by(coalesce(full_name, display_name, login_name), key) AS name FROM raw.user GROUP BY user_code) u
  ON u.user_code = a.user_code
LEFT JOIN (SELECT delivery_key, first_key, last_key, any_value(name) AS name FROM state.part GROUP BY ALL) p
  ON p.delivery_key = s.superseded_by AND s.superseded_by_key BETWEEN p.first_key AND p.last_key
WHERE i.transaction_code <> 3;
COMMENT ON VIEW recon.changed IS 'Values that a later record of the same item changed or removed, with who, when and why. What differs between two complete snapshots is not here: the later replaces the earlier as a whole.';
COMMENT ON COLUMN recon.changed.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.changed.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.changed.column_name IS 'Column of the value in that table.';
COMMENT ON COLUMN recon.changed.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.changed.old_value IS 'The value that is no longer live; of several Values of an item (ODM 2.0) each by its SeqNum.';
COMMENT ON COLUMN recon.changed.new_value IS 'The value that took its place and is live; NULL where it was removed or blanked.';
COMMENT ON COLUMN recon.changed.removed IS 'Whether it was removed (TransactionType Remove).';
COMMENT ON COLUMN recon.changed.changed_at IS 'DateTimeStamp of the audit record of the change, as sent.';
COMMENT ON COLUMN recon.changed.changed_by IS 'The user of that audit record: name where AdminData gives one, else UserOID.';
COMMENT ON COLUMN recon.changed.reason IS 'ReasonForChange.';
COMMENT ON COLUMN recon.changed.part IS 'The file that brought the change.';
COMMENT ON COLUMN recon.changed.delivery_key IS 'The delivery that brought it.';
COMMENT ON COLUMN recon.changed._row IS 'Identity of the record.';

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
LEFT JOIN (SELECT user_code, max_by(coalesce(full_name, display_name, login_name), key) AS name FROM raw.user GROUP BY user_code) u
  ON u.user_code = a.user_code
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
  SELECT element_key, max({t: datetime_utc, n: coalesce(try_cast(source_id AS HUGEINT), -1), s: coalesce(source_id, ''), sent: datetime}) AS audit
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
COMMENT ON COLUMN recon.subject_site.source IS 'The source of warehouse.yml that said so first.';
COMMENT ON COLUMN recon.subject_site.part IS 'The file that said so first.';
COMMENT ON COLUMN recon.subject_site.delivery_key IS 'The delivery that it came with.';
