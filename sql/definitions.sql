-- The definitions in force: of each item group and item that has an SQL name, the newest definition that any standing
-- or superseded delivery brought. A later MetaDataVersion that no longer has an item does not make its data nameless.
CREATE OR REPLACE VIEW meta.version_order AS
SELECT v.metadata_version_key, coalesce(max(p.rank), 0) AS version_rank
FROM meta.metadata_version v LEFT JOIN state.part p ON v.metadata_version_key BETWEEN p.first_key AND p.last_key
GROUP BY v.metadata_version_key;
COMMENT ON VIEW meta.version_order IS 'The place of each MetaDataVersion in the order of the deliveries.';
COMMENT ON COLUMN meta.version_order.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.version_order.version_rank IS 'The place of its part: state.part.';

CREATE OR REPLACE VIEW meta.item_group AS
SELECT n.item_group_oid, n.sql_name AS table_name, coalesce(d.name, n.item_group_oid) AS name, d.description, d.domain,
  d.repeating
FROM meta.name n
LEFT JOIN (
  SELECT d.oid, max_by(d.name, (version_rank, metadata_version_key)) AS name,
    max_by(d.description, (version_rank, metadata_version_key)) AS description,
    max_by(d.domain, (version_rank, metadata_version_key)) AS domain,
    max_by(d.repeating, (version_rank, metadata_version_key)) AS repeating
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
    version: metadata_version_key}, (version_rank, metadata_version_key)) AS d
  FROM meta.item_def d JOIN meta.version_order USING (metadata_version_key) GROUP BY d.oid
),
reference AS (
  SELECT r.parent_oid, r.child_oid, max_by({mandatory: r.mandatory, ordinal: r.ordinal,
    order_number: try_cast(r.order_number AS INTEGER)}, (version_rank, metadata_version_key)) AS r
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
SELECT c.code_list_oid, c.coded_value, max_by(c.decode, (version_rank, c.metadata_version_key)) AS decode,
  max_by(c.ordinal, (version_rank, c.metadata_version_key)) AS ordinal
FROM meta.code_list_item c JOIN meta.version_order USING (metadata_version_key)
WHERE c.coded_value IS NOT NULL
GROUP BY ALL;
COMMENT ON VIEW meta.decode IS 'Every coded value of every codelist with its newest decode.';
COMMENT ON COLUMN meta.decode.code_list_oid IS 'The CodeList.';
COMMENT ON COLUMN meta.decode.coded_value IS 'CodedValue.';
COMMENT ON COLUMN meta.decode.decode IS 'Decode, in the first language given; NULL for an EnumeratedItem.';
COMMENT ON COLUMN meta.decode.ordinal IS 'Its place in the codelist.';

CREATE OR REPLACE VIEW meta.unit_of_item AS
SELECT DISTINCT u.item_oid, u.measurement_unit_oid, coalesce(m.name, u.measurement_unit_oid) AS name, u.ordinal
FROM meta.item_unit u
JOIN (SELECT item_oid, max_by(metadata_version_key, (version_rank, metadata_version_key)) AS metadata_version_key
      FROM meta.item_unit JOIN meta.version_order USING (metadata_version_key) GROUP BY item_oid) n
  USING (item_oid, metadata_version_key)
LEFT JOIN (SELECT oid, max_by(name, study_key) AS name FROM meta.measurement_unit GROUP BY oid) m
  ON m.oid = u.measurement_unit_oid;
COMMENT ON VIEW meta.unit_of_item IS 'The units that an item may have, by its newest definition.';
COMMENT ON COLUMN meta.unit_of_item.item_oid IS 'The item.';
COMMENT ON COLUMN meta.unit_of_item.measurement_unit_oid IS 'MeasurementUnitOID.';
COMMENT ON COLUMN meta.unit_of_item.name IS 'Name of the unit.';
COMMENT ON COLUMN meta.unit_of_item.ordinal IS 'Place in the version.';

-- Which of several Values of one item is the first. Only those that are not are listed, so that files without SeqNum
-- cost nothing.
CREATE OR REPLACE VIEW state.further_value AS
SELECT i.item_group_data_key, i.item_code, i.sequence
FROM raw.item_data i
WHERE i.sequence > 0 AND EXISTS (
  FROM raw.item_data f
  WHERE f.item_group_data_key = i.item_group_data_key AND f.item_code = i.item_code AND f.sequence < i.sequence
);
COMMENT ON VIEW state.further_value IS 'Rows of raw.item_data with a further value: another Value of the same item (ODM 2.0) has a lower SeqNum. Staged tables show the lowest; recon.further_values has the others.';
COMMENT ON COLUMN state.further_value.item_group_data_key IS 'The item group row.';
COMMENT ON COLUMN state.further_value.item_code IS 'The item.';
COMMENT ON COLUMN state.further_value.sequence IS 'SeqNum of the value.';
