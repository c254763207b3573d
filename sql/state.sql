-- state: what of raw is live. Derived from raw alone; docs/state.md has the rules, numbered as here.
-- The whole file is run again whenever a delivery has changed raw.
CREATE SCHEMA IF NOT EXISTS state;

-- Every part with its place in the order. A part of the same bytes as an earlier one has the earlier one's keys.
CREATE OR REPLACE TABLE state.part AS
WITH part AS (
  SELECT
    p.delivery_key, p.ordinal, d.source, p.format, p.name, p.content_sha256, p.first_key, p.last_key,
    coalesce(p.as_of_utc, p.creation_utc) AS time_utc,
    p.creation_utc,
    coalesce(p.file_type = 'Transactional', false) AS transactional,
    CASE
      WHEN p.format = 'csv' THEN d.covers
      WHEN p.file_type = 'Snapshot' AND p.item_group_data_count > 0 THEN d.covers
      ELSE 'increment'
    END AS covers
  FROM raw.part p JOIN raw.delivery d USING (delivery_key)
),
ranked AS (
  SELECT *, row_number() OVER (
    ORDER BY time_utc NULLS FIRST, creation_utc NULLS FIRST,
      CASE WHEN time_utc IS NULL THEN delivery_key ELSE 0 END, first_sha256, delivery_key, ordinal
  ) AS rank
  FROM (SELECT *, first_value(content_sha256) OVER (PARTITION BY delivery_key ORDER BY ordinal) AS first_sha256 FROM part)
),
delivery AS (
  SELECT delivery_key, source, max(rank) AS delivery_rank, bool_or(covers = 'study') AS complete
  FROM ranked GROUP BY delivery_key, source
)
SELECT
  r.* EXCLUDE (rank, first_sha256), r.rank, d.delivery_rank,
  (SELECT max_by(c.delivery_key, c.delivery_rank) FROM delivery c
   WHERE c.complete AND c.source = r.source AND c.delivery_rank > d.delivery_rank) AS superseded_by
FROM ranked r JOIN delivery d USING (delivery_key)
ORDER BY rank;
COMMENT ON TABLE state.part IS 'Every part of every delivery with its place in the order, and the complete snapshot that superseded it as a whole, if any (rule 1).';
COMMENT ON COLUMN state.part.delivery_key IS 'The delivery: raw.delivery.';
COMMENT ON COLUMN state.part.ordinal IS 'The part within it: raw.part.';
COMMENT ON COLUMN state.part.source IS 'The source of the delivery.';
COMMENT ON COLUMN state.part.format IS 'odm or csv.';
COMMENT ON COLUMN state.part.name IS 'File name relative to the project.';
COMMENT ON COLUMN state.part.content_sha256 IS 'SHA-256 of its bytes, unpacked.';
COMMENT ON COLUMN state.part.first_key IS 'First key of its content.';
COMMENT ON COLUMN state.part.last_key IS 'Last key of its content.';
COMMENT ON COLUMN state.part.time_utc IS 'AsOfDateTime, else CreationDateTime, in UTC; NULL for sources without time of their own.';
COMMENT ON COLUMN state.part.creation_utc IS 'CreationDateTime in UTC.';
COMMENT ON COLUMN state.part.transactional IS 'Whether FileType is Transactional.';
COMMENT ON COLUMN state.part.covers IS 'What its absences mean (docs/state.md).';
COMMENT ON COLUMN state.part.rank IS 'Its place in the order of all parts.';
COMMENT ON COLUMN state.part.delivery_rank IS 'The place of the last part of its delivery.';
COMMENT ON COLUMN state.part.superseded_by IS 'Delivery of the complete snapshot that superseded it; NULL if it stands.';

-- Parts that stand: one row a key range, in key order.
CREATE OR REPLACE TEMP TABLE live_part AS
SELECT first_key, last_key, max_by({delivery_key: delivery_key, source: source, time_utc: time_utc,
  creation_utc: creation_utc, transactional: transactional, covers: covers, rank: rank, delivery_rank: delivery_rank},
  rank) AS part
FROM state.part WHERE superseded_by IS NULL AND first_key IS NOT NULL
GROUP BY first_key, last_key ORDER BY first_key;

-- The latest audit record of each element and item of Transactional parts, for the order: a snapshot is of one moment. What else the document says of the same element, in
-- further rows of an item group in which an item stands twice, has the same one.
CREATE OR REPLACE TEMP TABLE item_audit AS
SELECT element_key, item_code, max({t: datetime_utc, n: coalesce(try_cast(source_id AS HUGEINT), -1), s: coalesce(source_id, '')}) AS audit
FROM raw.audit_record a ASOF JOIN live_part p ON a.key >= p.first_key
WHERE a.key <= p.last_key AND p.part.transactional AND element_key > 0 AND datetime_utc IS NOT NULL
GROUP BY element_key, item_code;

CREATE OR REPLACE TEMP TABLE element_audit AS
SELECT element_key, audit FROM item_audit WHERE item_code = 0
UNION ALL
SELECT x.key, a.audit
FROM item_audit a
JOIN raw.item_group_data f ON f.key = a.element_key
JOIN raw.item_group_data x ON x.parent_key = f.parent_key AND x.place = f.place AND x.key > f.key
WHERE a.item_code = 0;

-- Every item group that another is nested in (ODM 2.0), at whatever depth.
CREATE OR REPLACE TEMP TABLE ancestor AS
WITH RECURSIVE up(key, ancestor_key, depth) AS (
  SELECT key, item_group_data_key, 1 FROM raw.item_group_data WHERE item_group_data_key > 0
  UNION ALL
  SELECT up.key, g.item_group_data_key, depth + 1 FROM up JOIN raw.item_group_data g ON g.key = up.ancestor_key
  WHERE g.item_group_data_key > 0
)
SELECT up.key, up.ancestor_key, up.depth, g.identity, g.transaction_code
FROM up JOIN raw.item_group_data g ON g.key = up.ancestor_key;

CREATE OR REPLACE TEMP VIEW subject_row AS
SELECT x.key, x.identity, x.transaction_code, p.part, x.site_code, a.audit
FROM raw.subject_data x
ASOF JOIN live_part p ON x.key >= p.first_key
LEFT JOIN element_audit a ON a.element_key = x.key
WHERE x.key <= p.last_key;

CREATE OR REPLACE TEMP VIEW event_row AS
SELECT x.key, x.identity, x.transaction_code, p.part, x.subject_data_key, coalesce(a.audit, s.audit) AS audit
FROM raw.study_event_data x
ASOF JOIN live_part p ON x.key >= p.first_key
LEFT JOIN element_audit a ON a.element_key = x.key
LEFT JOIN element_audit s ON s.element_key = x.subject_data_key
WHERE x.key <= p.last_key;

CREATE OR REPLACE TEMP VIEW form_row AS
SELECT x.key, x.identity, x.transaction_code, p.part, x.subject_data_key, x.study_event_data_key,
  coalesce(a.audit, e.audit, s.audit) AS audit
FROM raw.form_data x
ASOF JOIN live_part p ON x.key >= p.first_key
LEFT JOIN element_audit a ON a.element_key = x.key
LEFT JOIN element_audit e ON e.element_key = x.study_event_data_key
LEFT JOIN element_audit s ON s.element_key = x.subject_data_key
WHERE x.key <= p.last_key;

-- `audit` orders what the row says without an audit record of its own. `latest_audit` orders the row itself: it is as
-- late as the latest of its items.
CREATE OR REPLACE TEMP VIEW group_row AS
SELECT x.key, x.identity, x.transaction_code, p.part, x.subject_data_key, x.study_event_data_key, x.form_data_key,
  coalesce(a.audit, o.audit, f.audit, e.audit, s.audit) AS audit,
  CASE WHEN coalesce(a.audit, o.audit, f.audit, e.audit, s.audit) IS NULL
         OR i.audit > coalesce(a.audit, o.audit, f.audit, e.audit, s.audit) THEN i.audit
       ELSE coalesce(a.audit, o.audit, f.audit, e.audit, s.audit) END AS latest_audit
FROM raw.item_group_data x
ASOF JOIN live_part p ON x.key >= p.first_key
LEFT JOIN element_audit a ON a.element_key = x.key
LEFT JOIN (SELECT n.key, min_by(a.audit, n.depth) AS audit FROM ancestor n JOIN element_audit a ON a.element_key = n.ancestor_key GROUP BY n.key) o
  ON o.key = x.key
LEFT JOIN element_audit f ON f.element_key = x.form_data_key
LEFT JOIN element_audit e ON e.element_key = x.study_event_data_key
LEFT JOIN element_audit s ON s.element_key = x.subject_data_key
LEFT JOIN (SELECT element_key, max(audit) AS audit FROM item_audit WHERE item_code > 0 GROUP BY element_key) i ON i.element_key = x.key
WHERE x.key <= p.last_key;

-- The total order of docs/state.md, as one comparable value.
CREATE OR REPLACE TEMP MACRO place_in_order(audit, part, key) AS {
  time: coalesce(CASE WHEN (part).transactional THEN (audit).t END, (part).time_utc, TIMESTAMP '0001-01-01'),
  source_number: coalesce((audit).n, -1), source_text: coalesce((audit).s, ''),
  creation: coalesce((part).creation_utc, TIMESTAMP '0001-01-01'), rank: (part).rank, key: key};

-- Rule 3: the last Remove of each identity, at every level.
CREATE OR REPLACE TEMP TABLE removal AS
SELECT level, identity, max(place_in_order(audit, part, key)) AS place, max_by(part.delivery_key, place_in_order(audit, part, key)) AS by_delivery
FROM (
  SELECT 2 AS level, key, identity, audit, part FROM subject_row WHERE transaction_code = 3
  UNION ALL SELECT 3, key, identity, audit, part FROM event_row WHERE transaction_code = 3
  UNION ALL SELECT 4, key, identity, audit, part FROM form_row WHERE transaction_code = 3
  UNION ALL SELECT 5, key, identity, latest_audit, part FROM group_row WHERE transaction_code = 3
)
GROUP BY level, identity;

-- Rule 2: the latest snapshot of a smaller scope that holds each subject, event or form. One of sites holds, beside
-- the subjects in it, those who were last at one of its sites: a subject who moved away is not missed there.
CREATE OR REPLACE TEMP TABLE scope AS
WITH stay AS (
  SELECT identity, site_code, delivery_rank,
    lead(delivery_rank) OVER (PARTITION BY identity ORDER BY delivery_rank) AS until_rank
  FROM (SELECT identity, part.delivery_rank AS delivery_rank, max_by(site_code, key) AS site_code
        FROM subject_row WHERE site_code > 0 GROUP BY ALL)
),
visited AS (
  SELECT part.source AS source, site_code, part.delivery_rank AS delivery_rank, part.delivery_key AS by_delivery, min(key) AS by_key
  FROM subject_row WHERE part.covers = 'sites' AND site_code > 0 GROUP BY ALL
),
held AS (
  SELECT part.source AS source, 2 AS level, identity, part.delivery_rank AS delivery_rank, part.delivery_key AS by_delivery, key AS by_key
  FROM subject_row WHERE part.covers IN ('subjects', 'sites')
  UNION ALL
  SELECT part.source, 3, identity, part.delivery_rank, part.delivery_key, key FROM event_row WHERE part.covers = 'events'
  UNION ALL
  SELECT part.source, 4, identity, part.delivery_rank, part.delivery_key, key FROM form_row WHERE part.covers = 'forms'
  UNION ALL
  SELECT v.source, 2, s.identity, v.delivery_rank, v.by_delivery, v.by_key
  FROM stay s JOIN visited v ON v.site_code = s.site_code AND v.delivery_rank > s.delivery_rank
    AND (s.until_rank IS NULL OR v.delivery_rank < s.until_rank)
)
SELECT source, level, identity, max(delivery_rank) AS delivery_rank, max_by(by_delivery, (delivery_rank, by_key)) AS by_delivery,
  max_by(by_key, (delivery_rank, by_key)) AS by_key
FROM held GROUP BY source, level, identity;

-- Item group rows that need a closer look: of an identity that occurs more than once, or below a removal or a scope,
-- or that may assert nothing. All others are live as they stand.
CREATE OR REPLACE TEMP TABLE repeated AS
SELECT identity FROM raw.item_group_data x ASOF JOIN live_part p ON x.key >= p.first_key
WHERE x.key <= p.last_key GROUP BY identity HAVING count(*) > 1;

CREATE OR REPLACE TEMP TABLE touched AS
WITH below AS (
  SELECT g.key, 5 AS level, g.identity FROM raw.item_group_data g WHERE g.identity IN (SELECT identity FROM removal WHERE level = 5)
  UNION ALL SELECT a.key, 5, a.identity FROM ancestor a WHERE a.identity IN (SELECT identity FROM removal WHERE level = 5)
  UNION ALL SELECT g.key, 4, f.identity FROM raw.item_group_data g JOIN raw.form_data f ON f.key = g.form_data_key
    WHERE f.identity IN (SELECT identity FROM removal WHERE level = 4 UNION SELECT identity FROM scope WHERE level = 4)
  UNION ALL SELECT g.key, 3, e.identity FROM raw.item_group_data g JOIN raw.study_event_data e ON e.key = g.study_event_data_key
    WHERE e.identity IN (SELECT identity FROM removal WHERE level = 3 UNION SELECT identity FROM scope WHERE level = 3)
  UNION ALL SELECT g.key, 2, s.identity FROM raw.item_group_data g JOIN raw.subject_data s ON s.key = g.subject_data_key
    WHERE s.identity IN (SELECT identity FROM removal WHERE level = 2 UNION SELECT identity FROM scope WHERE level = 2)
),
candidate AS (
  SELECT key FROM below
  UNION SELECT key FROM raw.item_group_data WHERE identity IN (FROM repeated)
  UNION SELECT g.key FROM raw.item_group_data g ASOF JOIN live_part p ON g.key >= p.first_key
    WHERE g.key <= p.last_key AND (g.transaction_code = 5 OR p.part.transactional AND g.transaction_code = 0)
)
SELECT g.key, g.identity, g.transaction_code, g.part, place_in_order(g.latest_audit, g.part, g.key) AS place,
  place_in_order(g.audit, g.part, g.key) AS item_place,
  list({level: b.level, identity: b.identity}) FILTER (b.level IS NOT NULL) AS above
FROM group_row g LEFT JOIN below b USING (key)
WHERE g.key IN (FROM candidate)
GROUP BY ALL;

-- The last removal of each of them, or of what it stands in.
CREATE OR REPLACE TEMP TABLE touched_removal AS
SELECT t.key, max(r.place) AS place, max_by(r.by_delivery, r.place) AS by_delivery
FROM touched t, unnest(t.above) AS u(a)
JOIN removal r ON r.level = u.a.level AND r.identity = u.a.identity
GROUP BY t.key;

CREATE OR REPLACE TABLE state.superseded_element AS
WITH verdict AS (
  SELECT t.key, 'absent' AS reason, c.by_delivery, c.by_key
  FROM touched t, unnest(t.above) AS u(a)
  JOIN scope c ON c.level = u.a.level AND c.identity = u.a.identity AND c.source = t.part.source
    AND t.part.delivery_rank < c.delivery_rank
  UNION ALL
  SELECT t.key, 'removed', r.by_delivery, r.place.key FROM touched t JOIN touched_removal r ON r.key = t.key AND t.place <= r.place
  UNION ALL
  SELECT g.key, 'removed', t.part.delivery_key, t.key
  FROM touched t JOIN group_row g ON g.key = t.key WHERE t.transaction_code = 3
  UNION ALL
  SELECT t.key, 'context', t.part.delivery_key, t.key FROM touched t WHERE t.transaction_code = 5
    AND NOT EXISTS (FROM raw.item_data i WHERE i.item_group_data_key = t.key AND i.flags & 4 = 0)
  UNION ALL
  SELECT t.key, 'context', t.part.delivery_key, t.key FROM touched t WHERE t.part.transactional AND t.transaction_code = 0
    AND NOT EXISTS (FROM raw.item_data i WHERE i.item_group_data_key = t.key AND i.flags & 4 = 0)
)
SELECT key AS item_group_data_key, min(reason) AS reason,
  max_by(by_delivery, by_key) AS superseded_by, max(by_key) AS superseded_by_key
FROM verdict GROUP BY key ORDER BY key;

-- A Remove takes down what stands in the removing element itself, whatever its own place.
INSERT INTO state.superseded_element
SELECT g.key, 'removed', g.part.delivery_key, coalesce(o.key, f.key, e.key, s.key)
FROM group_row g
LEFT JOIN (SELECT key AS nested_key, max(ancestor_key) AS key FROM ancestor WHERE transaction_code = 3 GROUP BY key) o ON o.nested_key = g.key
LEFT JOIN raw.form_data f ON f.key = g.form_data_key AND f.transaction_code = 3
LEFT JOIN raw.study_event_data e ON e.key = g.study_event_data_key AND e.transaction_code = 3
LEFT JOIN raw.subject_data s ON s.key = g.subject_data_key AND s.transaction_code = 3
WHERE coalesce(o.key, f.key, e.key, s.key) IS NOT NULL
  AND g.key NOT IN (SELECT item_group_data_key FROM state.superseded_element);
COMMENT ON TABLE state.superseded_element IS 'Item group rows in standing parts that are not live, each with what superseded it (rules 2, 3, 5).';
COMMENT ON COLUMN state.superseded_element.item_group_data_key IS 'The row of raw.item_group_data.';
COMMENT ON COLUMN state.superseded_element.reason IS 'absent: a later snapshot of its subject, event, form or site does not hold it, or holds it anew. removed: a TransactionType Remove. context: the row itself asserts nothing.';
COMMENT ON COLUMN state.superseded_element.superseded_by IS 'The delivery that did it.';
COMMENT ON COLUMN state.superseded_element.superseded_by_key IS 'The element that did it.';

-- Rule 4: items of identities with several live rows, removed items, and (rule 3) items from before a removal in rows
-- that say something after it.
CREATE OR REPLACE TABLE state.superseded_item AS
WITH item AS (
  SELECT t.identity, i.item_group_data_key, i.item_code, i.transaction_code, t.part,
    {time: coalesce(CASE WHEN t.part.transactional THEN (a.audit).t END, t.item_place.time),
     source_number: coalesce((a.audit).n, t.item_place.source_number), source_text: coalesce((a.audit).s, t.item_place.source_text),
     creation: t.item_place.creation, rank: t.item_place.rank, key: t.item_place.key} AS place
  FROM touched t JOIN raw.item_data i ON i.item_group_data_key = t.key
  LEFT JOIN item_audit a ON a.element_key = i.item_group_data_key AND a.item_code = i.item_code
  WHERE i.flags & 4 = 0 AND t.key NOT IN (SELECT item_group_data_key FROM state.superseded_element)
),
latest AS (
  SELECT identity, item_code, max(place) AS place, max_by(part.delivery_key, place) AS by_delivery
  FROM item GROUP BY identity, item_code
)
SELECT i.item_group_data_key, i.item_code,
  CASE WHEN i.place < l.place AND i.transaction_code <> 3 THEN 'replaced' ELSE 'removed' END AS reason,
  CASE WHEN i.place < l.place OR i.transaction_code = 3 THEN l.by_delivery ELSE r.by_delivery END AS superseded_by,
  CASE WHEN i.place < l.place OR i.transaction_code = 3 THEN l.place.key ELSE r.place.key END AS superseded_by_key
FROM item i JOIN latest l USING (identity, item_code) LEFT JOIN touched_removal r ON r.key = i.item_group_data_key
WHERE i.place < l.place OR i.transaction_code = 3 OR i.place <= r.place
UNION ALL
SELECT i.item_group_data_key, i.item_code, 'removed', p.part.delivery_key, i.item_group_data_key
FROM raw.item_data i ASOF JOIN live_part p ON i.item_group_data_key >= p.first_key
WHERE i.item_group_data_key <= p.last_key AND i.transaction_code = 3
  AND i.item_group_data_key NOT IN (SELECT key FROM touched)
ORDER BY 1, 2;
COMMENT ON TABLE state.superseded_item IS 'Items in live item group rows that are not live, each with what superseded it (rule 4).';
COMMENT ON COLUMN state.superseded_item.item_group_data_key IS 'The row of raw.item_group_data.';
COMMENT ON COLUMN state.superseded_item.item_code IS 'The item.';
COMMENT ON COLUMN state.superseded_item.reason IS 'replaced: a later record of the same item. removed: its own TransactionType is Remove.';
COMMENT ON COLUMN state.superseded_item.superseded_by IS 'The delivery that did it.';
COMMENT ON COLUMN state.superseded_item.superseded_by_key IS 'The item group row that did it.';

-- Where each subject is now: the site of its latest record that names one.
CREATE OR REPLACE TABLE state.subject AS
SELECT identity, max_by(subject_key, place) AS subject_key,
  max_by(site_code, place) FILTER (site_code > 0) AS site_code,
  max_by(study_code, place) AS study_code, min(transaction_code = 3) = false AS live_record
FROM (
  SELECT x.identity, x.subject_key, x.site_code, c.study_code, x.transaction_code,
    place_in_order(r.audit, r.part, r.key) AS place
  FROM subject_row r JOIN raw.subject_data x ON x.key = r.key
  LEFT JOIN raw.clinical_data c ON c.key = x.clinical_data_key
)
GROUP BY identity ORDER BY subject_key, identity;
COMMENT ON TABLE state.subject IS 'Every subject that a standing part holds, once.';
COMMENT ON COLUMN state.subject.identity IS 'Identity of the subject.';
COMMENT ON COLUMN state.subject.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN state.subject.site_code IS 'LocationOID of its latest SiteRef: raw.dictionary. Subjects move; raw.subject_data has the history.';
COMMENT ON COLUMN state.subject.study_code IS 'StudyOID of its latest record.';
COMMENT ON COLUMN state.subject.live_record IS 'Whether any of its records is something other than a Remove.';
