-- recon: live values that are not what their definition says, or that staged has no place for.
CREATE OR REPLACE VIEW recon.conversion_failures AS
SELECT s.subject_key, event.text AS study_event_oid, i.table_name, i.column_name, i.item_group_oid, i.item_oid, i.data_type, i.length,
  u.failure, u.sequence, u.value, g.identity AS _row, p.name AS part, g.place
FROM recon._unconverted u
JOIN raw.item_group_data g ON g.key = u.item_group_data_key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
JOIN raw.dictionary item ON item.code = u.item_code
JOIN meta.item i ON i.item_group_oid = item_group.text AND i.item_oid = item.text
LEFT JOIN raw.subject_data s ON s.key = g.subject_data_key
LEFT JOIN raw.study_event_data e ON e.key = g.study_event_data_key
LEFT JOIN raw.dictionary event ON event.code = e.study_event_code
LEFT JOIN recon._part p ON g.key BETWEEN p.first_key AND p.last_key;
COMMENT ON VIEW recon.conversion_failures IS 'Live values without a typed value, because they have not the form of their DataType (ODM 1.3.2, 2.13) or no SQL type holds them exactly, or that are longer than the Length of a text, string or integer. The text stands in staged as sent. Not checked: SignificantDigits, the Length of numbers with decimals, and the form of other DataTypes (URI, binary, duration, interval, incomplete).';
COMMENT ON COLUMN recon.conversion_failures.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.conversion_failures.study_event_oid IS 'StudyEventOID of the visit; NULL outside visits.';
COMMENT ON COLUMN recon.conversion_failures.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.conversion_failures.column_name IS 'Column of the text in that table.';
COMMENT ON COLUMN recon.conversion_failures.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.conversion_failures.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.conversion_failures.data_type IS 'DataType of the definition.';
COMMENT ON COLUMN recon.conversion_failures.length IS 'Length of the ItemDef, as sent: the most characters that it may have.';
COMMENT ON COLUMN recon.conversion_failures.failure IS 'form: the typed column beside the text is NULL, because the text has not the form of its DataType, or because that column cannot hold it exactly: an offset, more than 15 significant digits, a number too large. length: it has more characters than Length.';
COMMENT ON COLUMN recon.conversion_failures.sequence IS 'Value/@SeqNum (ODM 2.0); else 0. Further values of an item have no column in staged: recon.further_values.';
COMMENT ON COLUMN recon.conversion_failures.value IS 'The text.';
COMMENT ON COLUMN recon.conversion_failures._row IS 'Identity of the record.';
COMMENT ON COLUMN recon.conversion_failures.part IS 'The file it came from.';
COMMENT ON COLUMN recon.conversion_failures.place IS 'Byte offset of the item group in that file, unpacked.';

CREATE OR REPLACE VIEW recon.further_values AS
WITH stray AS (
  -- A Value that could be no row of its item (its number stands twice, or there is a Value attribute) is a node.
  SELECT n.element_key, n.item_code, any_value(try_cast(q.value AS INTEGER)) AS sequence,
    string_agg(t.value, '' ORDER BY t.place) AS value
  FROM raw.attribute n
  JOIN raw.dictionary d ON d.code = n.name_code AND d.text = 'Value'
  JOIN raw.dictionary ns ON ns.code = n.namespace_code AND coalesce(ns.text LIKE 'http://www.cdisc.org/ns/odm/%', true)
  JOIN raw.attribute t ON t.element_key = n.element_key AND t.item_code = n.item_code AND t.level = 6
    AND t.parent_node = n.node AND t.kind = 3
  LEFT JOIN (SELECT a.*, name.text AS name FROM raw.attribute a JOIN raw.dictionary name ON name.code = a.name_code) q
    ON q.element_key = n.element_key AND q.item_code = n.item_code AND q.level = 6
    AND q.node = n.node AND q.kind IN (1, 4) AND q.name = 'SeqNum'
  WHERE n.level = 6 AND n.parent_node = 0 AND n.kind = 2
  GROUP BY n.element_key, n.item_code, n.node
),
further AS (
  SELECT v.item_group_data_key, v.item_code, v.sequence, v.value,
    CASE WHEN v.flags & 2 > 0 THEN 'null' ELSE 'sequence' END AS reason, v.place
  FROM state.item_data v LEFT JOIN state.further_value f USING (item_group_data_key, item_code, sequence)
  WHERE v.flags & 2 > 0 AND v.value <> '' OR v.flags & 2 = 0 AND f.sequence IS NOT NULL
  UNION ALL
  SELECT v.item_group_data_key, v.item_code, s.sequence, s.value, 'stray', any_value(v.place)
  FROM stray s JOIN state.item_data v ON v.item_group_data_key = s.element_key AND v.item_code = s.item_code
  GROUP BY ALL
)
SELECT x.subject_key, coalesce(i.table_name, t.table_name) AS table_name, i.column_name, item_group.text AS item_group_oid,
  item.text AS item_oid, v.sequence, v.value, v.reason, p.name AS part, g.place + v.place AS place, g.identity AS _row
FROM further v
JOIN raw.item_group_data g ON g.key = v.item_group_data_key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
JOIN raw.dictionary item ON item.code = v.item_code
LEFT JOIN meta.item i ON i.item_group_oid = item_group.text AND i.item_oid = item.text
LEFT JOIN meta.item_group t ON t.item_group_oid = item_group.text
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN recon._part p ON g.key BETWEEN p.first_key AND p.last_key;
COMMENT ON VIEW recon.further_values IS 'Live values that no staged table shows, which has one value for an item.';
COMMENT ON COLUMN recon.further_values.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.further_values.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.further_values.column_name IS 'Column of the item in that table.';
COMMENT ON COLUMN recon.further_values.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.further_values.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.further_values.sequence IS 'Value/@SeqNum (ODM 2.0); 0 or NULL where none was sent.';
COMMENT ON COLUMN recon.further_values.value IS 'The value exactly as sent.';
COMMENT ON COLUMN recon.further_values.reason IS 'sequence: another Value of the item has a lower SeqNum. null: the item says IsNull="Yes" beside it, that is, it has no value. stray: a Value whose SeqNum stands twice, or that stands beside a Value attribute.';
COMMENT ON COLUMN recon.further_values.part IS 'The file it came from.';
COMMENT ON COLUMN recon.further_values.place IS 'Byte offset of the item in that file, unpacked.';
COMMENT ON COLUMN recon.further_values._row IS 'Identity of the record.';

CREATE OR REPLACE VIEW recon.undecoded AS
WITH decoded AS MATERIALIZED (FROM meta.decoded),
open AS (
  SELECT i.table_name, i.column_name, i.item_group_oid, i.item_oid, v.value, g.subject_data_key, g.parent_key
  FROM (FROM state.item_data SEMI JOIN recon._undecoded USING (item_code, value) WHERE flags & 2 = 0) v
  ANTI JOIN state.further_value f ON f.item_group_data_key = v.item_group_data_key AND f.item_code = v.item_code
    AND f.sequence = v.sequence
  JOIN raw.item_group_data g ON g.key = v.item_group_data_key
  JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
  JOIN raw.dictionary item ON item.code = v.item_code
  JOIN meta.item i ON i.item_group_oid = item_group.text AND i.item_oid = item.text
)
SELECT o.table_name, o.column_name, o.item_group_oid, o.item_oid, d.code_list_oid, o.value AS code, count(*) AS value_count,
  count(DISTINCT x.identity) AS subject_count
FROM open o
LEFT JOIN raw.subject_data x ON x.key = o.subject_data_key
LEFT JOIN meta.reading r ON r.key = coalesce(x.clinical_data_key, o.parent_key)
LEFT JOIN (SELECT DISTINCT reading, item_oid, variant FROM meta.item_variant) v ON v.reading = r.reading AND v.item_oid = o.item_oid
JOIN (SELECT DISTINCT item_oid, variant, code_list_oid FROM decoded) d ON d.item_oid = o.item_oid AND d.variant = coalesce(v.variant, 0)
ANTI JOIN decoded c ON c.item_oid = d.item_oid AND c.variant = d.variant AND c.coded_value = o.value
GROUP BY ALL;
COMMENT ON VIEW recon.undecoded IS 'Live values of which their codelist has no decode, although their item has a column _decode in staged, which is NULL there, or whose codelist nobody has sent: one row for each item, codelist and code.';
COMMENT ON COLUMN recon.undecoded.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.undecoded.column_name IS 'Column of the code in that table.';
COMMENT ON COLUMN recon.undecoded.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.undecoded.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.undecoded.code_list_oid IS 'The codelist of the item, by the definition by which its record is read.';
COMMENT ON COLUMN recon.undecoded.code IS 'The code, exactly as sent.';
COMMENT ON COLUMN recon.undecoded.value_count IS 'Live values that have it.';
COMMENT ON COLUMN recon.undecoded.subject_count IS 'Subjects with such a value.';

CREATE OR REPLACE VIEW recon.definition_conflicts AS
WITH unit AS (
  SELECT u.metadata_version_key, u.item_oid,
    string_agg(DISTINCT coalesce(m.name, n.name, u.measurement_unit_oid), ', ' ORDER BY coalesce(m.name, n.name, u.measurement_unit_oid)) AS names
  FROM meta.item_unit u
  JOIN meta.metadata_version v USING (metadata_version_key)
  LEFT JOIN meta.measurement_unit m ON m.study_key = v.study_key AND m.oid = u.measurement_unit_oid
  LEFT JOIN meta.unit_name n ON n.measurement_unit_oid = u.measurement_unit_oid
  GROUP BY ALL
),
said AS (
  SELECT metadata_version_key, oid AS item_oid, 'data type' AS what, NULL AS coded_value, data_type AS says, 'item' AS kind, oid
  FROM meta.item_def
  UNION ALL
  SELECT metadata_version_key, oid, 'codelist', NULL, code_list_oid, 'item', oid FROM meta.item_def
  UNION ALL
  SELECT d.metadata_version_key, d.oid, 'unit', NULL, u.names, 'item', d.oid
  FROM meta.item_def d LEFT JOIN unit u ON u.metadata_version_key = d.metadata_version_key AND u.item_oid = d.oid
  UNION ALL
  SELECT c.metadata_version_key, d.oid, 'decode', c.coded_value, c.decode, 'codelist', c.code_list_oid
  FROM (SELECT DISTINCT oid, code_list_oid FROM meta.item_def) d JOIN meta.code_list_item c USING (code_list_oid)
  LEFT JOIN meta.item_def i ON i.oid = d.oid AND i.metadata_version_key = c.metadata_version_key
  -- A version may define the codelist and leave the item to one that it includes.
  WHERE c.coded_value IS NOT NULL AND coalesce(i.code_list_oid = c.code_list_oid, i.oid IS NULL)
),
-- A version that was sent again and says the same is one.
version AS (
  SELECT s.item_oid, s.what, s.coded_value, s.says, d.source, v.study_oid, v.oid,
    bool_or(f.metadata_version_key IS NOT NULL) AS in_force, min(v.delivery_key) AS first_delivery,
    max(v.delivery_key) AS last_delivery
  FROM said s
  JOIN meta.metadata_version v USING (metadata_version_key)
  JOIN raw.delivery d USING (delivery_key)
  LEFT JOIN meta.definition_in_force f ON f.kind = s.kind AND f.oid = s.oid AND f.metadata_version_key = s.metadata_version_key
  GROUP BY ALL
)
SELECT t.sql_name AS table_name, n.sql_name AS column_name, n.item_group_oid, v.item_oid, v.what, v.coded_value, v.says, v.source,
  v.study_oid, v.oid AS metadata_version_oid, v.in_force, v.first_delivery, v.last_delivery
FROM version v
JOIN (
  SELECT item_oid, what, coded_value FROM version GROUP BY ALL HAVING count(DISTINCT coalesce('=' || says, '')) > 1
) c ON c.item_oid = v.item_oid AND c.what = v.what AND c.coded_value IS NOT DISTINCT FROM v.coded_value
JOIN meta.name n ON n.kind = 'item' AND n.item_oid = v.item_oid
JOIN meta.name t ON t.kind = 'item_group' AND t.item_group_oid = n.item_group_oid;
COMMENT ON VIEW recon.definition_conflicts IS 'Items on which versions of the definitions, or the sources that sent them, disagree: one row for each version with what it says. Decodes and units in staged are by the definitions by which the record is read, data types by the newest.';
COMMENT ON COLUMN recon.definition_conflicts.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.definition_conflicts.column_name IS 'Column of the item in that table.';
COMMENT ON COLUMN recon.definition_conflicts.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.definition_conflicts.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.definition_conflicts.what IS 'What they disagree on: data type, codelist, decode or unit.';
COMMENT ON COLUMN recon.definition_conflicts.coded_value IS 'The coded value, of a decode.';
COMMENT ON COLUMN recon.definition_conflicts.says IS 'What the version says: DataType, CodeListOID, Decode, or the names of the units; NULL for none.';
COMMENT ON COLUMN recon.definition_conflicts.source IS 'The source that sent the version.';
COMMENT ON COLUMN recon.definition_conflicts.study_oid IS 'OID of its Study.';
COMMENT ON COLUMN recon.definition_conflicts.metadata_version_oid IS 'MetaDataVersionOID.';
COMMENT ON COLUMN recon.definition_conflicts.in_force IS 'Whether it counts: false for what a later delivery of the same system, study and OID took the place of (meta.definition_in_force).';
COMMENT ON COLUMN recon.definition_conflicts.first_delivery IS 'The first delivery that said so.';
COMMENT ON COLUMN recon.definition_conflicts.last_delivery IS 'The last delivery that said so.';

CREATE OR REPLACE VIEW recon.alike AS
WITH shown AS (
  -- What staged shows where no key was sent, as it would have been sent.
  SELECT code, try_cast(text AS INTEGER) AS ordinal FROM raw.dictionary WHERE try_cast(text AS INTEGER)::VARCHAR = text
),
-- Records look alike where a key was once sent and once not, or where several systems send them: few need to be looked at.
mixed_event AS (
  SELECT study_event_code FROM raw.study_event_data GROUP BY ALL HAVING min(repeat_key_code) = 0 AND max(repeat_key_code) > 0
),
mixed_form AS (
  SELECT form_code FROM raw.form_data GROUP BY ALL HAVING min(repeat_key_code) = 0 AND max(repeat_key_code) > 0
),
mixed_group AS (
  SELECT item_group_code FROM raw.item_group_data GROUP BY ALL HAVING min(repeat_key_code) = 0 AND max(repeat_key_code) > 0
),
system AS (
  SELECT DISTINCT d.system FROM state.part p JOIN raw.delivery d USING (delivery_key)
  WHERE p.superseded_by IS NULL AND p.format = 'odm'
),
placed AS MATERIALIZED (
  SELECT g.key, g.identity, hash(s.subject_key, e.study_event_code, coalesce(nullif(e.repeat_key_code, 0), event_shown.code, -e.ordinal),
      f.form_code, coalesce(nullif(f.repeat_key_code, 0), form_shown.code, -f.ordinal),
      g.item_group_code, coalesce(nullif(g.repeat_key_code, 0), group_shown.code, -g.ordinal)) AS looks
  FROM (
    FROM state.item_group_data
    WHERE (SELECT count(*) FROM system) > 1
      OR item_group_code IN (FROM mixed_group)
      OR form_data_key IN (SELECT key FROM raw.form_data SEMI JOIN mixed_form USING (form_code))
      OR study_event_data_key IN (SELECT key FROM raw.study_event_data SEMI JOIN mixed_event USING (study_event_code))
  ) g
  LEFT JOIN raw.form_data f ON f.key = g.form_data_key
  LEFT JOIN raw.study_event_data e ON e.key = g.study_event_data_key
  LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
  LEFT JOIN state.subject s ON s.identity = x.identity
  LEFT JOIN shown event_shown ON event_shown.ordinal = nullif(e.ordinal, 0)
  LEFT JOIN shown form_shown ON form_shown.ordinal = nullif(f.ordinal, 0)
  LEFT JOIN shown group_shown ON group_shown.ordinal = nullif(g.ordinal, 0)
),
several AS (SELECT looks FROM placed GROUP BY looks HAVING min(identity) <> max(identity)),
record AS (SELECT identity, max(key) AS key FROM placed SEMI JOIN several USING (looks) GROUP BY identity)
SELECT t.sql_name AS table_name, s.subject_key, event.text AS study_event_oid,
  coalesce(event_repeat.text, nullif(e.ordinal, 0)::VARCHAR) AS study_event_repeat_key, form.text AS form_oid,
  coalesce(form_repeat.text, nullif(f.ordinal, 0)::VARCHAR) AS form_repeat_key, item_group.text AS item_group_oid,
  coalesce(group_repeat.text, nullif(g.ordinal, 0)::VARCHAR) AS item_group_repeat_key,
  event_repeat.text AS study_event_repeat_key_sent, form_repeat.text AS form_repeat_key_sent,
  group_repeat.text AS item_group_repeat_key_sent, p.source, p.name AS part, r.identity AS _row
FROM record r
JOIN raw.item_group_data g ON g.key = r.key
JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
JOIN raw.dictionary group_repeat ON group_repeat.code = g.repeat_key_code
LEFT JOIN raw.item_group_data o ON o.key = nullif(g.item_group_data_key, 0)
LEFT JOIN raw.form_data f ON f.key = g.form_data_key
LEFT JOIN raw.study_event_data e ON e.key = g.study_event_data_key
LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
LEFT JOIN state.subject s ON s.identity = x.identity
LEFT JOIN raw.dictionary event ON event.code = e.study_event_code
LEFT JOIN raw.dictionary event_repeat ON event_repeat.code = e.repeat_key_code
LEFT JOIN raw.dictionary form ON form.code = f.form_code
LEFT JOIN raw.dictionary form_repeat ON form_repeat.code = f.repeat_key_code
LEFT JOIN meta.name t ON t.kind = 'item_group' AND t.item_group_oid = item_group.text
LEFT JOIN recon._part p ON r.key BETWEEN p.first_key AND p.last_key
-- What stands in two records of an outer item group is told apart by these.
QUALIFY count(*) OVER (PARTITION BY s.subject_key, study_event_oid, study_event_repeat_key, form.text, form_repeat_key,
  item_group.text, item_group_repeat_key, o.identity) > 1;
COMMENT ON VIEW recon.alike IS 'Live records that no key which staged shows tells apart, though they are different: one row for each. Mostly a repeat key was sent once and left out another time; where none is sent, staged shows the place among keyless siblings. Or two source systems have sent the same record.';
COMMENT ON COLUMN recon.alike.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.alike.subject_key IS 'SubjectKey.';
COMMENT ON COLUMN recon.alike.study_event_oid IS 'StudyEventOID.';
COMMENT ON COLUMN recon.alike.study_event_repeat_key IS 'As staged shows it.';
COMMENT ON COLUMN recon.alike.form_oid IS 'FormOID.';
COMMENT ON COLUMN recon.alike.form_repeat_key IS 'As staged shows it.';
COMMENT ON COLUMN recon.alike.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.alike.item_group_repeat_key IS 'As staged shows it.';
COMMENT ON COLUMN recon.alike.study_event_repeat_key_sent IS 'StudyEventRepeatKey as sent; NULL where none was.';
COMMENT ON COLUMN recon.alike.form_repeat_key_sent IS 'FormRepeatKey as sent; NULL where none was.';
COMMENT ON COLUMN recon.alike.item_group_repeat_key_sent IS 'ItemGroupRepeatKey as sent; NULL where none was.';
COMMENT ON COLUMN recon.alike.source IS 'The source of the latest that is live of it. The source system is part of identity.';
COMMENT ON COLUMN recon.alike.part IS 'The file of that.';
COMMENT ON COLUMN recon.alike._row IS 'Identity of the record.';

CREATE OR REPLACE VIEW recon.undefined_items AS
WITH item AS MATERIALIZED (
  SELECT n.item_group_oid, n.item_oid, n.sql_name AS column_name, n.delivery_key,
    concat_ws(', ', CASE WHEN g.oid IS NULL THEN 'ItemGroupDef' END, CASE WHEN i.oid IS NULL THEN 'ItemDef' END,
      CASE WHEN g.oid IS NOT NULL AND i.oid IS NOT NULL AND r.parent_oid IS NULL THEN 'ItemRef' END) AS missing
  FROM meta.name n
  LEFT JOIN (SELECT DISTINCT oid FROM meta.item_group_def) g ON g.oid = n.item_group_oid
  LEFT JOIN (SELECT DISTINCT oid FROM meta.item_def) i ON i.oid = n.item_oid
  LEFT JOIN (SELECT DISTINCT parent_oid, child_oid FROM meta.definition_ref WHERE element = 'ItemRef') r
    ON r.parent_oid = n.item_group_oid AND r.child_oid = n.item_oid
  WHERE n.kind = 'item' AND (g.oid IS NULL OR i.oid IS NULL OR r.parent_oid IS NULL)
),
live AS (
  SELECT g.item_group_code, v.item_code, count(*) AS value_count
  FROM (FROM state.item_data WHERE item_code IN (SELECT d.code FROM item JOIN raw.dictionary d ON d.text = item.item_oid)) v
  -- The item groups of these items alone: mostly there are none.
  JOIN (FROM raw.item_group_data WHERE item_group_code IN (SELECT d.code FROM item JOIN raw.dictionary d ON d.text = item.item_group_oid)) g
    ON g.key = v.item_group_data_key
  WHERE v.value <> ''
  GROUP BY ALL
)
SELECT t.sql_name AS table_name, i.column_name, i.item_group_oid, i.item_oid, i.missing, l.value_count,
  i.delivery_key AS first_delivery
FROM item i
JOIN raw.dictionary item_group ON item_group.text = i.item_group_oid
JOIN raw.dictionary item ON item.text = i.item_oid
JOIN live l ON l.item_group_code = item_group.code AND l.item_code = item.code
LEFT JOIN meta.name t ON t.kind = 'item_group' AND t.item_group_oid = i.item_group_oid;
COMMENT ON VIEW recon.undefined_items IS 'Items with live values that no definition of any version has: their columns in staged are texts, with a name made of the OID. Mostly an OID is misspelt, or the definitions are older than the data.';
COMMENT ON COLUMN recon.undefined_items.table_name IS 'Table in staged.';
COMMENT ON COLUMN recon.undefined_items.column_name IS 'Column of the item in that table.';
COMMENT ON COLUMN recon.undefined_items.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN recon.undefined_items.item_oid IS 'ItemOID.';
COMMENT ON COLUMN recon.undefined_items.missing IS 'What there is no definition of: the item (ItemDef), the item group (ItemGroupDef), or the item in that item group (ItemRef).';
COMMENT ON COLUMN recon.undefined_items.value_count IS 'Live values; empty ones do not count.';
COMMENT ON COLUMN recon.undefined_items.first_delivery IS 'The delivery that brought it first.';
