-- recon: which versions of the definitions say something else than the ones before them, and what each side says.
CREATE OR REPLACE VIEW recon._version_sent AS
SELECT v.metadata_version_key, d.system, v.study_oid, v.oid, coalesce(v.include_study_oid, v.study_oid) AS include_study_oid,
  v.include_oid, p.delivery_rank, p.delivery_key, p.source, p.name AS part,
  row_number() OVER (ORDER BY p.rank, v.metadata_version_key) AS place
FROM meta.metadata_version v
JOIN state.part p ON v.metadata_version_key BETWEEN p.first_key AND p.last_key
JOIN raw.delivery d ON d.delivery_key = p.delivery_key;
COMMENT ON VIEW recon._version_sent IS 'Every MetaDataVersion as often as it was sent.';
COMMENT ON COLUMN recon._version_sent.metadata_version_key IS 'The version; the same where the same bytes came again.';
COMMENT ON COLUMN recon._version_sent.system IS 'The source system.';
COMMENT ON COLUMN recon._version_sent.study_oid IS 'OID of its Study.';
COMMENT ON COLUMN recon._version_sent.oid IS 'OID.';
COMMENT ON COLUMN recon._version_sent.include_study_oid IS 'Study of the version that it includes.';
COMMENT ON COLUMN recon._version_sent.include_oid IS 'OID of the version that it includes; NULL for none.';
COMMENT ON COLUMN recon._version_sent.delivery_rank IS 'Place of its delivery: state.part.';
COMMENT ON COLUMN recon._version_sent.delivery_key IS 'The delivery.';
COMMENT ON COLUMN recon._version_sent.source IS 'The source.';
COMMENT ON COLUMN recon._version_sent.part IS 'The file.';
COMMENT ON COLUMN recon._version_sent.place IS 'Its place among all, in the order of the parts, then of the file.';

CREATE OR REPLACE VIEW recon._version_step AS
WITH RECURSIVE sent AS MATERIALIZED (
  SELECT *, lag(place) OVER (PARTITION BY system, study_oid, oid ORDER BY place) AS same FROM recon._version_sent
),
including(system, study_oid, oid, included_study_oid, included_oid) AS (
  SELECT system, study_oid, oid, include_study_oid, include_oid FROM sent WHERE include_oid IS NOT NULL
  UNION
  SELECT i.system, i.study_oid, i.oid, s.include_study_oid, s.include_oid
  FROM including i JOIN sent s ON s.system = i.system AND s.study_oid = i.included_study_oid AND s.oid = i.included_oid
  WHERE s.include_oid IS NOT NULL
),
-- One that includes this one, and came too early, is no version before it.
earlier AS (
  SELECT a.place, max(b.place) AS other
  FROM (FROM sent WHERE same IS NULL) a
  JOIN sent b ON b.system = a.system AND b.study_oid = a.study_oid AND b.place < a.place
  ANTI JOIN including i ON i.system = a.system AND i.study_oid = b.study_oid AND i.oid = b.oid
    AND i.included_study_oid = a.study_oid AND i.included_oid = a.oid
  GROUP BY a.place
),
-- Most versions that are sent again say the same: they end here, without a look at what they include, which tells of
-- itself.
content AS MATERIALIZED (
  SELECT metadata_version_key, sum(content) AS content
  FROM (
    SELECT metadata_version_key, hash('event', *COLUMNS(* EXCLUDE (metadata_version_key, ordinal))) AS content FROM meta.study_event_def
    UNION ALL
    SELECT metadata_version_key, hash('form', *COLUMNS(* EXCLUDE (metadata_version_key, ordinal))) FROM meta.form_def
    UNION ALL
    SELECT metadata_version_key, hash('item group', *COLUMNS(* EXCLUDE (metadata_version_key, ordinal))) FROM meta.item_group_def
    UNION ALL
    SELECT metadata_version_key, hash('item', *COLUMNS(* EXCLUDE (metadata_version_key, ordinal))) FROM meta.item_def
    UNION ALL
    SELECT metadata_version_key, hash('reference', element, parent_oid, child_oid, mandatory) FROM meta.definition_ref
    UNION ALL
    SELECT metadata_version_key, hash('code list', *COLUMNS(* EXCLUDE (metadata_version_key, ordinal))) FROM meta.code_list
    UNION ALL
    SELECT metadata_version_key, hash('code list item', code_list_oid, coded_value, decode) FROM meta.code_list_item
    UNION ALL
    SELECT metadata_version_key, hash('item unit', item_oid, measurement_unit_oid) FROM meta.item_unit
    UNION ALL
    SELECT v.metadata_version_key, hash('unit', u.oid, u.name) FROM meta.measurement_unit u JOIN meta.metadata_version v USING (study_key)
    UNION ALL
    SELECT metadata_version_key, hash('include', include_study_oid, include_oid) FROM meta.metadata_version
  )
  GROUP BY metadata_version_key
)
SELECT a.place AS step, a.system, a.study_oid, a.delivery_key, a.source, a.part,
  b.oid AS version_before, a.oid AS version_after, b.metadata_version_key AS key_before, a.metadata_version_key AS key_after,
  a.place - 1 AS place_before, (SELECT max(d.place) FROM sent d WHERE d.delivery_rank = a.delivery_rank) AS place_after
FROM sent a
LEFT JOIN earlier e ON e.place = a.place
JOIN sent b ON b.place = coalesce(a.same, e.other)
JOIN content x ON x.metadata_version_key = a.metadata_version_key
JOIN content y ON y.metadata_version_key = b.metadata_version_key
WHERE x.content <> y.content;
COMMENT ON VIEW recon._version_step IS 'MetaDataVersions that say something else than the one before: than what the same OID of their study and system said before or, where it is new, than the last that was sent before it.';
COMMENT ON COLUMN recon._version_step.step IS 'Place of the version: recon._version_sent.';
COMMENT ON COLUMN recon._version_step.system IS 'The source system.';
COMMENT ON COLUMN recon._version_step.study_oid IS 'OID of the Study.';
COMMENT ON COLUMN recon._version_step.delivery_key IS 'The delivery that brought it.';
COMMENT ON COLUMN recon._version_step.source IS 'The source.';
COMMENT ON COLUMN recon._version_step.part IS 'The file.';
COMMENT ON COLUMN recon._version_step.version_before IS 'OID of the version before.';
COMMENT ON COLUMN recon._version_step.version_after IS 'OID of the version.';
COMMENT ON COLUMN recon._version_step.key_before IS 'The version before.';
COMMENT ON COLUMN recon._version_step.key_after IS 'The version.';
COMMENT ON COLUMN recon._version_step.place_before IS 'What the version before includes is as it was sent up to this place.';
COMMENT ON COLUMN recon._version_step.place_after IS 'What the version includes is as it was sent up to this place: the last of the delivery.';

-- What the two versions of each step define, with what they include: what a version defines itself replaces the
-- definition of the same OID as a whole (ODM 1.3.2, 3.1.1.3.1).
CREATE OR REPLACE VIEW recon._version_says AS
WITH RECURSIVE side AS MATERIALIZED (
  SELECT step, system, 'before' AS side, key_before AS key, place_before AS place FROM recon._version_step
  UNION ALL
  SELECT step, system, 'after', key_after, place_after FROM recon._version_step
),
sent AS MATERIALIZED (FROM recon._version_sent),
-- An Include leads to what was sent last till then; to what came too late where nothing was.
target AS MATERIALIZED (
  SELECT m.place, t.system, t.study_oid, t.oid,
    max_by(t.metadata_version_key, CASE WHEN t.place <= m.place THEN t.place ELSE -t.place END) AS key
  FROM (SELECT DISTINCT system, place FROM side) m JOIN sent t ON t.system = m.system
  SEMI JOIN sent i ON i.system = t.system AND i.include_study_oid = t.study_oid AND i.include_oid = t.oid
  GROUP BY ALL
),
chain AS (
  SELECT step, system, side, place, key, [key] AS path FROM side
  UNION ALL
  SELECT c.step, c.system, c.side, c.place, t.key, list_append(c.path, t.key)
  FROM chain c
  JOIN meta.metadata_version v ON v.metadata_version_key = c.key
  JOIN target t ON t.place = c.place AND t.system = c.system AND t.study_oid = coalesce(v.include_study_oid, v.study_oid)
    AND t.oid = v.include_oid
  WHERE NOT list_contains(c.path, t.key)
),
definition AS (
  SELECT metadata_version_key, 'event' AS kind, oid FROM meta.study_event_def
  UNION ALL SELECT metadata_version_key, 'form', oid FROM meta.form_def
  UNION ALL SELECT metadata_version_key, 'item group', oid FROM meta.item_group_def
  UNION ALL SELECT metadata_version_key, 'item', oid FROM meta.item_def
  UNION ALL SELECT metadata_version_key, 'code list', oid FROM meta.code_list
  UNION ALL SELECT v.metadata_version_key, 'unit', u.oid FROM meta.measurement_unit u JOIN meta.metadata_version v USING (study_key)
),
defined AS MATERIALIZED (
  SELECT c.step, c.side, d.kind, d.oid, min_by(c.key, len(c.path)) AS key, min(len(c.path)) AS depth
  FROM chain c JOIN definition d ON d.metadata_version_key = c.key
  GROUP BY ALL
),
reference AS MATERIALIZED (
  SELECT p.step, p.side, r.element, r.parent_oid, r.child_oid, min_by(r.mandatory, r.ordinal) AS mandatory, min(p.depth) AS depth
  FROM defined p JOIN meta.definition_ref r ON r.metadata_version_key = p.key AND r.parent_oid = p.oid
    AND p.kind = CASE r.element WHEN 'FormRef' THEN 'event' WHEN 'ItemRef' THEN 'item group' ELSE p.kind END
  GROUP BY ALL
),
placed AS MATERIALIZED (
  SELECT step, side, element, child_oid, string_agg(parent_oid, ', ' ORDER BY parent_oid) AS places
  FROM reference GROUP BY ALL
),
item_unit AS MATERIALIZED (
  SELECT metadata_version_key, item_oid, string_agg(DISTINCT measurement_unit_oid, ', ' ORDER BY measurement_unit_oid) AS units
  FROM meta.item_unit GROUP BY ALL
)
SELECT step, side, level, parent_oid, oid, min_by(name, ordinal) AS name, min_by(says, ordinal) AS says, min(depth) AS depth
FROM (
  SELECT p.step, p.side, p.kind AS level, NULL AS parent_oid, p.oid, d.name, [d.name, d.repeating, d.type] AS says, p.depth, d.ordinal
  FROM defined p JOIN meta.study_event_def d ON d.metadata_version_key = p.key AND d.oid = p.oid
  WHERE p.kind = 'event'
  UNION ALL
  SELECT p.step, p.side, p.kind, NULL, p.oid, d.name, [d.name, d.repeating, r.places], p.depth, d.ordinal
  FROM defined p JOIN meta.form_def d ON d.metadata_version_key = p.key AND d.oid = p.oid
  LEFT JOIN placed r ON r.step = p.step AND r.side = p.side AND r.element = 'FormRef' AND r.child_oid = p.oid
  WHERE p.kind = 'form'
  UNION ALL
  SELECT p.step, p.side, p.kind, NULL, p.oid, d.name, [d.name, d.repeating, r.places], p.depth, d.ordinal
  FROM defined p JOIN meta.item_group_def d ON d.metadata_version_key = p.key AND d.oid = p.oid
  LEFT JOIN placed r ON r.step = p.step AND r.side = p.side AND r.element = 'ItemGroupRef' AND r.child_oid = p.oid
  WHERE p.kind = 'item group'
  UNION ALL
  SELECT p.step, p.side, p.kind, r.parent_oid, p.oid, d.name,
    [d.data_type, d.length, d.significant_digits, d.name, d.question, d.code_list_oid, u.units, r.mandatory],
    least(p.depth, r.depth), d.ordinal
  FROM defined p JOIN meta.item_def d ON d.metadata_version_key = p.key AND d.oid = p.oid
  JOIN reference r ON r.step = p.step AND r.side = p.side AND r.element = 'ItemRef' AND r.child_oid = p.oid
  LEFT JOIN item_unit u ON u.metadata_version_key = p.key AND u.item_oid = p.oid
  WHERE p.kind = 'item'
  UNION ALL
  SELECT p.step, p.side, p.kind, NULL, p.oid, d.name, [d.name, d.data_type], p.depth, d.ordinal
  FROM defined p JOIN meta.code_list d ON d.metadata_version_key = p.key AND d.oid = p.oid
  WHERE p.kind = 'code list'
  UNION ALL
  SELECT p.step, p.side, 'code list item', p.oid, d.coded_value, d.decode, [d.decode], p.depth, d.ordinal
  FROM defined p JOIN meta.code_list_item d ON d.metadata_version_key = p.key AND d.code_list_oid = p.oid
  WHERE p.kind = 'code list' AND d.coded_value IS NOT NULL
  UNION ALL
  SELECT p.step, p.side, p.kind, NULL, p.oid, d.name, [d.name], p.depth, d.ordinal
  FROM defined p JOIN meta.metadata_version v ON v.metadata_version_key = p.key
  JOIN meta.measurement_unit d ON d.study_key = v.study_key AND d.oid = p.oid
  WHERE p.kind = 'unit'
)
GROUP BY step, side, level, parent_oid, oid;
COMMENT ON VIEW recon._version_says IS 'What the two versions of each step of recon._version_step define, with what they include.';
COMMENT ON COLUMN recon._version_says.step IS 'The step.';
COMMENT ON COLUMN recon._version_says.side IS 'before or after.';
COMMENT ON COLUMN recon._version_says.level IS 'event, form, item group, item, code list, code list item or unit.';
COMMENT ON COLUMN recon._version_says.parent_oid IS 'The item group of an item, which has a row for each; the codelist of a coded value.';
COMMENT ON COLUMN recon._version_says.oid IS 'OID, or the coded value.';
COMMENT ON COLUMN recon._version_says.name IS 'Name, or the decode.';
COMMENT ON COLUMN recon._version_says.says IS 'What is compared: of an item DataType, Length, SignificantDigits, Name, Question, CodeListRef, MeasurementUnitRefs, Mandatory; of the others what recon.schema_drift names, in its order.';
COMMENT ON COLUMN recon._version_says.depth IS 'How far it was included: 1 for what the version defines itself.';
