-- Which definitions count. Of each version of each system what was sent last is in force; what it replaced counts only
-- for what no version in force of its system has any more, so that data stay readable.
CREATE OR REPLACE VIEW meta.version_order AS
SELECT *, row_number() OVER (ORDER BY in_force, version_rank, metadata_version_key) AS place
FROM (
  SELECT v.metadata_version_key, d.system, o.version_rank, row_number() OVER (
      PARTITION BY d.system, v.study_oid, v.oid ORDER BY o.version_rank DESC, v.metadata_version_key DESC) = 1 AS in_force
  FROM meta.metadata_version v
  JOIN (
    SELECT v.metadata_version_key, coalesce(max(p.rank), 0) AS version_rank
    FROM meta.metadata_version v LEFT JOIN state.part p ON v.metadata_version_key BETWEEN p.first_key AND p.last_key
    GROUP BY v.metadata_version_key
  ) o USING (metadata_version_key)
  LEFT JOIN raw.delivery d USING (delivery_key)
);
COMMENT ON VIEW meta.version_order IS 'Every MetaDataVersion, as often as it was sent, in the order in which the newest is found.';
COMMENT ON COLUMN meta.version_order.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.version_order.system IS 'The source system that sent it; NULL before its delivery has been loaded.';
COMMENT ON COLUMN meta.version_order.version_rank IS 'The place of its part: state.part.';
COMMENT ON COLUMN meta.version_order.in_force IS 'Whether it is the last sending of that version: of its OID, of its study, by its system.';
COMMENT ON COLUMN meta.version_order.place IS 'Its place: those in force after those that are not, and both in the order of the deliveries.';

CREATE OR REPLACE VIEW meta.version_in_force AS
SELECT v.metadata_version_key, o.system, v.study_key, v.study_oid, v.oid, v.include_study_oid, v.include_oid, o.place
FROM meta.metadata_version v JOIN meta.version_order o USING (metadata_version_key)
WHERE o.in_force;
COMMENT ON VIEW meta.version_in_force IS 'The MetaDataVersions that records can name: of each OID of each study in each source system the newest.';
COMMENT ON COLUMN meta.version_in_force.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.version_in_force.system IS 'The source system that sent it; NULL before its delivery has been loaded.';
COMMENT ON COLUMN meta.version_in_force.study_key IS 'The Study it stands in.';
COMMENT ON COLUMN meta.version_in_force.study_oid IS 'OID of that Study.';
COMMENT ON COLUMN meta.version_in_force.oid IS 'OID.';
COMMENT ON COLUMN meta.version_in_force.include_study_oid IS 'Include/@StudyOID.';
COMMENT ON COLUMN meta.version_in_force.include_oid IS 'Include/@MetaDataVersionOID.';
COMMENT ON COLUMN meta.version_in_force.place IS 'Its place: meta.version_order.';

CREATE OR REPLACE VIEW meta.definition_in_force AS
SELECT d.kind, d.oid, d.metadata_version_key, o.system, o.place
FROM (
  SELECT 'item' AS kind, oid, metadata_version_key FROM meta.item_def
  UNION
  SELECT 'codelist', oid, metadata_version_key FROM meta.code_list
  UNION
  SELECT 'unit', u.oid, v.metadata_version_key FROM meta.measurement_unit u JOIN meta.metadata_version v USING (study_key)
) d
JOIN meta.version_order o USING (metadata_version_key)
QUALIFY o.in_force OR o.place = max(o.place) OVER (PARTITION BY d.kind, d.oid, o.system);
COMMENT ON VIEW meta.definition_in_force IS 'The versions by which values are read, for each item, codelist and unit: those in force that define it. Where no version in force of a system does so any more, the last that did.';
COMMENT ON COLUMN meta.definition_in_force.kind IS 'item, codelist or unit.';
COMMENT ON COLUMN meta.definition_in_force.oid IS 'Its OID.';
COMMENT ON COLUMN meta.definition_in_force.metadata_version_key IS 'A version that defines it.';
COMMENT ON COLUMN meta.definition_in_force.system IS 'The source system that sent the version.';
COMMENT ON COLUMN meta.definition_in_force.place IS 'Place of the version: meta.version_order.';

-- Of each item group and item that has an SQL name the newest definition. A later MetaDataVersion that no longer has an
-- item does not make its data nameless.
CREATE OR REPLACE VIEW meta.item_group AS
SELECT n.item_group_oid, n.sql_name AS table_name, coalesce(d.name, n.item_group_oid) AS name, d.description, d.domain,
  d.repeating
FROM meta.name n
LEFT JOIN (
  SELECT d.oid, max_by(d.name, place) AS name, max_by(d.description, place) AS description,
    max_by(d.domain, place) AS domain, max_by(d.repeating, place) AS repeating
  FROM meta.item_group_def d JOIN meta.version_order USING (metadata_version_key) GROUP BY d.oid
) d ON d.oid = n.item_group_oid
WHERE n.kind = 'item_group';
COMMENT ON VIEW meta.item_group IS 'Every item group with the table it has in staged and its newest definition.';
COMMENT ON COLUMN meta.item_group.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN meta.item_group.table_name IS 'Its table in staged.';
COMMENT ON COLUMN meta.item_group.name IS 'Name, or the OID where it is not defined.';
COMMENT ON COLUMN meta.item_group.description IS 'Description.';
COMMENT ON COLUMN meta.item_group.domain IS 'Domain.';
COMMENT ON COLUMN meta.item_group.repeating IS 'Repeating: Yes or No.';

CREATE OR REPLACE VIEW meta.item AS
WITH definition AS (
  SELECT d.oid, max_by({name: d.name, data_type: d.data_type, length: d.length, significant_digits: d.significant_digits,
    question: d.question, description: d.description, origin: d.origin, code_list_oid: d.code_list_oid,
    version: metadata_version_key}, (place, -ordinal)) AS d
  FROM meta.item_def d JOIN meta.version_order USING (metadata_version_key) GROUP BY d.oid
),
reference AS (
  SELECT r.parent_oid, r.child_oid, max_by({mandatory: r.mandatory, ordinal: r.ordinal,
    order_number: try_cast(r.order_number AS INTEGER)}, (place, -r.ordinal)) AS r
  FROM meta.definition_ref r JOIN meta.version_order USING (metadata_version_key)
  WHERE r.element = 'ItemRef' GROUP BY ALL
)
SELECT n.item_group_oid, n.item_oid, t.sql_name AS table_name, n.sql_name AS column_name,
  d.d.name AS name, d.d.data_type AS data_type, d.d.length AS length, d.d.significant_digits AS significant_digits,
  d.d.question AS question, d.d.description AS description, d.d.origin AS origin, d.d.code_list_oid AS code_list_oid,
  r.r.mandatory AS mandatory, d.d.version AS metadata_version_key,
  row_number() OVER (PARTITION BY n.item_group_oid
    ORDER BY r.r.order_number NULLS LAST, r.r.ordinal NULLS LAST, n.item_oid) AS ordinal
FROM meta.name n
JOIN meta.name t ON t.kind = 'item_group' AND t.item_group_oid = n.item_group_oid
LEFT JOIN definition d ON d.oid = n.item_oid
LEFT JOIN reference r ON r.parent_oid = n.item_group_oid AND r.child_oid = n.item_oid
WHERE n.kind = 'item';
COMMENT ON VIEW meta.item IS 'Every item of every item group with the column it has in staged and its newest definition.';
COMMENT ON COLUMN meta.item.item_group_oid IS 'ItemGroupOID.';
COMMENT ON COLUMN meta.item.item_oid IS 'ItemOID.';
COMMENT ON COLUMN meta.item.table_name IS 'The table of its item group in staged.';
COMMENT ON COLUMN meta.item.column_name IS 'Its column in that table.';
COMMENT ON COLUMN meta.item.name IS 'Name.';
COMMENT ON COLUMN meta.item.data_type IS 'DataType.';
COMMENT ON COLUMN meta.item.length IS 'Length, as sent.';
COMMENT ON COLUMN meta.item.significant_digits IS 'SignificantDigits, as sent.';
COMMENT ON COLUMN meta.item.question IS 'Question, in the first language given.';
COMMENT ON COLUMN meta.item.description IS 'Description, in the first language given.';
COMMENT ON COLUMN meta.item.origin IS 'Origin.';
COMMENT ON COLUMN meta.item.code_list_oid IS 'CodeListRef.';
COMMENT ON COLUMN meta.item.mandatory IS 'Mandatory, of the ItemRef.';
COMMENT ON COLUMN meta.item.metadata_version_key IS 'The version its definition is from.';
COMMENT ON COLUMN meta.item.ordinal IS 'Its place in the item group, from 1: by OrderNumber, then as listed.';

CREATE OR REPLACE VIEW meta.decode AS
SELECT c.code_list_oid, c.coded_value, max_by({d: c.decode}, (d.place, -c.ordinal)).d AS decode,
  max_by(c.ordinal, (d.place, -c.ordinal)) AS ordinal
FROM meta.code_list_item c
JOIN meta.definition_in_force d ON d.kind = 'codelist' AND d.oid = c.code_list_oid
  AND d.metadata_version_key = c.metadata_version_key
WHERE c.coded_value IS NOT NULL
GROUP BY ALL;
COMMENT ON VIEW meta.decode IS 'Every coded value of every codelist with its newest decode, by the versions in force: meta.definition_in_force. Where versions or sources disagree, staged has the decode of the version that the record names: meta.item_variant.';
COMMENT ON COLUMN meta.decode.code_list_oid IS 'The CodeList.';
COMMENT ON COLUMN meta.decode.coded_value IS 'CodedValue.';
COMMENT ON COLUMN meta.decode.decode IS 'Decode, in the first language given; NULL for an EnumeratedItem.';
COMMENT ON COLUMN meta.decode.ordinal IS 'Its place in the codelist.';

CREATE OR REPLACE VIEW meta.unit_name AS
SELECT u.oid AS measurement_unit_oid, max_by(coalesce(u.name, u.oid), (d.place, -u.ordinal)) AS name
FROM meta.measurement_unit u
JOIN meta.metadata_version v USING (study_key)
JOIN meta.definition_in_force d ON d.kind = 'unit' AND d.oid = u.oid AND d.metadata_version_key = v.metadata_version_key
GROUP BY u.oid;
COMMENT ON VIEW meta.unit_name IS 'Every measurement unit with its newest name.';
COMMENT ON COLUMN meta.unit_name.measurement_unit_oid IS 'MeasurementUnitOID.';
COMMENT ON COLUMN meta.unit_name.name IS 'Name of the unit.';

CREATE OR REPLACE VIEW meta.unit_of_item AS
SELECT u.item_oid, u.measurement_unit_oid, coalesce(any_value(n.name), u.measurement_unit_oid) AS name, min(u.ordinal) AS ordinal
FROM meta.item_unit u
JOIN (SELECT oid AS item_oid, max_by(metadata_version_key, place) AS metadata_version_key
      FROM meta.item_def JOIN meta.version_order USING (metadata_version_key) GROUP BY oid) d
  USING (item_oid, metadata_version_key)
LEFT JOIN meta.unit_name n USING (measurement_unit_oid)
GROUP BY u.item_oid, u.measurement_unit_oid;
COMMENT ON VIEW meta.unit_of_item IS 'The units that an item may have, by its newest definition.';
COMMENT ON COLUMN meta.unit_of_item.item_oid IS 'The item.';
COMMENT ON COLUMN meta.unit_of_item.measurement_unit_oid IS 'MeasurementUnitOID.';
COMMENT ON COLUMN meta.unit_of_item.name IS 'Name of the unit.';
COMMENT ON COLUMN meta.unit_of_item.ordinal IS 'Place in the version.';

CREATE OR REPLACE VIEW meta.user_name AS
SELECT user_code, max_by(coalesce(full_name, display_name, login_name), key) AS name FROM raw.user GROUP BY user_code;
COMMENT ON VIEW meta.user_name IS 'Every user of AdminData with the newest name.';
COMMENT ON COLUMN meta.user_name.user_code IS 'UserOID: raw.dictionary.';
COMMENT ON COLUMN meta.user_name.name IS 'FullName, else DisplayName, else LoginName; NULL where none was sent.';
