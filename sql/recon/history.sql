-- recon: what was said before, who changed it when and why.
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
  SELECT element_key, item_code, max({place: state._audit(datetime_utc, source_id), key: key}) AS audit
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
half_audited AS (
  SELECT DISTINCT i.item_group_data_key AS key
  FROM raw.item_data i ANTI JOIN audit a ON a.element_key = i.item_group_data_key AND a.item_code = i.item_code
  WHERE i.flags & 4 = 0 AND i.item_group_data_key IN (SELECT key FROM removal WHERE level = 5)
),
removal_audit AS (
  SELECT r.key, CASE WHEN n.audit IS NULL AND h.key IS NOT NULL THEN NULL ELSE greatest(n.audit, i.audit) END AS audit
  FROM (SELECT DISTINCT key FROM removal) r
  JOIN nearest n USING (key)
  LEFT JOIN half_audited h USING (key)
  LEFT JOIN (SELECT element_key, max(audit) AS audit FROM audit WHERE item_code > 0 GROUP BY ALL) i ON i.element_key = r.key
),
said AS (
  SELECT v.identity, v.item_code, v.key, coalesce(i.audit, n.audit) AS audit, i.audit AS own_audit,
    CASE WHEN v.transaction_code = 3 THEN 'removed' END AS removed
  FROM (SELECT DISTINCT identity, item_code, key, transaction_code FROM value) v
  JOIN nearest n USING (key)
  LEFT JOIN audit i ON i.element_key = v.key AND i.item_code = v.item_code
  UNION ALL
  -- What removes an item group is as late as the latest of its items; one without any audit record is as late as the
  -- document.
  SELECT v.identity, v.item_code, r.key, a.audit, a.audit, 'removed with its record'
  FROM (SELECT DISTINCT identity, item_code FROM value) v
  JOIN (
    SELECT DISTINCT g.identity, r.key FROM item_group g JOIN around a USING (key)
    JOIN removal r ON r.level = a.level AND r.identity = a.identity
  ) r USING (identity)
  JOIN removal_audit a USING (key)
),
-- Of several Values of an item (ODM 2.0) each has a history of its own.
step AS (
  SELECT s.* EXCLUDE (audit, own_audit), CASE WHEN p.transactional THEN s.audit ELSE s.own_audit END AS audit, q.sequence,
    v.value AS new_value, p.delivery_key, p.name AS part,
    state._place(CASE WHEN p.transactional THEN s.audit.place END, p, s.key) AS place,
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
  c.is_live, a.said_at AS changed_at, nullif(c.place.time, TIMESTAMP '0001-01-01') AS changed_utc,
  a.said_by AS changed_by, a.reason, c.part, c.delivery_key, c.identity AS _row
FROM change c
JOIN (SELECT identity, max(key) AS key FROM item_group GROUP BY identity) r USING (identity)
JOIN raw.item_group_data g ON g.key = r.key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
JOIN raw.dictionary item ON item.code = c.item_code
LEFT JOIN meta.item n ON n.item_group_oid = item_group.text AND n.item_oid = item.text
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN raw.study_event_data e ON e.key = g.study_event_data_key
LEFT JOIN raw.dictionary event ON event.code = e.study_event_code
LEFT JOIN recon._audit a ON a.key = c.audit.key;
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
COMMENT ON COLUMN recon.changed.changed_at IS 'DateTimeStamp of the audit record of the change (that of the item, else, in a Transactional document, of the nearest element around it), as sent; NULL without one.';
COMMENT ON COLUMN recon.changed.changed_utc IS 'The time, in UTC, by which the step has its place in the history: of that audit record in a Transactional document, else of the document; NULL if it has none.';
COMMENT ON COLUMN recon.changed.changed_by IS 'The user of that audit record: name where AdminData gives one, else UserOID.';
COMMENT ON COLUMN recon.changed.reason IS 'ReasonForChange of that audit record.';
COMMENT ON COLUMN recon.changed.part IS 'The file that brought the change.';
COMMENT ON COLUMN recon.changed.delivery_key IS 'The delivery that brought it.';
COMMENT ON COLUMN recon.changed._row IS 'Identity of the record: _row in staged.';

-- Beside what state.superseded_element has, the records of parts that were superseded as a whole.
CREATE OR REPLACE VIEW recon.removed AS
WITH part AS (
  SELECT *, EXISTS (
    FROM state.part n WHERE n.delivery_key = p.superseded_by AND n.content_sha256 = p.content_sha256) AS is_read_anew
  FROM state.part p WHERE format = 'odm' AND first_key IS NOT NULL
),
standing AS (
  FROM part WHERE superseded_by IS NULL QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank DESC) = 1
),
replaced AS (
  FROM part ANTI JOIN standing USING (first_key)
  WHERE NOT is_read_anew QUALIFY row_number() OVER (PARTITION BY first_key ORDER BY rank DESC) = 1
),
complete AS (SELECT DISTINCT source, delivery_key, delivery_rank FROM part WHERE covers = 'study' AND NOT is_read_anew),
left_out AS (
  SELECT g.identity, p.source, max_by(p.delivery_rank, (p.rank, g.key)) AS delivery_rank,
    max_by(p.delivery_key, (p.rank, g.key)) AS delivery_key, max_by(g.key, (p.rank, g.key)) AS last_key,
    max_by(g.transaction_code = 3, (p.rank, g.key)) AS is_remove,
    -- What the last complete snapshot that held it did not repeat was gone before.
    coalesce(max(p.delivery_rank) FILTER (p.covers = 'study'), 0) AS since
  FROM raw.item_group_data g JOIN replaced p ON g.key BETWEEN p.first_key AND p.last_key
  WHERE g.identity NOT IN (
    SELECT o.identity FROM raw.item_group_data o JOIN standing s ON o.key BETWEEN s.first_key AND s.last_key)
  GROUP BY ALL
),
by_snapshot AS (
  SELECT l.identity, l.source, l.since, CASE WHEN l.is_remove THEN 'removed' ELSE 'absent' END AS reason,
    CASE WHEN l.is_remove THEN l.delivery_key ELSE min_by(c.delivery_key, c.delivery_rank) END AS by_delivery,
    CASE WHEN l.is_remove THEN l.last_key END AS by_key
  FROM left_out l LEFT JOIN complete c ON c.source = l.source AND c.delivery_rank > l.delivery_rank
  GROUP BY l.identity, l.source, l.since, l.is_remove, l.delivery_key, l.last_key
),
gone AS (
  SELECT g.key, g.identity, p.transactional, p.time_utc, p.rank, e.reason, e.superseded_by AS by_delivery,
    e.superseded_by_key AS by_key
  FROM state.superseded_element e
  JOIN raw.item_group_data g ON g.key = e.item_group_data_key
  JOIN standing p ON g.key BETWEEN p.first_key AND p.last_key
  WHERE e.reason <> 'context' AND g.transaction_code <> 3
  UNION ALL
  SELECT g.key, g.identity, p.transactional, p.time_utc, p.rank, l.reason, l.by_delivery, l.by_key
  FROM by_snapshot l
  JOIN raw.item_group_data g ON g.identity = l.identity
  JOIN replaced p ON g.key BETWEEN p.first_key AND p.last_key AND p.source = l.source AND p.delivery_rank >= l.since
  WHERE g.transaction_code <> 3
),
record AS (
  SELECT identity, max(key) AS key, max_by({reason: reason, delivery: by_delivery, key: by_key}, coalesce(by_key, by_delivery)) AS taken
  FROM gone WHERE identity NOT IN (SELECT identity FROM state.item_group_data) GROUP BY identity
),
audit AS (
  SELECT element_key, item_code, max_by(key, state._audit(datetime_utc, source_id)) AS key, max(datetime_utc) AS time
  FROM raw.audit_record WHERE element_key > 0 AND datetime_utc IS NOT NULL GROUP BY ALL
),
-- The latest of each item, in the order of its times.
value AS (
  SELECT g.identity, i.item_code,
    max_by({text: CASE WHEN i.flags & 2 = 0 AND i.transaction_code <> 3 THEN i.value END},
      (coalesce(CASE WHEN g.transactional THEN coalesce(a.time, r.datetime_utc) END, g.time_utc, TIMESTAMP '0001-01-01'), g.rank, g.key)).text AS value
  FROM gone g
  JOIN raw.item_data i ON i.item_group_data_key = g.key
  ANTI JOIN state.further_value f ON f.item_group_data_key = i.item_group_data_key AND f.item_code = i.item_code
    AND f.sequence = i.sequence
  LEFT JOIN audit a ON a.element_key = g.key AND a.item_code = i.item_code
  LEFT JOIN recon._nearest_audit n ON n.key = g.key
  LEFT JOIN raw.audit_record r ON r.key = n.audit_key
  WHERE i.flags & 4 = 0
  GROUP BY ALL
),
said AS (
  SELECT v.identity, map_from_entries(list((d.text, v.value) ORDER BY d.text)) AS said
  FROM value v JOIN raw.dictionary d ON d.code = v.item_code WHERE v.value IS NOT NULL GROUP BY v.identity
)
SELECT x.subject_key, event.text AS study_event_oid, t.table_name,
  coalesce(group_repeat.text, nullif(g.ordinal, 0)::VARCHAR) AS item_group_repeat_key, said.said, r.taken.reason AS reason,
  a.said_at AS removed_at, a.said_by AS removed_by, a.reason AS why, p.name AS part,
  r.taken.delivery AS delivery_key, r.identity AS _row
FROM record r
JOIN said USING (identity)
JOIN raw.item_group_data g ON g.key = r.key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
LEFT JOIN meta.item_group t ON t.item_group_oid = item_group.text
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN raw.study_event_data v ON v.key = g.study_event_data_key
LEFT JOIN raw.dictionary event ON event.code = v.study_event_code
LEFT JOIN raw.dictionary group_repeat ON group_repeat.code = g.repeat_key_code
LEFT JOIN audit own ON own.element_key = r.taken.key AND own.item_code = 0
LEFT JOIN recon._nearest_audit around ON around.key = r.taken.key
LEFT JOIN recon._audit a ON a.key = coalesce(own.key, around.audit_key)
LEFT JOIN (SELECT delivery_key, any_value(name) AS name FROM state.part GROUP BY delivery_key HAVING count(*) = 1) p
  ON p.delivery_key = r.taken.delivery;
COMMENT ON VIEW recon.removed IS 'Records of ODM documents that are live no longer, each once: what they said last, and who removed them when and why. Of one that a snapshot left out nobody says who or why.';
COMMENT ON COLUMN recon.removed.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.removed.study_event_oid IS 'StudyEventOID of the visit; NULL outside visits.';
COMMENT ON COLUMN recon.removed.table_name IS 'The table in staged where it would stand.';
COMMENT ON COLUMN recon.removed.item_group_repeat_key IS 'ItemGroupRepeatKey; where none was sent, the place among keyless siblings.';
COMMENT ON COLUMN recon.removed.said IS 'What it said: ItemOID to value; of several Values (ODM 2.0) that of the lowest SeqNum.';
COMMENT ON COLUMN recon.removed.reason IS 'removed: by TransactionType Remove. absent: a later snapshot of its study, site, subject, event or form does not hold it.';
COMMENT ON COLUMN recon.removed.removed_at IS 'DateTimeStamp of the audit record of the removal (that of the element, else, for an item group, of the nearest around it), as sent.';
COMMENT ON COLUMN recon.removed.removed_by IS 'The user of that audit record: name where AdminData gives one, else UserOID.';
COMMENT ON COLUMN recon.removed.why IS 'ReasonForChange of that audit record.';
COMMENT ON COLUMN recon.removed.part IS 'The file that removed it, where its delivery has one.';
COMMENT ON COLUMN recon.removed.delivery_key IS 'The delivery that removed it, or the first that left it out.';
COMMENT ON COLUMN recon.removed._row IS 'Identity of the record.';

CREATE OR REPLACE VIEW recon.subject_site AS
WITH part AS (
  SELECT s.*, coalesce(p.as_of_datetime, p.creation_datetime) AS sent
  FROM state.part s JOIN raw.part p ON p.delivery_key = s.delivery_key AND p.ordinal = s.ordinal
  WHERE s.format = 'odm' AND s.first_key IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY s.first_key ORDER BY s.rank DESC) = 1
),
audit AS (
  SELECT element_key, max({place: state._audit(datetime_utc, source_id), sent: datetime}) AS audit
  FROM raw.audit_record WHERE item_code = 0 AND datetime_utc IS NOT NULL GROUP BY element_key
),
-- In the order of docs/state.md, so that the last is where state.subject has the subject.
told AS (
  SELECT x.identity, x.site_code, p.delivery_key, p.source, p.name AS part,
    a.audit IS NOT NULL AS audited, coalesce(a.audit.place.t, p.time_utc) AS from_utc, coalesce(a.audit.sent, p.sent) AS from_sent,
    {time: coalesce(a.audit.place.t, p.time_utc, TIMESTAMP '0001-01-01'), source_number: coalesce(a.audit.place.n, -1),
     source_text: coalesce(a.audit.place.s, ''), creation: coalesce(p.creation_utc, TIMESTAMP '0001-01-01'), rank: p.rank, key: x.key} AS place
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

-- What was live, to read: state.item_data_as_of and state.item_data_as_arrived with names in the place of codes.
CREATE OR REPLACE MACRO recon._value(arrived, moment) AS TABLE
SELECT x.subject_key, event.text AS study_event_oid, event_repeat.text AS study_event_repeat_key, form.text AS form_oid,
  n.table_name, item_group.text AS item_group_oid, group_repeat.text AS item_group_repeat_key, n.column_name,
  item.text AS item_oid, i.sequence, CASE WHEN i.flags & 2 = 0 THEN i.value END AS value, a.said_at,
  a.said_by, a.reason, p.name AS part, g.identity AS _row
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
LEFT JOIN recon._nearest_audit around ON around.key = i.item_group_data_key
LEFT JOIN recon._audit a ON a.key = coalesce(audit.key, around.audit_key)
LEFT JOIN recon._part p ON i.item_group_data_key BETWEEN p.first_key AND p.last_key;
COMMENT ON MACRO TABLE recon._value IS 'The values that were live of what had arrived and what was said by a moment; NULL for no bound. For recon.value_as_of and recon.value_as_arrived.';

CREATE OR REPLACE MACRO recon.value_as_of(moment) AS TABLE FROM recon._value(NULL, make_timestamp(epoch_us(moment)));
COMMENT ON MACRO TABLE recon.value_as_of IS 'recon.value_as_of(moment): every value of ODM documents (for rows of CSV files there is state.file_..._as_arrived) at a moment, as all deliveries of today tell it, by audit times, else the time of the document; before the first of these there is none. moment: DATE, TIMESTAMP in UTC, or TIMESTAMPTZ, e.g. TIMESTAMPTZ ''2026-02-10 21:20:00-08''; DuckDB drops the offset of a literal that says TIMESTAMP. Columns: subject_key, study_event_oid, form_oid, table_name and column_name in staged, item_oid, value (NULL: blank), said_at, said_by and reason of the audit record of the item, else, in a Transactional document, of the nearest element around it (NULL without one), the file (part), _row.';

CREATE OR REPLACE MACRO recon.value_as_arrived(delivery) AS TABLE FROM recon._value(delivery, NULL::TIMESTAMP);
COMMENT ON MACRO TABLE recon.value_as_arrived IS 'recon.value_as_arrived(delivery): every value of ODM documents that was live once that delivery (raw.delivery.delivery_key) had arrived: what was known then. Columns as of recon.value_as_of.';

CREATE OR REPLACE MACRO recon.difference(earlier, later) AS TABLE
SELECT coalesce(o.subject_key, n.subject_key) AS subject_key, coalesce(o.study_event_oid, n.study_event_oid) AS study_event_oid,
  coalesce(o.form_oid, n.form_oid) AS form_oid, coalesce(o.table_name, n.table_name) AS table_name,
  coalesce(o.column_name, n.column_name) AS column_name, coalesce(o.item_oid, n.item_oid) AS item_oid,
  CASE WHEN o._row IS NULL THEN 'added' WHEN n._row IS NULL THEN 'gone' ELSE 'changed' END AS change,
  o.value AS old_value, n.value AS new_value, n.said_at, n.said_by, n.reason, coalesce(o._row, n._row) AS _row
FROM recon.value_as_arrived(earlier) o
FULL JOIN recon.value_as_arrived(later) n ON n._row = o._row AND n.item_oid = o.item_oid AND n.sequence = o.sequence
WHERE o._row IS NULL OR n._row IS NULL OR o.value IS DISTINCT FROM n.value;
COMMENT ON MACRO TABLE recon.difference IS 'recon.difference(earlier, later): what differs, of the values of ODM documents, between what was live once one delivery (raw.delivery.delivery_key) had arrived and once a later one had, be they snapshots or deltas: a row for each value that is added, gone or changed; old_value, new_value (NULL: blank or not there), said_at, said_by and reason of the later value (of one that is gone: recon.changed, recon.removed); other columns as of recon.value_as_of.';
