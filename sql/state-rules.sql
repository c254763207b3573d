-- The rules of docs/state.md, numbered as there, each written once: what is live now, what was once a delivery had
-- arrived, and what was at a moment, are the same macros with other arguments.
--
-- arrived: the last delivery that counts; NULL for all that have arrived.
-- moment:  the last time that counts, in UTC; NULL for all times. What a part says in Transactional counts by its own
--          time, a snapshot by that of its part.
CREATE SCHEMA IF NOT EXISTS state;

-- Rule 1. Every part that counts, with its place in the order. A part of the same bytes as an earlier one has the
-- earlier one's keys, unless it was read in another way. Of two of the same time, one of which spans were put aside
-- comes before a whole one. Bytes that arrive again under other declarations replace what
-- was made of them before, whatever the moment: that was a mistake, and no other state of the study. They take its place.
CREATE OR REPLACE MACRO state._part(arrived, moment) AS TABLE
WITH part AS (
  SELECT
    p.delivery_key, p.ordinal, coalesce(d.retry_of, p.delivery_key) AS turn, d.source, p.format, p.name, p.content_sha256, p.first_key, p.last_key,
    coalesce(p.as_of_utc, p.creation_utc) AS time_utc,
    p.creation_utc,
    coalesce(p.file_type = 'Transactional', false) AS transactional,
    CASE
      WHEN p.format = 'csv' THEN d.covers
      WHEN p.file_type = 'Snapshot' AND p.item_group_data_count > 0 THEN d.covers
      ELSE 'increment'
    END AS covers,
    bool_and(p.complete) OVER (PARTITION BY p.delivery_key) AS whole,
    first_value(p.content_sha256) OVER (PARTITION BY p.delivery_key ORDER BY p.ordinal) AS first_sha256,
    {reader: p.reader_fingerprint, policy: d.policy_fingerprint, covers: d.covers} AS declared
  FROM raw.part p JOIN raw.delivery d USING (delivery_key)
  WHERE p.delivery_key <= coalesce(arrived, 9223372036854775807)
),
anew AS (
  SELECT p.delivery_key, p.ordinal, max(n.delivery_key) AS by_delivery
  FROM part p JOIN part n ON n.source = p.source AND n.content_sha256 = p.content_sha256
    AND n.delivery_key > p.delivery_key AND n.declared <> p.declared
  GROUP BY ALL
),
ranked AS (
  SELECT p.*, a.by_delivery AS anew_by, row_number() OVER (
    ORDER BY time_utc NULLS FIRST, creation_utc NULLS FIRST,
      CASE WHEN time_utc IS NULL THEN turn ELSE 0 END, whole, first_sha256, delivery_key, ordinal
  ) AS rank
  FROM part p LEFT JOIN anew a USING (delivery_key, ordinal)
  WHERE transactional OR time_utc IS NULL OR time_utc <= coalesce(moment, TIMESTAMP 'infinity')
),
delivery AS (
  SELECT delivery_key, source, max(rank) AS delivery_rank, bool_or(covers = 'study' AND anew_by IS NULL) AS complete
  FROM ranked GROUP BY delivery_key, source
),
last_complete AS (
  SELECT source, max(delivery_rank) AS delivery_rank, max_by(delivery_key, delivery_rank) AS delivery_key
  FROM delivery WHERE complete GROUP BY source
)
SELECT
  r.* EXCLUDE (turn, whole, first_sha256, declared, anew_by, rank), r.rank, d.delivery_rank,
  coalesce(r.anew_by, CASE WHEN c.delivery_rank > d.delivery_rank THEN c.delivery_key END) AS superseded_by
FROM ranked r JOIN delivery d USING (delivery_key) LEFT JOIN last_complete c ON c.source = r.source;
COMMENT ON MACRO TABLE state._part IS 'The parts that count, as state.part has them. Part of the rules of state.';

-- Keys are sought in parts by blocks of them, which is a join on equality whatever the optimiser makes of the rest. For
-- an ASOF join it takes a nested loop where it expects few rows, and what it expects here is no more than a guess.
CREATE OR REPLACE MACRO state._block(key) AS key >> 12;
COMMENT ON MACRO state._block IS 'The block of 4,096 keys that a key is in. Part of the rules of state.';

-- Parts that stand: a row for each block of keys of each.
CREATE OR REPLACE MACRO state._live_part(arrived, moment) AS TABLE
SELECT unnest(range(state._block(first_key), state._block(last_key) + 1)) AS block, first_key, last_key,
  max_by({delivery_key: delivery_key, source: source, time_utc: time_utc, creation_utc: creation_utc,
    transactional: transactional, covers: covers, rank: rank, delivery_rank: delivery_rank}, rank) AS part
FROM state._part(arrived, moment) WHERE superseded_by IS NULL AND first_key IS NOT NULL
GROUP BY first_key, last_key;
COMMENT ON MACRO TABLE state._live_part IS 'Key ranges of the parts that stand, by blocks of keys. Part of the rules of state.';

-- The total order of docs/state.md, as one comparable value. Audit records order what Transactional parts say: a
-- snapshot is of one moment.
CREATE OR REPLACE MACRO state._place(audit, part, key) AS {
  time: coalesce(CASE WHEN (part).transactional THEN (audit).t END, (part).time_utc, TIMESTAMP '0001-01-01'),
  source_number: coalesce((audit).n, -1), source_text: coalesce((audit).s, ''),
  creation: coalesce((part).creation_utc, TIMESTAMP '0001-01-01'), rank: (part).rank, key: key};
COMMENT ON MACRO state._place IS 'The place of a record in the total order: time (of its audit record, else of its document), SourceID, CreationDateTime, place of its part, key. Part of the rules of state.';

-- DuckDB's casts would take 7e5, 0x1F, +5 and 1_000 for numbers too.
CREATE OR REPLACE MACRO state._source_number(id) AS
  CASE WHEN regexp_full_match(id, '[0-9]+') THEN coalesce(try_cast(id AS HUGEINT), 170141183460469231731687303715884105727)
    ELSE -1 END;
COMMENT ON MACRO state._source_number IS 'SourceID as a number, where it is all digits (what is too long for HUGEINT as its greatest); else -1. Part of the rules of state.';

-- What orders audit records, as one comparable value.
CREATE OR REPLACE MACRO state._audit(datetime_utc, source_id) AS
  {t: datetime_utc, n: state._source_number(source_id), s: coalesce(source_id, '')};
COMMENT ON MACRO state._audit IS 'The place of an audit record among others: time (t), SourceID as a number (n), and as text (s). Part of the rules of state.';

-- Rules 2 to 5. item_code 0 stands for the item group row itself.
CREATE OR REPLACE MACRO state._superseded(arrived, moment) AS TABLE
WITH RECURSIVE
live AS (FROM state._live_part(arrived, moment)),
delta AS (FROM live WHERE part.transactional),
-- From the first to the last of them: without any, no row is looked at.
deltas AS (SELECT min(first_key) AS first_key, max(last_key) AS last_key FROM delta HAVING count(*) > 0),

-- The latest audit record of each element and item of Transactional parts. What else the document says of the same
-- element, in further rows of an item group in which an item stands twice, has the same one.
item_audit AS (
  SELECT a.element_key, a.item_code,
    max(state._audit(a.datetime_utc, a.source_id)) AS audit
  FROM (SELECT r.* FROM raw.audit_record r JOIN deltas d ON r.key BETWEEN d.first_key AND d.last_key) a
  JOIN delta p ON p.block = state._block(a.key) AND a.key BETWEEN p.first_key AND p.last_key
  WHERE a.element_key > 0 AND a.datetime_utc IS NOT NULL
  GROUP BY a.element_key, a.item_code
),
element_audit AS (
  SELECT element_key, audit FROM item_audit WHERE item_code = 0
  UNION ALL
  SELECT x.key, a.audit
  FROM item_audit a
  JOIN raw.item_group_data f ON f.key = a.element_key
  JOIN raw.item_group_data x ON x.parent_key = f.parent_key AND x.place = f.place AND x.key > f.key
  WHERE a.item_code = 0
),
latest_item_audit AS (
  SELECT element_key, max(audit) FILTER (audit.t <= coalesce(moment, TIMESTAMP 'infinity')) AS audit
  FROM item_audit WHERE item_code > 0 GROUP BY element_key
),

-- Every item group that another is nested in (ODM 2.0), at whatever depth.
nested AS MATERIALIZED (SELECT key, item_group_data_key AS ancestor_key FROM raw.item_group_data WHERE item_group_data_key > 0),
up(key, ancestor_key, depth) AS (
  SELECT key, ancestor_key, 1 FROM nested
  UNION ALL
  SELECT up.key, n.ancestor_key, depth + 1 FROM up JOIN nested n ON n.key = up.ancestor_key
),
ancestor AS (
  SELECT up.key, up.ancestor_key, up.depth, g.identity, g.transaction_code
  FROM up JOIN (FROM raw.item_group_data WHERE key IN (SELECT ancestor_key FROM nested)) g ON g.key = up.ancestor_key
),
outer_audit AS (
  SELECT n.key, min_by(a.audit, n.depth) AS audit
  FROM ancestor n JOIN element_audit a ON a.element_key = n.ancestor_key GROUP BY n.key
),

element AS NOT MATERIALIZED (
  SELECT 2 AS level, key, identity, transaction_code, key AS subject_data_key, 0 AS study_event_data_key, 0 AS form_data_key
  FROM raw.subject_data
  UNION ALL SELECT 3, key, identity, transaction_code, subject_data_key, key, 0 FROM raw.study_event_data
  UNION ALL SELECT 4, key, identity, transaction_code, subject_data_key, study_event_data_key, key FROM raw.form_data
  UNION ALL SELECT 5, key, identity, transaction_code, subject_data_key, study_event_data_key, form_data_key
  FROM raw.item_group_data
),

-- Rule 2: the latest snapshot of a smaller scope that holds each subject, event or form. One of sites holds, beside
-- the subjects in it, those who were last at one of its sites: a subject who moved away is not missed there.
scoped AS (FROM live WHERE part.covers IN ('sites', 'subjects', 'events', 'forms')),
stay AS (
  SELECT identity, site_code, delivery_rank,
    lead(delivery_rank) OVER (PARTITION BY identity ORDER BY delivery_rank) AS until_rank
  FROM (
    SELECT x.identity, p.part.delivery_rank AS delivery_rank, max_by(x.site_code, x.key) AS site_code
    FROM raw.subject_data x JOIN live p ON p.block = state._block(x.key) AND x.key BETWEEN p.first_key AND p.last_key
    LEFT JOIN element_audit a ON a.element_key = x.key
    WHERE x.site_code > 0
      AND state._place(a.audit, p.part, x.key).time <= coalesce(moment, TIMESTAMP 'infinity')
      AND EXISTS (FROM scoped WHERE part.covers = 'sites')
    GROUP BY ALL
  )
),
visited AS (
  SELECT p.part.source AS source, x.site_code, p.part.delivery_rank AS delivery_rank, p.part.delivery_key AS by_delivery,
    min(x.key) AS by_key
  FROM raw.subject_data x JOIN scoped p ON p.block = state._block(x.key) AND x.key BETWEEN p.first_key AND p.last_key
  WHERE p.part.covers = 'sites' AND x.site_code > 0 GROUP BY ALL
),
-- The last snapshot of each source of the site where a subject was, before she was elsewhere.
missed AS (
  SELECT source, identity, since, last_value(visit IGNORE NULLS) OVER (
    PARTITION BY source, site_code ORDER BY rank, visit IS NOT NULL) AS visit
  FROM (
    SELECT source, site_code, delivery_rank AS rank, NULL AS identity, NULL AS since,
      {delivery_rank: delivery_rank, by_delivery: by_delivery, by_key: by_key} AS visit
    FROM visited
    UNION ALL
    SELECT source, site_code, coalesce(until_rank, 9223372036854775807), identity, delivery_rank, NULL
    FROM stay, (SELECT DISTINCT source FROM visited)
  )
),
-- Subjects, events and forms of sources with such a scope.
placed AS MATERIALIZED (
  SELECT x.level, x.key, x.identity, p.part.source AS source, p.part.covers AS covers,
    p.part.delivery_rank AS delivery_rank, p.part.delivery_key AS delivery_key
  FROM element x JOIN live p ON p.block = state._block(x.key) AND x.key BETWEEN p.first_key AND p.last_key
  WHERE x.level < 5 AND p.part.source IN (SELECT part.source FROM scoped)
),
held AS (
  SELECT source, level, identity, delivery_rank, delivery_key AS by_delivery, key AS by_key FROM placed
  WHERE level = CASE covers WHEN 'sites' THEN 2 WHEN 'subjects' THEN 2 WHEN 'events' THEN 3 WHEN 'forms' THEN 4 END
  UNION ALL
  SELECT source, 2, identity, visit.delivery_rank, visit.by_delivery, visit.by_key
  FROM missed WHERE visit.delivery_rank > since
),
scope AS (
  SELECT source, level, identity, max(delivery_rank) AS delivery_rank,
    max_by({delivery_key: by_delivery, key: by_key}, (delivery_rank, by_key)) AS holder
  FROM held GROUP BY source, level, identity
),
-- Elements of deliveries before that, and the item group rows in them.
overtaken AS (
  SELECT x.level, x.key, c.delivery_rank, c.holder
  FROM placed x JOIN scope c ON c.source = x.source AND c.level = x.level AND c.identity = x.identity
  WHERE x.delivery_rank < c.delivery_rank
),
absent AS (
  SELECT key, max_by(holder, delivery_rank) AS holder FROM (
    SELECT g.key, o.delivery_rank, o.holder
    FROM overtaken o JOIN raw.item_group_data g ON g.form_data_key = o.key WHERE o.level = 4
    UNION ALL
    SELECT g.key, o.delivery_rank, o.holder
    FROM overtaken o JOIN raw.item_group_data g ON g.study_event_data_key = o.key WHERE o.level = 3
    UNION ALL
    SELECT g.key, o.delivery_rank, o.holder
    FROM overtaken o JOIN raw.item_group_data g ON g.subject_data_key = o.key WHERE o.level = 2
  ) GROUP BY key
),

-- Item group rows below an element of an identity that is removed, each with that element.
mark AS (SELECT DISTINCT level, identity FROM element WHERE transaction_code = 3),
marked AS MATERIALIZED (
  SELECT x.level, x.key, x.identity, x.transaction_code FROM element x SEMI JOIN mark m ON m.level = x.level AND m.identity = x.identity
),
below AS (
  SELECT key, level, identity, key AS above_key, transaction_code AS above_transaction FROM marked WHERE level = 5
  UNION ALL
  SELECT a.key, m.level, m.identity, a.ancestor_key, a.transaction_code
  FROM ancestor a JOIN mark m ON m.level = 5 AND m.identity = a.identity
  UNION ALL
  SELECT g.key, m.level, m.identity, m.key, m.transaction_code
  FROM marked m JOIN raw.item_group_data g ON g.form_data_key = m.key WHERE m.level = 4
  UNION ALL
  SELECT g.key, m.level, m.identity, m.key, m.transaction_code
  FROM marked m JOIN raw.item_group_data g ON g.study_event_data_key = m.key WHERE m.level = 3
  UNION ALL
  SELECT g.key, m.level, m.identity, m.key, m.transaction_code
  FROM marked m JOIN raw.item_group_data g ON g.subject_data_key = m.key WHERE m.level = 2
),

-- What needs a closer look: removals; and, of item group rows that are not absent, those of an identity that occurs
-- more than once, or below a removal, or that may assert nothing, or hold a removed item, or may be later than the
-- moment. All others are live.
present AS (
  SELECT g.key, g.identity,
    g.transaction_code = 5 OR p.part.transactional AND (g.transaction_code = 0 OR moment IS NOT NULL) AS uncertain
  FROM raw.item_group_data g JOIN live p ON p.block = state._block(g.key) AND g.key BETWEEN p.first_key AND p.last_key
  ANTI JOIN absent a ON a.key = g.key
),
repeated AS (SELECT identity FROM present GROUP BY identity HAVING count(*) > 1),
candidate AS (
  SELECT key FROM element WHERE transaction_code = 3
  UNION
  SELECT key FROM present
  WHERE uncertain OR identity IN (FROM repeated) OR key IN (SELECT key FROM below)
    OR key IN (SELECT item_group_data_key FROM raw.item_data WHERE transaction_code = 3)
),
-- Of those some of whose items have audit records, the ones with others that have none.
half_audited AS (
  SELECT DISTINCT i.item_group_data_key AS key
  FROM raw.item_data i
  ANTI JOIN item_audit a ON a.element_key = i.item_group_data_key AND a.item_code = i.item_code
  WHERE i.flags & 4 = 0 AND i.item_group_data_key IN (SELECT element_key FROM latest_item_audit)
    AND i.item_group_data_key IN (FROM candidate)
),
-- The audit record of each of them, its own or that of the nearest element above, and the latest of its items.
audited AS (
  SELECT e.level, e.key, e.identity, e.transaction_code, p.part,
    coalesce(a.audit, o.audit, f.audit, v.audit, s.audit) AS audit,
    i.element_key IS NOT NULL AS has_item_audit, h.key IS NOT NULL AS is_half_audited, i.audit AS item_audit
  FROM (FROM element WHERE key IN (FROM candidate)) e
  JOIN live p ON p.block = state._block(e.key) AND e.key BETWEEN p.first_key AND p.last_key
  LEFT JOIN element_audit a ON a.element_key = e.key
  LEFT JOIN outer_audit o ON o.key = e.key
  LEFT JOIN element_audit f ON f.element_key = e.form_data_key
  LEFT JOIN element_audit v ON v.element_key = e.study_event_data_key
  LEFT JOIN element_audit s ON s.element_key = e.subject_data_key
  LEFT JOIN latest_item_audit i ON i.element_key = e.key
  LEFT JOIN half_audited h ON h.key = e.key
),
-- `item_place` orders what its items say without an audit record of their own. `place` orders the element itself: an
-- item group row is as late as the latest of its items. `asserted`: it was there at the moment.
touched AS (
  SELECT level, key, identity, transaction_code, part, is_said OR audit IS NULL AND item_audit IS NOT NULL AS asserted,
    item_place,
    CASE WHEN is_said AND item_audit IS NULL THEN item_place
      WHEN is_said THEN greatest(item_place, state._place(item_audit, part, key))
      ELSE state._place(item_audit, part, key) END AS place
  FROM (
    -- Where all items have audit records and nothing around them has, they alone tell when it was said.
    SELECT *, (audit IS NOT NULL OR NOT has_item_audit OR is_half_audited)
      AND item_place.time <= coalesce(moment, TIMESTAMP 'infinity') AS is_said
    FROM (SELECT *, state._place(audit, part, key) AS item_place FROM audited)
  )
),
touched_row AS (FROM touched WHERE level = 5),

-- Rule 3. A Remove takes down what stands in the removing element itself, whatever its own place and time. The greatest
-- key is that of the innermost.
inside AS (SELECT key, max(above_key) AS by_key FROM below WHERE above_transaction = 3 GROUP BY key),
-- Every Remove; and of all that each other row stands in the last one.
removal AS (
  SELECT level, identity, place, part.delivery_key AS by_delivery FROM touched WHERE transaction_code = 3 AND asserted
),
last_removal AS (
  SELECT level, identity, count(*) AS times, max(place) AS place, max_by(by_delivery, place) AS by_delivery
  FROM removal GROUP BY level, identity
),
row_removal AS (
  SELECT b.key, sum(r.times) AS times, max(r.place) AS place, max_by(r.by_delivery, r.place) AS by_delivery
  FROM below b JOIN last_removal r ON r.level = b.level AND r.identity = b.identity
  WHERE b.key NOT IN (SELECT key FROM inside) GROUP BY b.key
),
verdict AS (
  SELECT key, 'absent' AS reason, holder.delivery_key AS by_delivery, holder.key AS by_key FROM absent
  UNION ALL
  SELECT t.key, 'removed', r.by_delivery, r.place.key
  FROM touched_row t JOIN row_removal r ON r.key = t.key WHERE t.place <= r.place
  UNION ALL
  SELECT t.key, 'removed', t.part.delivery_key, i.by_key FROM touched_row t JOIN inside i ON i.key = t.key
  UNION ALL
  -- Rule 5.
  SELECT t.key, 'context', t.part.delivery_key, t.key FROM touched_row t
  WHERE (t.transaction_code = 5 OR t.part.transactional AND t.transaction_code = 0)
    AND NOT EXISTS (FROM raw.item_data i WHERE i.item_group_data_key = t.key AND i.flags & 4 = 0)
),
gone AS (
  SELECT key, reason, by_delivery, by_key FROM verdict QUALIFY reason = min(reason) OVER (PARTITION BY key)
),

-- Rule 4: items of identities with several live rows, removed items, and (rule 3) items from before a removal in rows
-- that say something after it. `turn` numbers their places: whole numbers are compared faster than places.
place AS (
  SELECT key, 0 AS item_code, item_place AS place FROM touched_row
  UNION ALL
  SELECT t.key, a.item_code, state._place(a.audit, t.part, t.key)
  FROM touched_row t JOIN item_audit a ON a.element_key = t.key AND a.item_code > 0 WHERE t.part.transactional
),
turn AS MATERIALIZED (SELECT key, item_code, place, dense_rank() OVER (ORDER BY place) AS turn FROM place),
row_turn AS (
  SELECT key, t.identity, t.part.delivery_key AS delivery_key, n.turn, n.place.time AS time
  FROM touched_row t JOIN turn n USING (key) WHERE n.item_code = 0 AND key NOT IN (SELECT key FROM gone)
),
item_turn AS (SELECT key, item_code, turn, place.time AS time FROM turn WHERE item_code > 0),
item AS (
  SELECT r.identity, r.key, i.item_code, i.transaction_code, r.delivery_key,
    coalesce(n.turn, r.turn) AS turn, coalesce(n.time, r.time) AS time
  FROM row_turn r JOIN raw.item_data i ON i.item_group_data_key = r.key
  LEFT JOIN item_turn n ON n.key = i.item_group_data_key AND n.item_code = i.item_code
  WHERE i.flags & 4 = 0
),
said AS (FROM item WHERE time <= coalesce(moment, TIMESTAMP 'infinity')),
latest AS (
  SELECT identity, item_code, max(turn) AS turn, max_by(key, turn) AS by_key, max_by(delivery_key, turn) AS by_delivery
  FROM said GROUP BY identity, item_code
),
before_removal AS (
  SELECT key, item_code, n.place, r.times, r.by_delivery, r.place.key AS by_key
  FROM (FROM said SEMI JOIN row_removal USING (key)) JOIN row_removal r USING (key)
  JOIN (SELECT turn, any_value(place) AS place FROM turn GROUP BY turn) n USING (turn)
  WHERE n.place <= r.place
),
judged AS MATERIALIZED (
  SELECT * EXCLUDE (own_turn), coalesce(is_said AND own_turn < turn AND transaction_code <> 3, false) AS replaced
  FROM (
    SELECT i.key, i.item_code, i.transaction_code, i.time <= coalesce(moment, TIMESTAMP 'infinity') AS is_said,
      i.turn AS own_turn, l.turn, l.by_key, l.by_delivery
    FROM item i LEFT JOIN latest l USING (identity, item_code)
  )
),
-- Rows all of whose items are replaced, so that what is superseded is listed by rows where it can be.
replaced AS (
  SELECT key, max_by(by_delivery, turn) AS by_delivery, max_by(by_key, turn) AS by_key
  FROM judged GROUP BY key HAVING bool_and(replaced)
),
-- Of several Removes, what was said before the last went with the first one after it.
outlived AS (
  SELECT t.key, 0 AS item_code, t.place
  FROM gone g JOIN row_removal r ON r.key = g.key JOIN touched_row t ON t.key = g.key
  WHERE g.reason = 'removed' AND r.times > 1
  UNION ALL
  SELECT key, item_code, place FROM before_removal WHERE times > 1
),
first_removal AS (
  SELECT key, item_code, min(removal).place.key AS by_key, min(removal).by_delivery AS by_delivery
  FROM (
    SELECT key, item_code, last_value(removal IGNORE NULLS) OVER (PARTITION BY level, identity ORDER BY place DESC) AS removal
    FROM (
      SELECT level, identity, place, NULL AS key, NULL AS item_code, {place: place, by_delivery: by_delivery} AS removal
      FROM removal
      UNION ALL
      SELECT b.level, b.identity, o.place, o.key, o.item_code, NULL FROM outlived o JOIN below b ON b.key = o.key
    )
  )
  WHERE key IS NOT NULL GROUP BY key, item_code
)
SELECT g.key AS item_group_data_key, 0 AS item_code, g.reason, coalesce(f.by_delivery, g.by_delivery) AS superseded_by,
  coalesce(f.by_key, g.by_key) AS superseded_by_key
FROM gone g LEFT JOIN first_removal f ON f.key = g.key AND f.item_code = 0
UNION ALL
SELECT t.key, 0, 'later', NULL, NULL FROM touched_row t
WHERE moment IS NOT NULL AND (NOT t.asserted OR t.part.transactional AND t.transaction_code IN (0, 5))
  AND t.key NOT IN (SELECT key FROM gone) AND t.key NOT IN (SELECT key FROM said)
UNION ALL
SELECT key, 0, 'replaced', by_delivery, by_key FROM replaced
UNION ALL
SELECT key, item_code, 'later', NULL, NULL FROM judged WHERE NOT is_said
UNION ALL
SELECT i.key, i.item_code, CASE WHEN i.replaced THEN 'replaced' ELSE 'removed' END,
  CASE WHEN i.replaced OR i.transaction_code = 3 THEN i.by_delivery ELSE coalesce(f.by_delivery, b.by_delivery) END,
  CASE WHEN i.replaced OR i.transaction_code = 3 THEN i.by_key ELSE coalesce(f.by_key, b.by_key) END
FROM judged i
LEFT JOIN before_removal b ON b.key = i.key AND b.item_code = i.item_code
LEFT JOIN first_removal f ON f.key = i.key AND f.item_code = i.item_code
WHERE i.is_said AND (i.replaced OR i.transaction_code = 3 OR b.key IS NOT NULL) AND i.key NOT IN (SELECT key FROM replaced);
COMMENT ON MACRO TABLE state._superseded IS 'Item group rows (item_code 0) and items in parts that stand which are not live, each with what superseded it; later: said after the moment. Part of the rules of state.';
