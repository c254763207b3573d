-- recon: queries, and what state an element is in, as dialects name both.
CREATE OR REPLACE MACRO recon._last_part() AS TABLE
SELECT * FROM state.part WHERE format = 'odm' AND first_key IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank DESC) = 1;
COMMENT ON MACRO TABLE recon._last_part IS 'Each range of keys of ODM with the last part, in the order of state.part, that brought it.';

-- A snapshot says all that it says of an element: what it does not repeat is over. A delta says what it says.
CREATE OR REPLACE MACRO recon._last_snapshot() AS TABLE
SELECT e.identity, max(p.rank) AS rank
FROM recon._element e JOIN recon._last_part() p ON NOT p.transactional AND e.key BETWEEN p.first_key AND p.last_key
WHERE e.identity IN (
  SELECT identity FROM recon._element
  WHERE key IN (SELECT element_key FROM raw.query UNION SELECT element_key FROM raw.status)
)
GROUP BY ALL;
COMMENT ON MACRO TABLE recon._last_snapshot IS 'The place of the last snapshot that holds each element of which a query or a state is told.';

CREATE OR REPLACE VIEW recon.query AS
WITH detail AS (
  SELECT n.element_key AS key, string_agg(t.value, '' ORDER BY t.place) AS detail
  FROM raw.attribute n
  JOIN raw.dictionary name ON name.code = n.name_code AND name.text = 'DetailedNote'
  JOIN raw.attribute t ON t.element_key = n.element_key AND t.level = 10 AND t.parent_node = n.node AND t.kind = 3
  WHERE n.level = 10 AND n.kind = 2 AND n.parent_node = 0
  GROUP BY ALL
),
part AS (FROM recon._last_part())
SELECT CASE WHEN q.item_code > 0 THEN 'ItemData' ELSE e.element END AS element, x.subject_key, event.text AS study_event_oid,
  form.text AS form_oid, coalesce(n.table_name, t.table_name) AS table_name, n.column_name, item_group.text AS item_group_oid,
  item.text AS item_oid, q.id, type.text AS type, status.text AS status, recipient.text AS recipient, q.text, d.detail,
  q.response,
  row_number() OVER (
    PARTITION BY e.identity, q.item_code, q.id,
      CASE WHEN q.id IS NULL THEN {text: q.text, type: q.type_code, status: q.status_code, said: q.datetime, user_code: q.user_code} END
    ORDER BY r.rank DESC, q.key DESC
  ) = 1 AND r.superseded_by IS NULL AND coalesce(l.rank <= r.rank, true) AS is_latest,
  q.datetime AS said_at, q.datetime_utc AS said_utc, coalesce(u.name, user_oid.text) AS said_by, q.key AS query_key,
  nullif(q.parent_key, 0) AS answers, p.name AS part, q.place, p.delivery_key, e.identity AS _row
FROM raw.query q
LEFT JOIN recon._element e ON e.key = q.element_key
LEFT JOIN raw.subject_data x ON x.key = e.subject_data_key
LEFT JOIN raw.study_event_data v ON v.key = e.study_event_data_key
LEFT JOIN raw.dictionary event ON event.code = v.study_event_code
LEFT JOIN raw.form_data f ON f.key = e.form_data_key
LEFT JOIN raw.dictionary form ON form.code = f.form_code
LEFT JOIN raw.dictionary item_group ON item_group.code = e.item_group_code AND e.item_group_code > 0
LEFT JOIN raw.dictionary item ON item.code = q.item_code AND q.item_code > 0
LEFT JOIN meta.item_group t ON t.item_group_oid = item_group.text
LEFT JOIN meta.item n ON n.item_group_oid = item_group.text AND n.item_oid = item.text
LEFT JOIN raw.dictionary type ON type.code = q.type_code AND q.type_code > 0
LEFT JOIN raw.dictionary status ON status.code = q.status_code AND q.status_code > 0
LEFT JOIN raw.dictionary recipient ON recipient.code = q.recipient_code AND q.recipient_code > 0
LEFT JOIN raw.dictionary user_oid ON user_oid.code = q.user_code AND q.user_code > 0
LEFT JOIN meta.user_name u ON u.user_code = q.user_code
LEFT JOIN detail d ON d.key = q.key
LEFT JOIN part r ON q.key BETWEEN r.first_key AND r.last_key
LEFT JOIN recon._last_snapshot() l ON l.identity = e.identity
LEFT JOIN recon._part p ON q.key BETWEEN p.first_key AND p.last_key;
COMMENT ON VIEW recon.query IS 'Every query (discrepancy note) and every remark on one that came in, superseded ones included, with what it is about: raw.query with names in the place of codes and keys.';
COMMENT ON COLUMN recon.query.element IS 'What it is about: SubjectData, StudyEventData, FormData, ItemGroupData or ItemData.';
COMMENT ON COLUMN recon.query.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.query.study_event_oid IS 'StudyEventOID of the visit; NULL outside visits.';
COMMENT ON COLUMN recon.query.form_oid IS 'FormOID; NULL outside forms.';
COMMENT ON COLUMN recon.query.table_name IS 'Table in staged, of an item group or an item.';
COMMENT ON COLUMN recon.query.column_name IS 'Column of the item in that table.';
COMMENT ON COLUMN recon.query.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.query.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.query.id IS 'Its number in the source system.';
COMMENT ON COLUMN recon.query.type IS 'Its type, in the dialect''s words (OpenClinica: NoteType).';
COMMENT ON COLUMN recon.query.status IS 'Its state, in the dialect''s words.';
COMMENT ON COLUMN recon.query.recipient IS 'Who is asked.';
COMMENT ON COLUMN recon.query.text IS 'The question or remark (Rave: Value; OpenClinica: Description).';
COMMENT ON COLUMN recon.query.detail IS 'What is said of it at length (OpenClinica: DetailedNote).';
COMMENT ON COLUMN recon.query.response IS 'The answer.';
COMMENT ON COLUMN recon.query.is_latest IS 'Whether it is the last that was said of it (by its number and what it is about, or, without a number, word for word), and no later snapshot holds the element without it or has replaced the document.';
COMMENT ON COLUMN recon.query.said_at IS 'When, as sent.';
COMMENT ON COLUMN recon.query.said_utc IS 'The same in UTC; NULL where the text is no complete date and time.';
COMMENT ON COLUMN recon.query.said_by IS 'The user: name where AdminData gives one, else UserOID.';
COMMENT ON COLUMN recon.query.query_key IS 'Its key: raw.query.';
COMMENT ON COLUMN recon.query.answers IS 'Key of the query that it stands in; NULL if none.';
COMMENT ON COLUMN recon.query.part IS 'The file it came from.';
COMMENT ON COLUMN recon.query.place IS 'Byte offset of its start tag in that file, unpacked.';
COMMENT ON COLUMN recon.query.delivery_key IS 'The delivery that it came with first.';
COMMENT ON COLUMN recon.query._row IS 'Identity of the element: _row in staged, of an item group or an item.';

CREATE OR REPLACE VIEW recon.status AS
WITH part AS (FROM recon._last_part()),
audit AS (
  SELECT element_key, item_code, max(state._audit(datetime_utc, source_id)) AS audit
  FROM raw.audit_record WHERE datetime_utc IS NOT NULL AND element_key IN (SELECT element_key FROM raw.status) GROUP BY ALL
),
said AS (
  SELECT s.*, e.* EXCLUDE (key), p.* EXCLUDE (name), p.name AS part, state._place(a.audit, p, s.element_key) AS place
  FROM raw.status s
  JOIN recon._element e ON e.key = s.element_key
  JOIN part p ON s.element_key BETWEEN p.first_key AND p.last_key
  LEFT JOIN audit a ON a.element_key = s.element_key AND a.item_code = s.item_code
)
SELECT CASE WHEN s.item_code > 0 THEN 'ItemData' ELSE s.element END AS element, x.subject_key, event.text AS study_event_oid,
  form.text AS form_oid, coalesce(n.table_name, t.table_name) AS table_name, n.column_name, item_group.text AS item_group_oid,
  item.text AS item_oid, kind.text AS kind, value.text AS value,
  row_number() OVER (PARTITION BY s.identity, s.item_code, s.kind_code ORDER BY s.place DESC) = 1
    AND s.superseded_by IS NULL AND coalesce(l.rank <= s.rank, true) AS is_latest,
  nullif(s.place.time, TIMESTAMP '0001-01-01') AS said_utc, s.part, s.delivery_key, s.identity AS _row
FROM said s
LEFT JOIN recon._last_snapshot() l ON l.identity = s.identity
LEFT JOIN raw.subject_data x ON x.key = s.subject_data_key
LEFT JOIN raw.study_event_data v ON v.key = s.study_event_data_key
LEFT JOIN raw.dictionary event ON event.code = v.study_event_code
LEFT JOIN raw.form_data f ON f.key = s.form_data_key
LEFT JOIN raw.dictionary form ON form.code = f.form_code
LEFT JOIN raw.dictionary item_group ON item_group.code = s.item_group_code AND s.item_group_code > 0
LEFT JOIN raw.dictionary item ON item.code = s.item_code AND s.item_code > 0
LEFT JOIN meta.item_group t ON t.item_group_oid = item_group.text
LEFT JOIN meta.item n ON n.item_group_oid = item_group.text AND n.item_oid = item.text
JOIN raw.dictionary kind ON kind.code = s.kind_code
JOIN raw.dictionary value ON value.code = s.value_code;
COMMENT ON VIEW recon.status IS 'What state each element was said to be in, in every document that came in: raw.status with names in the place of codes and keys. Filled where the dialect of the document names it.';
COMMENT ON COLUMN recon.status.element IS 'What it is about: SubjectData, StudyEventData, FormData, ItemGroupData or ItemData.';
COMMENT ON COLUMN recon.status.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.status.study_event_oid IS 'StudyEventOID of the visit; NULL outside visits.';
COMMENT ON COLUMN recon.status.form_oid IS 'FormOID; NULL outside forms.';
COMMENT ON COLUMN recon.status.table_name IS 'Table in staged, of an item group or an item.';
COMMENT ON COLUMN recon.status.column_name IS 'Column of the item in that table.';
COMMENT ON COLUMN recon.status.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.status.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.status.kind IS 'What is said: frozen, locked, verified, subject status, ...';
COMMENT ON COLUMN recon.status.value IS 'The state, in the dialect''s words.';
COMMENT ON COLUMN recon.status.is_latest IS 'Whether it is the last that was said of this, by audit time and place, and no later snapshot holds the element without it or has replaced the document.';
COMMENT ON COLUMN recon.status.said_utc IS 'When, in UTC: in a Transactional document by the audit record of the element or item, else AsOfDateTime or CreationDateTime of the document; NULL without a time.';
COMMENT ON COLUMN recon.status.part IS 'The file it came from.';
COMMENT ON COLUMN recon.status.delivery_key IS 'The delivery.';
COMMENT ON COLUMN recon.status._row IS 'Identity of the element: _row in staged, of an item group or an item.';
