-- recon: what deliveries changed in the definitions, and how many live values that affects. docs/staged.md explains.
CREATE OR REPLACE VIEW recon.schema_drift AS
WITH says AS MATERIALIZED (FROM recon._version_says),
pair AS MATERIALIZED (
  SELECT step, level, nullif(parent, '') AS parent_oid, oid, b.name AS name_before, a.name AS name_after,
    b.says AS before, a.says AS after, least(b.depth, a.depth) AS depth, CASE level
      WHEN 'event' THEN ['name', 'repeating', 'type']
      WHEN 'item' THEN ['retyped', 'length', 'significant digits', 'name', 'question', 'code list', 'unit', 'mandatory']
      WHEN 'code list' THEN ['name', 'retyped']
      WHEN 'code list item' THEN ['decode']
      WHEN 'unit' THEN ['name']
      ELSE ['name', 'repeating', 'placed'] END AS changes
  FROM (SELECT *, coalesce(parent_oid, '') AS parent FROM says WHERE side = 'before') b
  FULL JOIN (SELECT *, coalesce(parent_oid, '') AS parent FROM says WHERE side = 'after') a USING (step, level, parent, oid)
  WHERE b.says IS DISTINCT FROM a.says
),
difference AS (
  SELECT step, level, parent_oid, oid, depth, NULL AS type_before, NULL AS type_after,
    CASE WHEN before IS NULL THEN 'added' ELSE 'removed' END AS change,
    CASE WHEN before IS NOT NULL THEN coalesce(name_before, CASE WHEN level <> 'code list item' THEN oid END) END AS old_value,
    CASE WHEN after IS NOT NULL THEN coalesce(name_after, CASE WHEN level <> 'code list item' THEN oid END) END AS new_value
  FROM pair WHERE before IS NULL OR after IS NULL
  UNION ALL
  FROM (
    SELECT step, level, parent_oid, oid, depth, before[1], after[1], unnest(changes) AS change, unnest(before) AS old_value,
      unnest(after) AS new_value
    FROM pair WHERE before IS NOT NULL AND after IS NOT NULL
  ) WHERE old_value IS DISTINCT FROM new_value
),
-- Versions that include one another, or are sent side by side, tell a change once: the one that has it itself does.
change AS MATERIALIZED (
  SELECT s.delivery_key, s.system, c.level, c.parent_oid, c.oid, c.change, c.old_value, c.new_value,
    max_by({step: c.step, source: s.source, part: s.part, study_oid: s.study_oid, version_before: s.version_before,
      version_after: s.version_after, type_before: c.type_before, type_after: c.type_after}, (-c.depth, c.step)) AS told
  FROM difference c JOIN recon._version_step s USING (step)
  -- The coded values of a codelist that is new, or gone, go with it.
  WHERE c.level <> 'code list item' OR (c.step, c.parent_oid) NOT IN (
    SELECT (step, oid) FROM pair WHERE level = 'code list' AND (before IS NULL OR after IS NULL))
  GROUP BY ALL
),
used AS MATERIALIZED (
  SELECT DISTINCT step, parent_oid AS item_group_oid, oid AS item_oid, says[6] AS code_list_oid, says[7] AS units
  FROM says WHERE level = 'item' AND step IN (SELECT told.step FROM change)
),
-- The columns of staged that each change concerns.
concerned AS MATERIALIZED (
  SELECT row_number() OVER () AS id, *,
    CASE level WHEN 'item' THEN CASE change WHEN 'code list' THEN old_value END WHEN 'code list' THEN oid
      WHEN 'code list item' THEN parent_oid END AS code_list_oid,
    CASE change WHEN 'code list' THEN new_value END AS new_code_list_oid
  FROM (
    SELECT *, CASE level WHEN 'item' THEN parent_oid WHEN 'item group' THEN oid END AS item_group_oid,
      CASE level WHEN 'item' THEN oid END AS item_oid
    FROM change WHERE level NOT IN ('code list', 'code list item', 'unit')
    UNION ALL
    SELECT c.*, u.item_group_oid, u.item_oid
    FROM change c LEFT JOIN (SELECT DISTINCT step, item_group_oid, item_oid, code_list_oid FROM used) u
      ON u.step = c.told.step AND u.code_list_oid = CASE c.level WHEN 'code list' THEN c.oid ELSE c.parent_oid END
    WHERE c.level IN ('code list', 'code list item')
    UNION ALL
    SELECT c.*, u.item_group_oid, u.item_oid
    FROM change c LEFT JOIN (
      SELECT DISTINCT step, item_group_oid, item_oid, unnest(string_split(units, ', ')) AS unit FROM used
    ) u ON u.step = c.told.step AND u.unit = c.oid
    WHERE c.level = 'unit'
  )
),
-- The live values of these, as far as they have to be told apart.
item AS MATERIALIZED (
  SELECT c.item_group_oid, c.item_oid, g.code AS item_group_code, i.code AS item_code,
    bool_or(c.level IN ('code list', 'code list item') OR c.change IN ('retyped', 'length', 'code list')) AS by_value,
    bool_or(c.level = 'unit' OR c.change = 'unit') AS by_unit
  FROM concerned c JOIN raw.dictionary g ON g.text = c.item_group_oid JOIN raw.dictionary i ON i.text = c.item_oid
  GROUP BY ALL
),
version AS MATERIALIZED (FROM meta.version_in_force),
newest AS (SELECT system, max_by(metadata_version_key, place) AS metadata_version_key FROM version GROUP BY system),
reading AS MATERIALIZED (
  SELECT r.key, coalesce(v.metadata_version_key, (SELECT max_by(metadata_version_key, place) FROM version)) AS version, v.system
  FROM meta.reading r LEFT JOIN newest n ON n.system = r.system
  LEFT JOIN version v ON v.metadata_version_key = coalesce(r.metadata_version_key, r.others[1], n.metadata_version_key)
),
held AS MATERIALIZED (
  SELECT i.item_group_oid, i.item_oid, r.version, r.system, CASE WHEN i.by_unit THEN u.text END AS unit,
    CASE WHEN i.by_value THEN v.value END AS value, count(*) AS value_count
  FROM (FROM state.item_data SEMI JOIN (SELECT DISTINCT item_code FROM item) c USING (item_code)) v
  ANTI JOIN state.further_value f ON f.item_group_data_key = v.item_group_data_key AND f.item_code = v.item_code
    AND f.sequence = v.sequence
  JOIN state.item_group_data g ON g.key = v.item_group_data_key
  JOIN item i ON i.item_group_code = g.item_group_code AND i.item_code = v.item_code
  LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
  LEFT JOIN reading r ON r.key = coalesce(x.clinical_data_key, g.parent_key)
  LEFT JOIN raw.dictionary u ON u.code = v.unit_code
  WHERE v.value <> '' AND v.flags & 2 = 0
  GROUP BY ALL
),
-- What the versions by which records are read say of codelists and units (meta.item_variant): themselves, with what
-- they include, else the newest of their system.
asked AS MATERIALIZED (
  SELECT 'item' AS kind, item_oid AS oid FROM concerned
  WHERE level IN ('code list', 'code list item', 'unit') OR change IN ('code list', 'unit')
  UNION SELECT 'codelist', code_list_oid FROM concerned WHERE level IN ('code list', 'code list item')
  UNION SELECT 'unit', oid FROM concerned WHERE level = 'unit'
),
defines AS MATERIALIZED (FROM meta.definition_in_force SEMI JOIN asked USING (kind, oid)),
reader AS MATERIALIZED (
  SELECT version, kind, oid, min_by(key, preference) AS key, min_by(own, preference) AS own
  FROM (
    SELECT c.metadata_version_key AS version, d.kind, d.oid, d.metadata_version_key AS key, true AS own,
      {include: 0, nearest: c.depth::BIGINT} AS preference
    FROM meta.version_chain c JOIN defines d ON d.metadata_version_key = c.included_key
    UNION ALL
    SELECT v.metadata_version_key, d.kind, d.oid, d.metadata_version_key, false, {include: 1, nearest: -d.place}
    FROM version v JOIN defines d ON d.system = v.system
  )
  WHERE version IN (SELECT version FROM held)
  GROUP BY ALL
),
read_item AS MATERIALIZED (
  SELECT r.version, r.oid AS item_oid, min_by({list: d.code_list_oid}, d.ordinal).list AS code_list_oid,
    string_agg(DISTINCT u.measurement_unit_oid, ', ' ORDER BY u.measurement_unit_oid) AS units
  FROM reader r JOIN meta.item_def d ON d.metadata_version_key = r.key AND d.oid = r.oid
  LEFT JOIN meta.item_unit u ON u.metadata_version_key = r.key AND u.item_oid = r.oid
  WHERE r.kind = 'item' GROUP BY ALL
),
read_code AS MATERIALIZED (
  SELECT r.version, r.oid AS code_list_oid, d.coded_value, min_by({decode: d.decode}, d.ordinal).decode AS decode
  FROM reader r JOIN meta.code_list_item d ON d.metadata_version_key = r.key AND d.code_list_oid = r.oid
  WHERE r.kind = 'codelist' GROUP BY ALL
),
read_unit AS MATERIALIZED (
  SELECT r.version, r.oid, r.own, min_by(coalesce(d.name, d.oid), d.ordinal) AS name
  FROM reader r JOIN meta.metadata_version v ON v.metadata_version_key = r.key
  JOIN meta.measurement_unit d ON d.study_key = v.study_key AND d.oid = r.oid
  WHERE r.kind = 'unit' GROUP BY ALL
),
counted AS (
  SELECT c.id, sum(h.value_count) FILTER (CASE c.level WHEN 'code list item' THEN h.value = c.oid
      WHEN 'unit' THEN coalesce(h.unit, i.units) = c.oid ELSE true END) AS value_count,
    sum(h.value_count) FILTER (CASE c.level
      WHEN 'item' THEN CASE c.change
        WHEN 'removed' THEN true
        WHEN 'retyped' THEN odm_has_form(h.value, c.told.type_before) AND NOT odm_has_form(h.value, c.told.type_after)
        WHEN 'length' THEN odm_is_longer(h.value, c.told.type_after, c.new_value) AND NOT odm_is_longer(h.value, c.told.type_after, c.old_value)
        WHEN 'code list' THEN i.code_list_oid IS NOT DISTINCT FROM c.new_value AND a.oid IS NULL
          AND (c.old_value IS NULL OR b.oid IS NOT NULL)
        WHEN 'unit' THEN i.units IS NOT DISTINCT FROM c.new_value AND h.unit IS NULL END
      WHEN 'code list' THEN c.change = 'removed' AND i.code_list_oid = c.oid AND b.oid IS NOT NULL AND NOT l.own
      WHEN 'code list item' THEN h.value = c.oid AND i.code_list_oid = c.parent_oid AND CASE c.change
        WHEN 'removed' THEN d.coded_value IS NULL
        WHEN 'decode' THEN d.coded_value IS NOT NULL AND d.decode IS NOT DISTINCT FROM c.new_value END
      WHEN 'unit' THEN coalesce(h.unit, i.units) = c.oid AND CASE c.change
        WHEN 'removed' THEN NOT u.own
        WHEN 'name' THEN u.name = coalesce(c.new_value, c.oid) END END) AS affected_count
  FROM concerned c
  JOIN held h ON h.item_group_oid = c.item_group_oid AND h.item_oid = c.item_oid AND h.system IS NOT DISTINCT FROM c.system
  LEFT JOIN (FROM says WHERE side = 'before' AND level = 'code list item') b ON b.step = c.told.step
    AND b.parent_oid = c.code_list_oid AND b.oid = h.value
  LEFT JOIN (FROM says WHERE side = 'after' AND level = 'code list item') a ON a.step = c.told.step
    AND a.parent_oid = c.new_code_list_oid
    AND a.oid = h.value
  LEFT JOIN read_item i ON i.version = h.version AND i.item_oid = c.item_oid
  LEFT JOIN reader l ON l.version = h.version AND l.kind = 'codelist' AND l.oid = c.code_list_oid
  LEFT JOIN read_code d ON d.version = h.version AND d.code_list_oid = c.parent_oid AND d.coded_value = c.oid
  LEFT JOIN read_unit u ON u.version = h.version AND u.oid = c.oid
  GROUP BY c.id
)
SELECT c.delivery_key, c.told.source AS source, c.told.part AS part, c.told.study_oid AS study_oid,
  c.told.version_before AS version_before, c.told.version_after AS version_after, c.level,
  CASE c.level WHEN 'code list item' THEN c.parent_oid ELSE c.oid END AS oid,
  CASE c.level WHEN 'code list item' THEN c.oid END AS coded_value,
  t.sql_name AS table_name, n.sql_name AS column_name, c.item_group_oid, c.item_oid, c.change, c.old_value, c.new_value,
  CASE WHEN c.item_oid IS NOT NULL THEN coalesce(v.value_count, 0)::BIGINT END AS value_count,
  CASE WHEN c.item_oid IS NOT NULL THEN coalesce(v.affected_count, 0)::BIGINT END AS affected_count
FROM concerned c
LEFT JOIN counted v USING (id)
LEFT JOIN meta.name t ON t.kind = 'item_group' AND t.item_group_oid = c.item_group_oid
LEFT JOIN meta.name n ON n.kind = 'item' AND n.item_group_oid = c.item_group_oid AND n.item_oid = c.item_oid;
COMMENT ON VIEW recon.schema_drift IS 'What deliveries changed in the definitions: one row for each change, and for each column of staged that it concerns. A MetaDataVersion is compared with what the same version said before or, where it is new, with the last one of its study and source system that was sent before it, both with what they include. Not compared: order, translations, aliases, range checks, methods, conditions, and what is not of ODM.';
COMMENT ON COLUMN recon.schema_drift.delivery_key IS 'The delivery that brought it: the definitions are so since.';
COMMENT ON COLUMN recon.schema_drift.source IS 'The source.';
COMMENT ON COLUMN recon.schema_drift.part IS 'The file.';
COMMENT ON COLUMN recon.schema_drift.study_oid IS 'OID of the Study that the version stands in.';
COMMENT ON COLUMN recon.schema_drift.version_before IS 'MetaDataVersionOID of the version that it is compared with.';
COMMENT ON COLUMN recon.schema_drift.version_after IS 'MetaDataVersionOID of the version that brings the change; where versions of a delivery bring the same change, the one that has the definition itself, and of several the last.';
COMMENT ON COLUMN recon.schema_drift.level IS 'What changed: event, form, item group, item (in an item group), code list, code list item or unit.';
COMMENT ON COLUMN recon.schema_drift.oid IS 'OID of its definition; of a code list item that of the codelist.';
COMMENT ON COLUMN recon.schema_drift.coded_value IS 'The coded value, of a code list item.';
COMMENT ON COLUMN recon.schema_drift.table_name IS 'Table in staged that it concerns; NULL where it concerns none.';
COMMENT ON COLUMN recon.schema_drift.column_name IS 'Column of the item in that table.';
COMMENT ON COLUMN recon.schema_drift.item_group_oid IS 'ItemGroupOID of that table.';
COMMENT ON COLUMN recon.schema_drift.item_oid IS 'ItemOID of that column.';
COMMENT ON COLUMN recon.schema_drift.change IS 'added, removed; retyped (DataType), length, significant digits, name, question, code list (CodeListRef), unit (MeasurementUnitRef), mandatory, of an item; decode, of a code list item; repeating; type, of an event; placed: the forms or item groups that an item group stands in, the events that a form stands in.';
COMMENT ON COLUMN recon.schema_drift.old_value IS 'What was said before; of what was removed its name or decode.';
COMMENT ON COLUMN recon.schema_drift.new_value IS 'What is said now; of what was added its name or decode.';
COMMENT ON COLUMN recon.schema_drift.value_count IS 'Live values that it is about: those of the item; of a code list item those that hold the coded value; of a unit those that are shown in it. Empty ones do not count. NULL where it concerns no column.';
COMMENT ON COLUMN recon.schema_drift.affected_count IS 'Those among them that were right by the old definition and are not by the new, or are now read otherwise: all of an item that was removed; without the form of the new DataType; longer than the new length; no longer in the codelist; with another decode or unit. Types and lengths are the same for all records; codelists, decodes and units count for the records that are read by a version which says the new.';
