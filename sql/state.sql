-- state: what of raw is live, by the rules of state-rules.sql. Derived from raw alone.
-- The whole file is run again whenever a delivery has changed raw.
CREATE OR REPLACE TABLE state.part AS FROM state._part(NULL, NULL::TIMESTAMP) ORDER BY rank;
COMMENT ON TABLE state.part IS 'Every part of every delivery with its place in the order, and what superseded it as a whole, if anything: a later complete snapshot, or the same bytes read anew.';
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
COMMENT ON COLUMN state.part.covers IS 'What is removed by not being in it. study: whatever it does not hold. sites, subjects, events, forms: what the sites, subjects, events, forms that it holds have lost. increment: nothing.';
COMMENT ON COLUMN state.part.rank IS 'Its place in the order of all parts.';
COMMENT ON COLUMN state.part.delivery_rank IS 'The place of the last part of its delivery.';
COMMENT ON COLUMN state.part.superseded_by IS 'Delivery of the complete snapshot, or of the same bytes under other declarations, that superseded it; NULL if it stands.';

CREATE OR REPLACE TEMP TABLE superseded AS FROM state._superseded(NULL, NULL::TIMESTAMP);

CREATE OR REPLACE TABLE state.superseded_element AS
SELECT item_group_data_key, reason, superseded_by, superseded_by_key
FROM superseded WHERE item_code = 0 ORDER BY item_group_data_key;
COMMENT ON TABLE state.superseded_element IS 'Item group rows in standing parts that are not live, each with what superseded it.';
COMMENT ON COLUMN state.superseded_element.item_group_data_key IS 'The row of raw.item_group_data.';
COMMENT ON COLUMN state.superseded_element.reason IS 'absent: a later snapshot of its subject, event, form or site does not hold it, or holds it anew. removed: a TransactionType Remove. replaced: later records of the same items, of each of its items. context: the row itself asserts nothing.';
COMMENT ON COLUMN state.superseded_element.superseded_by IS 'The delivery that did it; where several replaced its items, the last of them.';
COMMENT ON COLUMN state.superseded_element.superseded_by_key IS 'The element that did it; where several replaced its items, the last of them.';

CREATE OR REPLACE TABLE state.superseded_item AS
FROM superseded WHERE item_code > 0 ORDER BY item_group_data_key, item_code;
COMMENT ON TABLE state.superseded_item IS 'Items in live item group rows that are not live, each with what superseded it. An item with several Values (ODM 2.0) has an entry for each.';
COMMENT ON COLUMN state.superseded_item.item_group_data_key IS 'The row of raw.item_group_data.';
COMMENT ON COLUMN state.superseded_item.item_code IS 'The item.';
COMMENT ON COLUMN state.superseded_item.reason IS 'replaced: a later record of the same item. removed: its own TransactionType is Remove, or it was said before a Remove of an element that it stands in, and something else of its row after that.';
COMMENT ON COLUMN state.superseded_item.superseded_by IS 'The delivery that did it.';
COMMENT ON COLUMN state.superseded_item.superseded_by_key IS 'The item group row that did it, or the element with the Remove.';

DROP TABLE superseded;

-- Where each subject is now: the site of its latest record that names one.
CREATE OR REPLACE TABLE state.subject AS
WITH live AS (FROM state._live_part(NULL, NULL::TIMESTAMP)),
audit AS (
  SELECT element_key, max(state._audit(datetime_utc, source_id)) AS audit
  FROM raw.audit_record WHERE item_code = 0 AND datetime_utc IS NOT NULL AND element_key IN (SELECT key FROM raw.subject_data)
  GROUP BY element_key
),
record AS (
  SELECT x.identity, x.subject_key, x.site_code, c.study_code, x.transaction_code, state._place(a.audit, p.part, x.key) AS place
  FROM raw.subject_data x
  JOIN live p ON p.block = state._block(x.key) AND x.key BETWEEN p.first_key AND p.last_key
  LEFT JOIN audit a ON a.element_key = x.key AND p.part.transactional
  LEFT JOIN raw.clinical_data c ON c.key = x.clinical_data_key
)
SELECT identity, max_by(subject_key, place) AS subject_key,
  max_by(site_code, place) FILTER (site_code > 0) AS site_code,
  max_by(study_code, place) AS study_code, bool_or(transaction_code <> 3) AS live_record
FROM record
GROUP BY identity ORDER BY subject_key, identity;
COMMENT ON TABLE state.subject IS 'Every subject that a standing part holds, once.';
COMMENT ON COLUMN state.subject.identity IS 'Identity of the subject.';
COMMENT ON COLUMN state.subject.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN state.subject.site_code IS 'LocationOID of its latest SiteRef: raw.dictionary. Subjects move; raw.subject_data has the history.';
COMMENT ON COLUMN state.subject.study_code IS 'StudyOID of its latest record.';
COMMENT ON COLUMN state.subject.live_record IS 'Whether any of its records is something other than a Remove.';
