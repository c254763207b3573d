-- recon: audit records, and of what they speak.
CREATE OR REPLACE VIEW recon._audit AS
SELECT a.key, a.datetime AS said_at, coalesce(u.name, user_oid.text) AS said_by, a.reason
FROM raw.audit_record a
LEFT JOIN raw.dictionary user_oid ON user_oid.code = a.user_code AND a.user_code > 0
LEFT JOIN meta.user_name u ON u.user_code = a.user_code;
COMMENT ON VIEW recon._audit IS 'What audit records say of a change: when, who and why.';
COMMENT ON COLUMN recon._audit.key IS 'The audit record: raw.audit_record.';
COMMENT ON COLUMN recon._audit.said_at IS 'DateTimeStamp, as sent.';
COMMENT ON COLUMN recon._audit.said_by IS 'The user: name where AdminData gives one, else UserOID.';
COMMENT ON COLUMN recon._audit.reason IS 'ReasonForChange.';

-- An entry of an audit log says from what to what it changed. There is no other place for it in raw than its attributes.
CREATE OR REPLACE VIEW recon._audit_change AS
SELECT a.element_key AS key, max(a.value) FILTER (name.text = 'OldValue') AS old_value,
  max(a.value) FILTER (name.text = 'NewValue') AS new_value
FROM raw.attribute a JOIN raw.dictionary name ON name.code = a.name_code AND name.text IN ('OldValue', 'NewValue')
WHERE a.level = 7 AND a.node = 0 AND a.namespace_code = 0
GROUP BY a.element_key;
COMMENT ON VIEW recon._audit_change IS 'Entries of an audit log (OpenClinica: AuditLog) that say from what to what something changed.';
COMMENT ON COLUMN recon._audit_change.key IS 'The entry: raw.audit_record.';
COMMENT ON COLUMN recon._audit_change.old_value IS 'OldValue.';
COMMENT ON COLUMN recon._audit_change.new_value IS 'NewValue.';

-- The whole history of an item stands in its log, and changes of its status with it.
CREATE OR REPLACE VIEW recon._other_audit AS
SELECT c.key
FROM recon._audit_change c
JOIN raw.audit_record a ON a.key = c.key AND a.item_code > 0
LEFT JOIN raw.item_data i ON i.item_group_data_key = a.element_key AND i.item_code = a.item_code AND i.sequence = 0
WHERE coalesce(i.value, '') <> coalesce(c.new_value, '');
COMMENT ON VIEW recon._other_audit IS 'Entries of the audit log of an item that tell of something else than the value that is sent with them: of one before, or of its status. They do not tell who said that value.';
COMMENT ON COLUMN recon._other_audit.key IS 'The entry: raw.audit_record.';

CREATE OR REPLACE VIEW recon._element AS
SELECT key, 'SubjectData' AS element, key AS subject_data_key, 0 AS study_event_data_key, 0 AS form_data_key,
  0 AS item_group_code, identity
FROM raw.subject_data
UNION ALL SELECT key, 'StudyEventData', subject_data_key, key, 0, 0, identity FROM raw.study_event_data
UNION ALL SELECT key, 'FormData', subject_data_key, study_event_data_key, key, 0, identity FROM raw.form_data
UNION ALL SELECT key, 'ItemGroupData', subject_data_key, study_event_data_key, form_data_key, item_group_code, identity
FROM raw.item_group_data;
COMMENT ON VIEW recon._element IS 'Elements of clinical data, with what they stand in.';
COMMENT ON COLUMN recon._element.key IS 'Key of the element.';
COMMENT ON COLUMN recon._element.element IS 'SubjectData, StudyEventData, FormData or ItemGroupData.';
COMMENT ON COLUMN recon._element.subject_data_key IS 'Its SubjectData; 0 if none.';
COMMENT ON COLUMN recon._element.study_event_data_key IS 'Its StudyEventData; 0 if none.';
COMMENT ON COLUMN recon._element.form_data_key IS 'Its FormData; 0 if none.';
COMMENT ON COLUMN recon._element.item_group_code IS 'ItemGroupOID of an item group; else 0.';
COMMENT ON COLUMN recon._element.identity IS 'Identity of the element.';

CREATE OR REPLACE VIEW recon._remover AS
SELECT 2 AS level, key, identity FROM raw.subject_data WHERE transaction_code = 3
UNION ALL SELECT 3, key, identity FROM raw.study_event_data WHERE transaction_code = 3
UNION ALL SELECT 4, key, identity FROM raw.form_data WHERE transaction_code = 3
UNION ALL SELECT 5, key, identity FROM raw.item_group_data WHERE transaction_code = 3;
COMMENT ON VIEW recon._remover IS 'Every element with TransactionType Remove that came in.';
COMMENT ON COLUMN recon._remover.level IS '2 subject, 3 visit, 4 form, 5 row of an item group.';
COMMENT ON COLUMN recon._remover.key IS 'The element.';
COMMENT ON COLUMN recon._remover.identity IS 'Identity of what it removes.';

-- Who said what a row of an item group of a delta says, where its items do not tell: as in sql/state-rules.sql, the nearest
-- element around them does. A snapshot tells of one moment: what is around an item there does not speak of its value.
CREATE OR REPLACE VIEW recon._nearest_audit AS
WITH RECURSIVE
audit AS MATERIALIZED (
  SELECT element_key, max({place: state._audit(datetime_utc, source_id), key: key}) AS audit
  FROM raw.audit_record WHERE item_code = 0 AND element_key > 0 AND datetime_utc IS NOT NULL GROUP BY ALL
),
element AS NOT MATERIALIZED (
  SELECT key, 0 AS parent_key FROM raw.subject_data
  UNION ALL SELECT key, subject_data_key FROM raw.study_event_data
  UNION ALL SELECT key, if(study_event_data_key > 0, study_event_data_key, subject_data_key) FROM raw.form_data
  UNION ALL SELECT key, parent_key FROM raw.item_group_data
),
delta AS (SELECT DISTINCT first_key, last_key FROM state.part WHERE transactional),
-- Further rows of an item group in which an item stands twice have the audit record of the first.
told AS (
  SELECT g.key, min(g.key) OVER (PARTITION BY g.parent_key, g.place) AS element_key
  FROM raw.item_group_data g JOIN delta p ON g.key BETWEEN p.first_key AND p.last_key
  UNION ALL
  SELECT r.key, r.key FROM recon._remover r JOIN delta p ON r.key BETWEEN p.first_key AND p.last_key WHERE r.level < 5
),
around(key, depth, element_key) AS (
  SELECT key, 0, element_key FROM told
  UNION ALL
  SELECT a.key, a.depth + 1, e.parent_key FROM around a JOIN element e ON e.key = a.element_key WHERE e.parent_key > 0
)
SELECT a.key, min_by(u.audit, a.depth).place AS audit, min_by(u.audit, a.depth).key AS audit_key
FROM around a JOIN audit u USING (element_key) GROUP BY a.key;
COMMENT ON VIEW recon._nearest_audit IS 'The audit record that is nearest to each row of an item group, and each Remove, of a Transactional document.';
COMMENT ON COLUMN recon._nearest_audit.key IS 'Key of the row, or of the element with the Remove.';
COMMENT ON COLUMN recon._nearest_audit.audit IS 'Place of the audit record among others: state._audit.';
COMMENT ON COLUMN recon._nearest_audit.audit_key IS 'Key of the audit record: raw.audit_record.';

CREATE OR REPLACE VIEW recon.audit_record AS
SELECT CASE WHEN a.item_code > 0 THEN 'ItemData' ELSE e.element END AS element, x.subject_key, event.text AS study_event_oid,
  form.text AS form_oid, coalesce(n.table_name, t.table_name) AS table_name, n.column_name, item_group.text AS item_group_oid,
  item.text AS item_oid, CASE WHEN c.key IS NULL THEN i.value END AS value, c.old_value, c.new_value, s.said_at, a.datetime_utc AS said_utc, s.said_by,
  a.reason, location.text AS location_oid, edit_point.text AS edit_point, category.text AS category, a.source_id,
  p.name AS part, a.place, p.delivery_key, e.identity AS _row
FROM raw.audit_record a
LEFT JOIN recon._element e ON e.key = a.element_key
LEFT JOIN raw.subject_data x ON x.key = e.subject_data_key
LEFT JOIN raw.study_event_data v ON v.key = e.study_event_data_key
LEFT JOIN raw.dictionary event ON event.code = v.study_event_code
LEFT JOIN raw.form_data f ON f.key = e.form_data_key
LEFT JOIN raw.dictionary form ON form.code = f.form_code
LEFT JOIN raw.dictionary item_group ON item_group.code = e.item_group_code AND e.item_group_code > 0
LEFT JOIN raw.dictionary item ON item.code = a.item_code AND a.item_code > 0
LEFT JOIN meta.item_group t ON t.item_group_oid = item_group.text
LEFT JOIN meta.item n ON n.item_group_oid = item_group.text AND n.item_oid = item.text
LEFT JOIN raw.item_data i ON i.item_group_data_key = a.element_key AND i.item_code = a.item_code AND a.item_code > 0
  AND i.sequence = 0
LEFT JOIN recon._audit_change c ON c.key = a.key
LEFT JOIN recon._audit s ON s.key = a.key
LEFT JOIN raw.dictionary location ON location.code = a.location_code AND a.location_code > 0
LEFT JOIN raw.dictionary edit_point ON edit_point.code = a.edit_point_code AND a.edit_point_code > 0
LEFT JOIN raw.dictionary category ON category.code = a.category_code AND a.category_code > 0
LEFT JOIN recon._part p ON a.key BETWEEN p.first_key AND p.last_key;
COMMENT ON VIEW recon.audit_record IS 'Every audit record and every entry of an audit log that came in, superseded ones included, with what it speaks of: raw.audit_record with names in the place of codes and keys.';
COMMENT ON COLUMN recon.audit_record.element IS 'What it speaks of: SubjectData, StudyEventData, FormData, ItemGroupData or ItemData; NULL where it stands in a collection of audit records.';
COMMENT ON COLUMN recon.audit_record.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.audit_record.study_event_oid IS 'StudyEventOID of the visit; NULL outside visits.';
COMMENT ON COLUMN recon.audit_record.form_oid IS 'FormOID; NULL outside forms.';
COMMENT ON COLUMN recon.audit_record.table_name IS 'Table in staged, of an item group or an item.';
COMMENT ON COLUMN recon.audit_record.column_name IS 'Column of the item in that table.';
COMMENT ON COLUMN recon.audit_record.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.audit_record.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.audit_record.value IS 'What the item was said to be with it; NULL where an entry of an audit log says from what to what something changed.';
COMMENT ON COLUMN recon.audit_record.old_value IS 'What it was before, of an entry of an audit log (OpenClinica: OldValue): the value of an item, or what else its category is about.';
COMMENT ON COLUMN recon.audit_record.new_value IS 'What it became (OpenClinica: NewValue).';
COMMENT ON COLUMN recon.audit_record.said_at IS 'DateTimeStamp, as sent.';
COMMENT ON COLUMN recon.audit_record.said_utc IS 'The same in UTC; NULL where the text is no complete date and time.';
COMMENT ON COLUMN recon.audit_record.said_by IS 'The user: name where AdminData gives one, else UserOID.';
COMMENT ON COLUMN recon.audit_record.reason IS 'ReasonForChange.';
COMMENT ON COLUMN recon.audit_record.location_oid IS 'LocationRef/@LocationOID.';
COMMENT ON COLUMN recon.audit_record.edit_point IS 'EditPoint.';
COMMENT ON COLUMN recon.audit_record.category IS 'What the dialect calls this kind of record (Rave: AuditSubCategoryName; OpenClinica: AuditType, or Type in 3.1).';
COMMENT ON COLUMN recon.audit_record.source_id IS 'SourceID, as sent.';
COMMENT ON COLUMN recon.audit_record.part IS 'The file it came from.';
COMMENT ON COLUMN recon.audit_record.place IS 'Byte offset of its start tag in that file, unpacked.';
COMMENT ON COLUMN recon.audit_record.delivery_key IS 'The delivery that it came with first.';
COMMENT ON COLUMN recon.audit_record._row IS 'Identity of the element: _row in staged, of an item group or an item.';
