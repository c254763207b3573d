-- recon: what was said before, who changed it when and why.
-- All that was said of each item of the records that have lost something, in the order of state, and the removals of
-- what they stand in; a step is where one value follows another. Audit records count as in sql/state-rules.sql: that of
-- the item, else of the nearest element around it. What a snapshot replaced as a whole was said until then: `ended`.
CREATE OR REPLACE VIEW recon.changed AS
WITH part AS MATERIALIZED (
  SELECT d.*, {place: r.complete.place, first_keys: r.complete.first_keys} AS replaced
  FROM recon._document d LEFT JOIN recon._replaced r USING (first_key) WHERE d.is_last
),
removal AS MATERIALIZED (FROM recon._removal),
below AS MATERIALIZED (FROM recon._below_removal),
-- Rows, and Removes, that a snapshot replaced: of the study with their document, rows of less by themselves.
ended AS MATERIALIZED (
  SELECT g.key, g.identity, p.replaced AS ended
  FROM raw.item_group_data g JOIN part p ON NOT p.stands AND g.key BETWEEN p.first_key AND p.last_key
  UNION ALL
  SELECT g.key, g.identity, {place: state._place(NULL, p, 0), first_keys: [p.first_key]}
  FROM state.superseded_element e JOIN raw.item_group_data g ON g.key = e.item_group_data_key
  JOIN part p ON e.superseded_by_key BETWEEN p.first_key AND p.last_key
  WHERE e.reason = 'absent'
  UNION ALL
  SELECT r.key, NULL, p.replaced FROM removal r JOIN part p ON NOT p.stands AND r.key BETWEEN p.first_key AND p.last_key
  WHERE r.level < 5
),
-- Records of which such a thing is to be told: of one that is in snapshots of one source alone there is nothing.
ended_record AS MATERIALIZED (
  SELECT g.identity
  FROM raw.item_group_data g JOIN part p ON g.key BETWEEN p.first_key AND p.last_key
  WHERE g.identity IN (
    SELECT identity FROM ended
    UNION SELECT x.identity FROM removal r JOIN below b USING (level, identity) JOIN raw.item_group_data x ON x.key = b.key
    WHERE NOT r.stands
  )
  GROUP BY g.identity
  HAVING bool_or(p.covers = 'increment') OR min(p.source) <> max(p.source) OR bool_or(g.key IN (SELECT key FROM below))
),
-- Records that have lost something.
touched AS (
  SELECT identity FROM raw.item_group_data WHERE key IN (
    SELECT item_group_data_key FROM state.superseded_item
    UNION SELECT item_group_data_key FROM state.superseded_element WHERE reason IN ('removed', 'replaced')
  )
  UNION FROM ended_record
),
item_group AS (
  SELECT g.key, g.identity, p.first_key FROM raw.item_group_data g
  JOIN part p ON g.key BETWEEN p.first_key AND p.last_key
  WHERE g.identity IN (FROM touched) AND (g.key NOT IN (SELECT key FROM ended) OR g.identity IN (FROM ended_record))
),
value AS (
  SELECT g.identity, i.item_code, coalesce(f.sequence, 0) AS sequence, g.key, g.first_key, i.transaction_code,
    CASE WHEN i.flags & 2 = 0 AND i.transaction_code <> 3 AND i.value IS NOT NULL
      THEN {text: i.value, unit_code: nullif(i.unit_code, 0)} END AS value
  FROM item_group g JOIN raw.item_data i ON i.item_group_data_key = g.key
  LEFT JOIN state.further_value f USING (item_group_data_key, item_code, sequence)
  WHERE i.flags & 4 = 0 AND g.key NOT IN (SELECT b.key FROM below b JOIN removal r ON r.key = b.element_key)
),
audit AS (
  SELECT element_key, item_code, max(state._audit(datetime_utc, source_id)) AS place,
    max({place: state._audit(datetime_utc, source_id), key: a.key}) FILTER (o.key IS NULL).key AS key
  FROM raw.audit_record a LEFT JOIN recon._other_audit o ON o.key = a.key
  WHERE item_code > 0 AND element_key > 0 AND datetime_utc IS NOT NULL GROUP BY ALL
),
said AS (
  SELECT v.identity, v.item_code, v.key, state._place(coalesce(i.place, n.audit), p, v.key) AS place,
    coalesce(i.key, n.audit_key) AS audit_key, CASE WHEN v.transaction_code = 3 THEN 'removed' END AS removed,
    p.delivery_key, p.name AS part
  FROM (SELECT DISTINCT identity, item_code, key, first_key, transaction_code FROM value) v
  JOIN part p USING (first_key)
  LEFT JOIN recon._nearest_audit n ON n.key = v.key
  LEFT JOIN audit i ON i.element_key = v.key AND i.item_code = v.item_code
  UNION ALL
  SELECT v.identity, v.item_code, r.key, r.place, r.audit_key, 'removed with its record', r.delivery_key, r.part
  FROM (SELECT DISTINCT identity, item_code FROM value) v
  JOIN (SELECT DISTINCT g.identity AS row, b.level, b.identity FROM item_group g JOIN below b USING (key)) b ON b.row = v.identity
  JOIN removal r ON r.level = b.level AND r.identity = b.identity
),
-- Of several Values of an item (ODM 2.0) each has a history of its own.
told AS MATERIALIZED (
  SELECT s.*, q.sequence, v.value AS new_value
  FROM said s
  JOIN (SELECT DISTINCT identity, item_code, sequence FROM value) q USING (identity, item_code)
  LEFT JOIN value v ON v.key = s.key AND v.item_code = s.item_code AND v.sequence = q.sequence
),
-- Of records of which a snapshot replaced something, what was before is the record before, or, if a snapshot between the
-- two ended that, the last before that stands; and what is live is what the last that stands says.
record AS (
  SELECT t.*, p.first_key,
    {value: new_value, ended: ended, delivery_key: t.delivery_key, snapshot_of: CASE WHEN p.covers <> 'increment' THEN p.source END} AS record
  FROM told t JOIN part p ON t.key BETWEEN p.first_key AND p.last_key LEFT JOIN ended e USING (key)
  WHERE t.identity IN (FROM ended_record)
),
follows AS (
  SELECT *, lag(record) OVER history AS nearest,
    last_value(CASE WHEN record.ended IS NULL THEN record END IGNORE NULLS) OVER (history ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS standing,
    last_value(CASE WHEN record.ended IS NULL THEN record END IGNORE NULLS) OVER (history ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS live
  FROM record
  WINDOW history AS (PARTITION BY identity, item_code, sequence ORDER BY place)
),
resumed AS (
  SELECT * EXCLUDE (record, nearest, standing), CASE
      WHEN nearest.ended IS NULL OR nearest.ended.place >= place OR list_contains(nearest.ended.first_keys, first_key) THEN nearest
      ELSE standing END AS before, record.snapshot_of AS snapshot_of
  FROM follows
),
step AS (
  SELECT *, lag(new_value) OVER history AS old_value, NULL AS live,
    count(new_value) OVER (history ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) > 0 AS stood
  FROM told
  WHERE identity NOT IN (FROM ended_record)
  WINDOW history AS (PARTITION BY identity, item_code, sequence ORDER BY place)
  UNION ALL BY NAME
  -- What differs between two snapshots of which the later replaced the earlier is a matter of recon.difference.
  SELECT * EXCLUDE (first_key, before, snapshot_of, live), before.value AS old_value, {value: live.value} AS live,
    count(new_value) OVER (PARTITION BY identity, item_code, sequence ORDER BY place ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) > 0
      AND before IS NOT NULL AND NOT coalesce(before.ended IS NOT NULL AND before.snapshot_of = snapshot_of
        AND before.delivery_key <> delivery_key, false) AS stood
  FROM resumed
),
change AS (
  SELECT *, row_number() OVER steps AS ordinal,
    lead(key) OVER steps IS NULL AND (live IS NULL OR live.value IS NOT DISTINCT FROM new_value) AS is_live
  FROM step WHERE stood AND old_value IS DISTINCT FROM new_value
  WINDOW steps AS (PARTITION BY identity, item_code, sequence ORDER BY place)
)
SELECT x.subject_key, event.text AS study_event_oid, n.table_name, n.column_name, item.text AS item_oid, c.ordinal AS step,
  c.old_value.text AS old_value, c.new_value.text AS new_value, old_unit.text AS old_unit, new_unit.text AS new_unit,
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
LEFT JOIN raw.dictionary old_unit ON old_unit.code = c.old_value.unit_code
LEFT JOIN raw.dictionary new_unit ON new_unit.code = c.new_value.unit_code
LEFT JOIN recon._audit a ON a.key = c.audit_key;
COMMENT ON VIEW recon.changed IS 'The history of values of ODM documents, step by step: one row for each time that a value was replaced, blanked, removed, or entered where one had been before, with who, when and why; also of documents that a snapshot has replaced since. How a value came in first is no step, nor what a snapshot left out (recon.removed); nor is what differs between two snapshots of one source of which the later replaces the earlier (recon.difference).';
COMMENT ON COLUMN recon.changed.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.changed.study_event_oid IS 'StudyEventOID of the visit; NULL outside visits.';
COMMENT ON COLUMN recon.changed.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.changed.column_name IS 'Column of the value in that table.';
COMMENT ON COLUMN recon.changed.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.changed.step IS 'Number of the step in the history of the value, from 1. Of several Values of an item (ODM 2.0) each has its own, by its SeqNum.';
COMMENT ON COLUMN recon.changed.old_value IS 'The value that stood before the step; NULL if none did.';
COMMENT ON COLUMN recon.changed.new_value IS 'The value that took its place; NULL if none did.';
COMMENT ON COLUMN recon.changed.old_unit IS 'MeasurementUnitOID that was sent with the old value; NULL where none was.';
COMMENT ON COLUMN recon.changed.new_unit IS 'The same of the new value.';
COMMENT ON COLUMN recon.changed.change IS 'replaced: another value, or the same in another unit, took its place. blanked: its place was left empty. removed: by a TransactionType Remove of the item. removed with its record: by one of the item group, form, visit or subject that it stands in. entered: a value came where there was none any more.';
COMMENT ON COLUMN recon.changed.is_live IS 'Whether it is the last step of the value and new_value is what is live now; NULL there means that nothing is. No step is, where a snapshot says otherwise, or no more, without a step of its own.';
COMMENT ON COLUMN recon.changed.changed_at IS 'DateTimeStamp of the audit record of the change (that of the item, else, in a Transactional document, of the nearest element around it), as sent; NULL without one.';
COMMENT ON COLUMN recon.changed.changed_utc IS 'The time, in UTC, by which the step has its place in the history: of that audit record in a Transactional document, else of the document; NULL if it has none.';
COMMENT ON COLUMN recon.changed.changed_by IS 'The user of that audit record: name where AdminData gives one, else UserOID.';
COMMENT ON COLUMN recon.changed.reason IS 'ReasonForChange of that audit record.';
COMMENT ON COLUMN recon.changed.part IS 'The file that brought the change.';
COMMENT ON COLUMN recon.changed.delivery_key IS 'The delivery that brought it.';
COMMENT ON COLUMN recon.changed._row IS 'Identity of the record: _row in staged.';

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
  item.text AS item_oid, i.sequence, CASE WHEN i.flags & 2 = 0 THEN i.value END AS value,
  CASE WHEN i.flags & 2 = 0 AND i.value IS NOT NULL THEN unit.text END AS unit, a.said_at, a.said_by, a.reason, p.name AS part, g.identity AS _row
FROM state._item_data(arrived, moment) i
JOIN raw.item_group_data g ON g.key = i.item_group_data_key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
JOIN raw.dictionary group_repeat ON group_repeat.code = g.repeat_key_code
JOIN raw.dictionary item ON item.code = i.item_code
LEFT JOIN raw.dictionary unit ON unit.code = i.unit_code AND i.unit_code > 0
LEFT JOIN meta.item n ON n.item_group_oid = item_group.text AND n.item_oid = item.text
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN raw.study_event_data e ON e.key = g.study_event_data_key
LEFT JOIN raw.dictionary event ON event.code = e.study_event_code
LEFT JOIN raw.dictionary event_repeat ON event_repeat.code = e.repeat_key_code
LEFT JOIN raw.form_data f ON f.key = g.form_data_key
LEFT JOIN raw.dictionary form ON form.code = f.form_code
LEFT JOIN (
  SELECT element_key, item_code, max_by(key, state._audit(datetime_utc, source_id)) AS key
  FROM raw.audit_record ANTI JOIN recon._other_audit USING (key)
  WHERE item_code > 0 AND datetime_utc IS NOT NULL GROUP BY ALL
) audit ON audit.element_key = i.item_group_data_key AND audit.item_code = i.item_code
LEFT JOIN recon._nearest_audit around ON around.key = i.item_group_data_key
LEFT JOIN recon._audit a ON a.key = coalesce(audit.key, around.audit_key)
LEFT JOIN recon._part p ON i.item_group_data_key BETWEEN p.first_key AND p.last_key;
COMMENT ON MACRO TABLE recon._value IS 'The values that were live of what had arrived and what was said by a moment; NULL for no bound. For recon.value_as_of and recon.value_as_arrived.';

CREATE OR REPLACE MACRO recon.value_as_of(moment) AS TABLE FROM recon._value(NULL, make_timestamp(epoch_us(moment)));
COMMENT ON MACRO TABLE recon.value_as_of IS 'recon.value_as_of(moment): every value of ODM documents (for rows of CSV files there is state.file_..._as_arrived) at a moment, as all deliveries of today tell it, by audit times, else the time of the document; before the first of these there is none. moment: DATE, TIMESTAMP in UTC, or TIMESTAMPTZ, e.g. TIMESTAMPTZ ''2026-02-10 21:20:00-08''; DuckDB drops the offset of a literal that says TIMESTAMP. Columns: subject_key, study_event_oid, form_oid, table_name and column_name in staged, item_oid, value (NULL: blank), unit (MeasurementUnitOID, where one was sent with it), said_at, said_by and reason of the audit record of the item, else, in a Transactional document, of the nearest element around it (NULL without one), the file (part), _row.';

CREATE OR REPLACE MACRO recon.value_as_arrived(delivery) AS TABLE FROM recon._value(delivery, NULL::TIMESTAMP);
COMMENT ON MACRO TABLE recon.value_as_arrived IS 'recon.value_as_arrived(delivery): every value of ODM documents that was live once that delivery (raw.delivery.delivery_key) had arrived: what was known then. Columns as of recon.value_as_of.';

CREATE OR REPLACE MACRO recon.difference(earlier, later) AS TABLE
SELECT coalesce(o.subject_key, n.subject_key) AS subject_key, coalesce(o.study_event_oid, n.study_event_oid) AS study_event_oid,
  coalesce(o.form_oid, n.form_oid) AS form_oid, coalesce(o.table_name, n.table_name) AS table_name,
  coalesce(o.column_name, n.column_name) AS column_name, coalesce(o.item_oid, n.item_oid) AS item_oid,
  CASE WHEN o._row IS NULL THEN 'added' WHEN n._row IS NULL THEN 'gone' ELSE 'changed' END AS change,
  o.value AS old_value, n.value AS new_value, o.unit AS old_unit, n.unit AS new_unit, n.said_at, n.said_by, n.reason, coalesce(o._row, n._row) AS _row
FROM recon.value_as_arrived(earlier) o
FULL JOIN recon.value_as_arrived(later) n ON n._row = o._row AND n.item_oid = o.item_oid AND n.sequence = o.sequence
WHERE o._row IS NULL OR n._row IS NULL OR o.value IS DISTINCT FROM n.value
  OR o.unit IS DISTINCT FROM n.unit;
COMMENT ON MACRO TABLE recon.difference IS 'recon.difference(earlier, later): what differs, of the values of ODM documents, between what was live once one delivery (raw.delivery.delivery_key) had arrived and once a later one had, be they snapshots or deltas: a row for each value that is added, gone or changed, in its text or its unit; old_value, new_value (NULL: blank or not there), old_unit, new_unit (MeasurementUnitOID, where one was sent with it), said_at, said_by and reason of the later value (of one that is gone: recon.changed, recon.removed); other columns as of recon.value_as_of.';
