-- recon: which records are live no longer, and what took them away.
CREATE OR REPLACE VIEW recon._document AS
SELECT p.* EXCLUDE (superseded_by), superseded_by IS NULL AS stands,
  row_number() OVER (PARTITION BY first_key ORDER BY superseded_by IS NULL DESC, rank DESC) = 1 AS is_last
FROM state.part p
WHERE format = 'odm' AND first_key IS NOT NULL
  AND NOT EXISTS (FROM state.part n WHERE n.delivery_key = p.superseded_by AND n.content_sha256 = p.content_sha256);
COMMENT ON VIEW recon._document IS 'Every ODM document that stands or that a complete snapshot replaced, as often as it arrived. What was read anew in another way was a mistake.';
COMMENT ON COLUMN recon._document.delivery_key IS 'The delivery: raw.delivery.';
COMMENT ON COLUMN recon._document.ordinal IS 'The part within it: raw.part.';
COMMENT ON COLUMN recon._document.source IS 'The source of the delivery.';
COMMENT ON COLUMN recon._document.format IS 'odm.';
COMMENT ON COLUMN recon._document.name IS 'File name relative to the project.';
COMMENT ON COLUMN recon._document.content_sha256 IS 'SHA-256 of its bytes, unpacked.';
COMMENT ON COLUMN recon._document.first_key IS 'First key of its content.';
COMMENT ON COLUMN recon._document.last_key IS 'Last key of its content.';
COMMENT ON COLUMN recon._document.time_utc IS 'AsOfDateTime, else CreationDateTime, in UTC.';
COMMENT ON COLUMN recon._document.creation_utc IS 'CreationDateTime in UTC.';
COMMENT ON COLUMN recon._document.transactional IS 'Whether FileType is Transactional.';
COMMENT ON COLUMN recon._document.covers IS 'What is removed by not being in it: state.part.';
COMMENT ON COLUMN recon._document.rank IS 'Its place in the order of all parts.';
COMMENT ON COLUMN recon._document.delivery_rank IS 'The place of the last part of its delivery.';
COMMENT ON COLUMN recon._document.stands IS 'Whether it stands; else a complete snapshot replaced it.';
COMMENT ON COLUMN recon._document.is_last IS 'Whether it is the last arrival of these bytes, of which the keys are the same.';

-- The complete snapshot that replaced each of them: the first after it.
CREATE OR REPLACE VIEW recon._replaced AS
WITH complete AS (
  SELECT source, delivery_key, delivery_rank, max(state._place(NULL, p, 0)) AS place, list(first_key) AS first_keys
  FROM recon._document p WHERE covers = 'study' GROUP BY ALL
)
SELECT p.first_key, min_by(c, c.delivery_rank) AS complete
FROM recon._document p JOIN complete c ON c.source = p.source AND c.delivery_rank > p.delivery_rank
WHERE p.is_last AND NOT p.stands GROUP BY ALL;
COMMENT ON VIEW recon._replaced IS 'Every ODM document that a complete snapshot replaced, with the first that did.';
COMMENT ON COLUMN recon._replaced.first_key IS 'First key of its content.';
COMMENT ON COLUMN recon._replaced.complete IS 'The snapshot: source, delivery_key, delivery_rank, place (state._place), first_keys (of its documents).';

-- As in sql/state-rules.sql: what removes an item group is as late as the latest of its items, of which one without any
-- audit record is as late as the document.
CREATE OR REPLACE VIEW recon._removal AS
WITH remover AS MATERIALIZED (
  SELECT r.*, p.* FROM recon._remover r
  JOIN (FROM recon._document WHERE is_last) p ON r.key BETWEEN p.first_key AND p.last_key
),
audit AS (
  SELECT element_key AS key, item_code, max({place: state._audit(datetime_utc, source_id), key: key}) AS audit
  FROM raw.audit_record WHERE element_key IN (SELECT key FROM remover) AND datetime_utc IS NOT NULL GROUP BY ALL
),
item_audit AS (SELECT key, max(audit) AS audit FROM audit WHERE item_code > 0 GROUP BY ALL),
half_audited AS (
  SELECT DISTINCT i.item_group_data_key AS key
  FROM raw.item_data i ANTI JOIN audit a ON a.key = i.item_group_data_key AND a.item_code = i.item_code
  WHERE i.flags & 4 = 0 AND i.item_group_data_key IN (SELECT key FROM item_audit)
),
said AS (
  SELECT r.*, greatest(
      CASE WHEN NOT r.transactional OR n.key IS NOT NULL OR i.key IS NULL OR h.key IS NOT NULL
        THEN {place: state._place(n.audit, r, r.key), audit_key: coalesce(n.audit_key, own.audit.key)} END,
      CASE WHEN r.transactional AND i.key IS NOT NULL
        THEN {place: state._place(i.audit.place, r, r.key), audit_key: i.audit.key} END) AS said
  FROM remover r
  LEFT JOIN recon._nearest_audit n USING (key)
  LEFT JOIN audit own ON own.key = r.key AND own.item_code = 0
  LEFT JOIN item_audit i ON i.key = r.key
  LEFT JOIN half_audited h ON h.key = r.key
)
SELECT level, key, identity, said.place AS place, said.audit_key AS audit_key, source, stands, delivery_key, name AS part
FROM said;
COMMENT ON VIEW recon._removal IS 'Every Remove of ODM documents that stand or that a complete snapshot replaced, with its place in the order of state.';
COMMENT ON COLUMN recon._removal.level IS '2 subject, 3 visit, 4 form, 5 row of an item group.';
COMMENT ON COLUMN recon._removal.key IS 'The element that holds it.';
COMMENT ON COLUMN recon._removal.identity IS 'Identity of what it removes.';
COMMENT ON COLUMN recon._removal.place IS 'Its place in the order: state._place.';
COMMENT ON COLUMN recon._removal.audit_key IS 'The audit record that dates it, its own, that of an item in it, or the nearest around it: raw.audit_record; in a snapshot its own. NULL without one.';
COMMENT ON COLUMN recon._removal.source IS 'The source of its delivery.';
COMMENT ON COLUMN recon._removal.stands IS 'Whether its document stands.';
COMMENT ON COLUMN recon._removal.delivery_key IS 'Its delivery.';
COMMENT ON COLUMN recon._removal.part IS 'Its file.';

CREATE OR REPLACE VIEW recon._below_removal AS
WITH RECURSIVE
mark AS MATERIALIZED (SELECT DISTINCT level, identity FROM recon._remover),
nested(key, outer_key) AS (
  SELECT key, item_group_data_key FROM raw.item_group_data WHERE item_group_data_key > 0
  UNION ALL
  SELECT n.key, o.item_group_data_key FROM nested n JOIN raw.item_group_data o ON o.key = n.outer_key
  WHERE o.item_group_data_key > 0
)
SELECT level, identity, g.key AS element_key, g.key FROM mark JOIN raw.item_group_data g USING (identity) WHERE level = 5
UNION ALL
SELECT level, identity, o.key, n.key FROM mark JOIN raw.item_group_data o USING (identity)
JOIN nested n ON n.outer_key = o.key WHERE level = 5
UNION ALL
SELECT level, m.identity, f.key, g.key FROM mark m JOIN raw.form_data f USING (identity)
JOIN raw.item_group_data g ON g.form_data_key = f.key WHERE level = 4
UNION ALL
SELECT level, m.identity, v.key, g.key FROM mark m JOIN raw.study_event_data v USING (identity)
JOIN raw.item_group_data g ON g.study_event_data_key = v.key WHERE level = 3
UNION ALL
SELECT level, m.identity, s.key, g.key FROM mark m JOIN raw.subject_data s USING (identity)
JOIN raw.item_group_data g ON g.subject_data_key = s.key WHERE level = 2;
COMMENT ON VIEW recon._below_removal IS 'Rows of item groups that are, or stand in, an element of an identity that some Remove names.';
COMMENT ON COLUMN recon._below_removal.level IS '2 subject, 3 visit, 4 form, 5 row of an item group.';
COMMENT ON COLUMN recon._below_removal.identity IS 'The identity.';
COMMENT ON COLUMN recon._below_removal.element_key IS 'The element of that identity.';
COMMENT ON COLUMN recon._below_removal.key IS 'The row: raw.item_group_data.';

-- Each item of a record went with the first Remove or snapshot that took it away; the record, with the last of these,
-- and what went then is what it said last. item_code 0 stands for the row itself.
CREATE OR REPLACE VIEW recon.removed AS
WITH removal AS MATERIALIZED (FROM recon._removal),
below AS MATERIALIZED (FROM recon._below_removal),
document AS MATERIALIZED (FROM recon._document),
-- What stands in a removing element was never live.
lost AS MATERIALIZED (
  SELECT g.key, g.identity, g.transaction_code, p.*
  FROM raw.item_group_data g JOIN document p ON p.is_last AND g.key BETWEEN p.first_key AND p.last_key
  WHERE g.identity NOT IN (SELECT identity FROM state.item_group_data)
    AND g.key NOT IN (SELECT b.key FROM below b JOIN removal r ON r.key = b.element_key)
),
item AS (
  SELECT l.key, i.item_code, CASE WHEN i.flags & 2 = 0 AND i.transaction_code <> 3 THEN i.value END AS value
  FROM lost l JOIN raw.item_data i ON i.item_group_data_key = l.key
  ANTI JOIN state.further_value f ON f.item_group_data_key = i.item_group_data_key AND f.item_code = i.item_code
    AND f.sequence = i.sequence
  WHERE i.flags & 4 = 0
),
audit AS (
  SELECT element_key AS key, item_code, max(state._audit(datetime_utc, source_id)) AS audit
  FROM raw.audit_record
  WHERE item_code > 0 AND element_key IN (SELECT key FROM lost) AND datetime_utc IS NOT NULL GROUP BY ALL
),
said AS (
  SELECT l.key, l.identity, l.source, l.stands, i.item_code, i.value, state._place(coalesce(a.audit, n.audit), l, l.key) AS place
  FROM lost l JOIN item i USING (key)
  LEFT JOIN audit a ON a.key = l.key AND a.item_code = i.item_code
  LEFT JOIN recon._nearest_audit n ON n.key = l.key
  UNION ALL
  SELECT l.key, l.identity, l.source, l.stands, 0, NULL, state._place(n.audit, l, l.key)
  FROM lost l LEFT JOIN recon._nearest_audit n ON n.key = l.key
  WHERE CASE WHEN l.key IN (SELECT key FROM item) THEN n.key IS NOT NULL
    ELSE l.transaction_code <> 5 AND NOT (l.transactional AND l.transaction_code = 0) END
),
-- The first Remove after each: of those that stand and, of what a complete snapshot replaced, of those that it replaced too.
removed AS (
  SELECT key, item_code, min(taken) AS taken
  FROM (
    SELECT key, item_code, least(
        last_value(CASE WHEN stands THEN taken END IGNORE NULLS) OVER (PARTITION BY level, identity ORDER BY place DESC),
        last_value(taken IGNORE NULLS) OVER (PARTITION BY level, identity, source, stands ORDER BY place DESC)) AS taken
    FROM (
      SELECT level, identity, source, stands, place, NULL AS key, NULL AS item_code,
        {place: place, reason: 'removed', delivery_key: delivery_key, audit_key: audit_key} AS taken
      FROM removal
      UNION ALL
      SELECT b.level, b.identity, s.source, s.stands, s.place, s.key, s.item_code, NULL FROM said s JOIN below b USING (key)
    )
  )
  WHERE key IS NOT NULL GROUP BY key, item_code
),
-- Of a snapshot of less than the study state tells the last that has the subject, visit or form without the record.
held AS (
  SELECT identity, source, max(delivery_rank) AS delivery_rank, max(state._place(NULL, l, 0)) AS place,
    max_by(delivery_key, delivery_rank) AS delivery_key
  FROM lost l WHERE stands AND covers <> 'increment' GROUP BY ALL
),
absent AS (
  SELECT l.key, {place: c.complete.place, reason: 'absent', delivery_key: c.complete.delivery_key, audit_key: NULL::BIGINT} AS taken
  FROM lost l JOIN recon._replaced c USING (first_key)
  UNION ALL
  SELECT l.key, CASE WHEN l.delivery_rank < h.delivery_rank
      THEN {place: h.place, reason: 'absent', delivery_key: h.delivery_key, audit_key: NULL::BIGINT}
      ELSE {place: state._place(NULL, p, 0), reason: 'absent', delivery_key: p.delivery_key, audit_key: NULL::BIGINT} END
  FROM lost l
  JOIN state.superseded_element e ON e.item_group_data_key = l.key AND e.reason = 'absent'
  JOIN document p ON p.is_last AND e.superseded_by_key BETWEEN p.first_key AND p.last_key
  LEFT JOIN held h ON h.identity = l.identity AND h.source = l.source
),
gone AS (
  SELECT s.*, least(r.taken, a.taken) AS taken, max(least(r.taken, a.taken)) OVER (PARTITION BY s.identity) AS last
  FROM said s LEFT JOIN removed r USING (key, item_code) LEFT JOIN absent a USING (key)
),
record AS (SELECT identity, max(key) AS key, any_value(last) AS taken FROM gone GROUP BY identity HAVING count(value) > 0),
value AS (
  SELECT identity, item_code, max_by({text: value}, place).text AS value
  FROM gone WHERE item_code > 0 AND taken.place = last.place GROUP BY ALL
),
said_last AS (
  SELECT v.identity, map_from_entries(list((d.text, v.value) ORDER BY d.text)) AS said
  FROM value v JOIN raw.dictionary d ON d.code = v.item_code WHERE v.value IS NOT NULL GROUP BY v.identity
)
SELECT x.subject_key, event.text AS study_event_oid, t.table_name,
  coalesce(group_repeat.text, nullif(g.ordinal, 0)::VARCHAR) AS item_group_repeat_key, coalesce(l.said, MAP {}) AS said,
  r.taken.reason AS reason, a.said_at AS removed_at, a.said_by AS removed_by, a.reason AS why, p.name AS part,
  r.taken.delivery_key AS delivery_key, r.identity AS _row
FROM record r
LEFT JOIN said_last l USING (identity)
JOIN raw.item_group_data g ON g.key = r.key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
LEFT JOIN meta.item_group t ON t.item_group_oid = item_group.text
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN raw.study_event_data v ON v.key = g.study_event_data_key
LEFT JOIN raw.dictionary event ON event.code = v.study_event_code
LEFT JOIN raw.dictionary group_repeat ON group_repeat.code = g.repeat_key_code
LEFT JOIN recon._audit a ON a.key = r.taken.audit_key
LEFT JOIN (SELECT delivery_key, any_value(name) AS name FROM state.part GROUP BY delivery_key HAVING count(*) = 1) p
  ON p.delivery_key = r.taken.delivery_key;
COMMENT ON VIEW recon.removed IS 'Records of ODM documents that are live no longer, each once: what they said last, and who removed them when and why. Of one that a snapshot left out nobody says who or why.';
COMMENT ON COLUMN recon.removed.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.removed.study_event_oid IS 'StudyEventOID of the visit; NULL outside visits.';
COMMENT ON COLUMN recon.removed.table_name IS 'The table in staged where it would stand.';
COMMENT ON COLUMN recon.removed.item_group_repeat_key IS 'ItemGroupRepeatKey; where none was sent, the place among keyless siblings.';
COMMENT ON COLUMN recon.removed.said IS 'What it said when it went, and not what it said before an earlier Remove: ItemOID to value; of several Values (ODM 2.0) that of the lowest SeqNum. Empty where it was entered anew without any value.';
COMMENT ON COLUMN recon.removed.reason IS 'removed: by TransactionType Remove. absent: a later snapshot of its study, site, subject, event or form does not hold it.';
COMMENT ON COLUMN recon.removed.removed_at IS 'DateTimeStamp of the audit record of the removal (that of the element or of an item in it, whichever is later, else, in a Transactional document, of the nearest element around it), as sent. Of several Removes it is the first after what it said last: one of what is gone already says nothing.';
COMMENT ON COLUMN recon.removed.removed_by IS 'The user of that audit record: name where AdminData gives one, else UserOID.';
COMMENT ON COLUMN recon.removed.why IS 'ReasonForChange of that audit record.';
COMMENT ON COLUMN recon.removed.part IS 'The file that removed it, where its delivery has one.';
COMMENT ON COLUMN recon.removed.delivery_key IS 'The delivery that removed it, or the first that left it out (of a scope smaller than the study: the last).';
COMMENT ON COLUMN recon.removed._row IS 'Identity of the record.';

