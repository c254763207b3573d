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
SELECT c.code_list_oid, c.coded_value,
  max_by({d: c.decode}, (version_rank, c.metadata_version_key, -c.ordinal)).d AS decode,
  max_by(c.ordinal, (version_rank, c.metadata_version_key, -c.ordinal)) AS ordinal
FROM meta.code_list_item c JOIN meta.version_order USING (metadata_version_key)
WHERE c.coded_value IS NOT NULL
GROUP BY ALL;
COMMENT ON VIEW meta.decode IS 'Every coded value of every codelist with its newest decode. Where versions or sources disagree, staged has the decode of the version that the record names: meta.item_variant.';
COMMENT ON COLUMN meta.decode.code_list_oid IS 'The CodeList.';
COMMENT ON COLUMN meta.decode.coded_value IS 'CodedValue.';
COMMENT ON COLUMN meta.decode.decode IS 'Decode, in the first language given; NULL for an EnumeratedItem.';
COMMENT ON COLUMN meta.decode.ordinal IS 'Its place in the codelist.';

CREATE OR REPLACE VIEW meta.unit_name AS
SELECT u.oid AS measurement_unit_oid, max_by(coalesce(u.name, u.oid), (v.version_rank, u.study_key)) AS name
FROM meta.measurement_unit u JOIN (
  SELECT study_key, max(version_rank) AS version_rank
  FROM meta.metadata_version JOIN meta.version_order USING (metadata_version_key) GROUP BY study_key
) v USING (study_key)
GROUP BY u.oid;
COMMENT ON VIEW meta.unit_name IS 'Every measurement unit with its newest name.';
COMMENT ON COLUMN meta.unit_name.measurement_unit_oid IS 'MeasurementUnitOID.';
COMMENT ON COLUMN meta.unit_name.name IS 'Name of the unit.';

CREATE OR REPLACE VIEW meta.unit_of_item AS
SELECT u.item_oid, u.measurement_unit_oid, coalesce(any_value(n.name), u.measurement_unit_oid) AS name, min(u.ordinal) AS ordinal
FROM meta.item_unit u
JOIN (SELECT oid AS item_oid, max_by(metadata_version_key, (version_rank, metadata_version_key)) AS metadata_version_key
      FROM meta.item_def JOIN meta.version_order USING (metadata_version_key) GROUP BY oid) d
  USING (item_oid, metadata_version_key)
LEFT JOIN meta.unit_name n USING (measurement_unit_oid)
GROUP BY u.item_oid, u.measurement_unit_oid;
COMMENT ON VIEW meta.unit_of_item IS 'The units that an item may have, by its newest definition.';
COMMENT ON COLUMN meta.unit_of_item.item_oid IS 'The item.';
COMMENT ON COLUMN meta.unit_of_item.measurement_unit_oid IS 'MeasurementUnitOID.';
COMMENT ON COLUMN meta.unit_of_item.name IS 'Name of the unit.';
COMMENT ON COLUMN meta.unit_of_item.ordinal IS 'Place in the version.';

-- What the version that a record names says otherwise than the newest definition. Versions of one system, study and OID
-- are one: the newest of them is in force.
CREATE OR REPLACE VIEW meta.version_in_force AS
SELECT v.metadata_version_key, d.system, v.study_key, v.study_oid, v.oid, v.include_study_oid, v.include_oid, o.version_rank
FROM meta.metadata_version v
JOIN meta.version_order o USING (metadata_version_key)
LEFT JOIN raw.delivery d USING (delivery_key)
QUALIFY row_number() OVER (
  PARTITION BY d.system, v.study_oid, v.oid ORDER BY o.version_rank DESC, v.metadata_version_key DESC) = 1;
COMMENT ON VIEW meta.version_in_force IS 'The MetaDataVersions that records can name: of each OID of each study in each source system the newest.';
COMMENT ON COLUMN meta.version_in_force.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.version_in_force.system IS 'The source system that sent it; NULL before its delivery has been loaded.';
COMMENT ON COLUMN meta.version_in_force.study_key IS 'The Study it stands in.';
COMMENT ON COLUMN meta.version_in_force.study_oid IS 'OID of that Study.';
COMMENT ON COLUMN meta.version_in_force.oid IS 'OID.';
COMMENT ON COLUMN meta.version_in_force.include_study_oid IS 'Include/@StudyOID.';
COMMENT ON COLUMN meta.version_in_force.include_oid IS 'Include/@MetaDataVersionOID.';
COMMENT ON COLUMN meta.version_in_force.version_rank IS 'Its place in the order of the deliveries.';

CREATE OR REPLACE VIEW meta.version_chain AS
WITH RECURSIVE version AS MATERIALIZED (FROM meta.version_in_force),
chain(metadata_version_key, included_key, depth) AS (
  SELECT metadata_version_key, metadata_version_key, 0 FROM version
  UNION ALL
  SELECT c.metadata_version_key, i.metadata_version_key, depth + 1
  FROM chain c
  JOIN version v ON v.metadata_version_key = c.included_key
  JOIN version i ON i.system IS NOT DISTINCT FROM v.system AND i.oid = v.include_oid
    AND i.study_oid = coalesce(v.include_study_oid, v.study_oid)
  -- A version that includes itself, however far round, ends here.
  WHERE depth < 100
)
SELECT metadata_version_key, included_key, min(depth) AS depth FROM chain GROUP BY ALL;
COMMENT ON VIEW meta.version_chain IS 'Each version in force with itself and all that it includes (ODM 1.3.2, 3.1.1.3.1).';
COMMENT ON COLUMN meta.version_chain.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.version_chain.included_key IS 'It, or a version that it includes.';
COMMENT ON COLUMN meta.version_chain.depth IS '0 for itself, 1 for the one that it includes, and so on: the least wins.';

CREATE OR REPLACE VIEW meta.item_variant AS
WITH version AS MATERIALIZED (FROM meta.version_in_force),
chain AS MATERIALIZED (FROM meta.version_chain),

-- Coded values: only those on which versions differ, or that one of several systems with the codelist does not have.
code AS (
  SELECT v.metadata_version_key, v.system, v.version_rank, c.code_list_oid, c.coded_value, c.decode, c.ordinal
  FROM meta.code_list_item c JOIN version v USING (metadata_version_key) WHERE c.coded_value IS NOT NULL
),
code_system AS (SELECT DISTINCT code_list_oid, system FROM code),
newest_code AS MATERIALIZED (FROM meta.decode),
disputed_code AS MATERIALIZED (
  SELECT c.code_list_oid, c.coded_value, any_value(n.decode) AS newest
  FROM code c JOIN newest_code n USING (code_list_oid, coded_value)
  JOIN (SELECT code_list_oid, count(*) AS systems FROM code_system GROUP BY ALL) s USING (code_list_oid)
  GROUP BY ALL
  HAVING bool_or(c.decode IS DISTINCT FROM n.decode)
    OR count(DISTINCT coalesce('=' || c.system, '')) < any_value(s.systems)
),
disputed AS MATERIALIZED (FROM code SEMI JOIN disputed_code USING (code_list_oid, coded_value)),
own_code AS (
  SELECT c.metadata_version_key, d.code_list_oid, d.coded_value, min_by({decode: d.decode}, (c.depth, d.ordinal)) AS says
  FROM disputed d JOIN chain c ON c.included_key = d.metadata_version_key GROUP BY ALL
),
system_code AS (
  SELECT system, code_list_oid, coded_value,
    max_by({decode: decode}, (version_rank, metadata_version_key, -ordinal)) AS says
  FROM disputed GROUP BY ALL
),
code_list AS (
  SELECT metadata_version_key, code_list_oid,
    list({coded_value: coded_value, decode: decode} ORDER BY coded_value) AS decodes
  FROM (
    SELECT v.metadata_version_key, d.code_list_oid, d.coded_value, d.newest, CASE
      WHEN o.says IS NOT NULL THEN o.says.decode
      WHEN s.code_list_oid IS NOT NULL THEN t.says.decode
      ELSE d.newest END AS decode
    FROM disputed_code d CROSS JOIN version v
    LEFT JOIN own_code o USING (metadata_version_key, code_list_oid, coded_value)
    LEFT JOIN code_system s ON s.code_list_oid = d.code_list_oid AND s.system IS NOT DISTINCT FROM v.system
    LEFT JOIN system_code t ON t.code_list_oid = d.code_list_oid AND t.coded_value = d.coded_value
      AND t.system IS NOT DISTINCT FROM v.system
  )
  WHERE decode IS DISTINCT FROM newest
  GROUP BY ALL
),

-- Names of units: only those on which studies differ.
unit AS (
  SELECT v.metadata_version_key, v.system, v.version_rank, u.oid AS measurement_unit_oid, coalesce(u.name, u.oid) AS name
  FROM meta.measurement_unit u JOIN version v USING (study_key)
),
unit_name AS MATERIALIZED (
  SELECT v.metadata_version_key, d.measurement_unit_oid, coalesce(o.name, s.name, d.newest) AS name, d.newest
  FROM (
    SELECT measurement_unit_oid, any_value(n.name) AS newest
    FROM unit u JOIN meta.unit_name n USING (measurement_unit_oid)
    GROUP BY ALL HAVING bool_or(u.name <> n.name)
  ) d CROSS JOIN version v
  LEFT JOIN (
    SELECT c.metadata_version_key, u.measurement_unit_oid, min_by(u.name, (c.depth, u.name)) AS name
    FROM unit u JOIN chain c ON c.included_key = u.metadata_version_key GROUP BY ALL
  ) o USING (metadata_version_key, measurement_unit_oid)
  LEFT JOIN (
    SELECT system, measurement_unit_oid, max_by(name, (version_rank, metadata_version_key)) AS name FROM unit GROUP BY ALL
  ) s ON s.measurement_unit_oid = d.measurement_unit_oid AND s.system IS NOT DISTINCT FROM v.system
),

-- Items: only those that versions define otherwise, or that have a disputed codelist or unit.
item_said AS (
  SELECT d.metadata_version_key, d.oid AS item_oid, {code_list_oid: d.code_list_oid, units: coalesce(u.units, [])} AS says
  FROM meta.item_def d
  LEFT JOIN (
    SELECT metadata_version_key, item_oid, list(DISTINCT measurement_unit_oid ORDER BY measurement_unit_oid) AS units
    FROM meta.item_unit GROUP BY ALL
  ) u ON u.metadata_version_key = d.metadata_version_key AND u.item_oid = d.oid
),
newest AS MATERIALIZED (
  SELECT item_oid, max_by(says, (version_rank, metadata_version_key)) AS says
  FROM item_said JOIN meta.version_order USING (metadata_version_key) GROUP BY ALL
),
item AS (SELECT i.*, v.system, v.version_rank FROM item_said i JOIN version v USING (metadata_version_key)),
sent_unit AS (
  SELECT i.text AS item_oid, u.text AS measurement_unit_oid
  FROM (SELECT DISTINCT item_code, unit_code FROM raw.item_data WHERE unit_code > 0) s
  JOIN raw.dictionary i ON i.code = s.item_code JOIN raw.dictionary u ON u.code = s.unit_code
  WHERE u.text IN (SELECT measurement_unit_oid FROM unit_name)
),
item_unit AS MATERIALIZED (
  FROM sent_unit
  UNION
  SELECT item_oid, measurement_unit_oid FROM (SELECT item_oid, unnest(says.units) AS measurement_unit_oid FROM item)
  WHERE measurement_unit_oid IN (SELECT measurement_unit_oid FROM unit_name)
),
disputed_item AS (
  SELECT item_oid FROM item i JOIN newest n USING (item_oid) GROUP BY ALL
  HAVING bool_or(i.says IS DISTINCT FROM n.says)
    OR bool_or(i.says.code_list_oid IN (SELECT code_list_oid FROM disputed_code))
  UNION
  SELECT item_oid FROM item_unit
),
candidate AS MATERIALIZED (FROM item SEMI JOIN disputed_item USING (item_oid)),
defined AS (
  SELECT v.metadata_version_key, v.version_rank, n.item_oid, coalesce(o.says, s.says, n.says) AS says, n.says AS newest
  FROM (FROM newest SEMI JOIN disputed_item USING (item_oid)) n CROSS JOIN version v
  LEFT JOIN (
    SELECT c.metadata_version_key, i.item_oid, min_by(i.says, c.depth) AS says
    FROM candidate i JOIN chain c ON c.included_key = i.metadata_version_key GROUP BY ALL
  ) o USING (metadata_version_key, item_oid)
  LEFT JOIN (
    SELECT system, item_oid, max_by(says, (version_rank, metadata_version_key)) AS says FROM candidate GROUP BY ALL
  ) s ON s.item_oid = n.item_oid AND s.system IS NOT DISTINCT FROM v.system
),
named AS (
  SELECT d.metadata_version_key, d.version_rank, d.item_oid, d.says.code_list_oid AS code_list_oid,
    d.newest.code_list_oid AS newest_code_list_oid, l.decodes,
    CASE WHEN len(d.says.units) = 1 THEN coalesce(o.name, n.name, d.says.units[1]) END AS unit,
    CASE WHEN len(d.newest.units) = 1 THEN coalesce(w.name, d.newest.units[1]) END AS newest_unit, u.units
  FROM defined d
  LEFT JOIN code_list l ON l.metadata_version_key = d.metadata_version_key AND l.code_list_oid = d.says.code_list_oid
  LEFT JOIN unit_name o ON o.metadata_version_key = d.metadata_version_key AND o.measurement_unit_oid = d.says.units[1]
  LEFT JOIN meta.unit_name n ON n.measurement_unit_oid = d.says.units[1]
  LEFT JOIN meta.unit_name w ON w.measurement_unit_oid = d.newest.units[1]
  LEFT JOIN (
    SELECT n.metadata_version_key, i.item_oid,
      list({measurement_unit_oid: n.measurement_unit_oid, name: n.name} ORDER BY n.measurement_unit_oid) AS units
    FROM item_unit i JOIN unit_name n USING (measurement_unit_oid)
    WHERE n.name IS DISTINCT FROM n.newest
    GROUP BY ALL
  ) u ON u.metadata_version_key = d.metadata_version_key AND u.item_oid = d.item_oid
),
variant AS (
  SELECT metadata_version_key, item_oid, code_list_oid, decodes, unit, units,
    min((version_rank, metadata_version_key)) OVER (PARTITION BY item_oid, code_list_oid, decodes, unit, units) AS since
  FROM named
  WHERE code_list_oid IS DISTINCT FROM newest_code_list_oid OR unit IS DISTINCT FROM newest_unit
    OR decodes IS NOT NULL OR units IS NOT NULL
)
SELECT metadata_version_key, item_oid, dense_rank() OVER (PARTITION BY item_oid ORDER BY since)::INTEGER AS variant,
  code_list_oid, decodes, unit, units
FROM variant;
COMMENT ON VIEW meta.item_variant IS 'Where the definition of an item by a version in force differs from the newest of all in what staged shows beside a value. What a version does not define is as the newest of its system has it, then as the newest of all.';
COMMENT ON COLUMN meta.item_variant.metadata_version_key IS 'The version: meta.version_in_force.';
COMMENT ON COLUMN meta.item_variant.item_oid IS 'The item.';
COMMENT ON COLUMN meta.item_variant.variant IS 'Number of what it says, from 1 for each item: the same for versions that say the same. Values of records that name it have this number in staged._cells.';
COMMENT ON COLUMN meta.item_variant.code_list_oid IS 'CodeListRef.';
COMMENT ON COLUMN meta.item_variant.decodes IS 'Coded values of that codelist whose decode is another than in meta.decode; NULL for no decode.';
COMMENT ON COLUMN meta.item_variant.unit IS 'The unit of the item, where it has exactly one.';
COMMENT ON COLUMN meta.item_variant.units IS 'Units of the item whose name is another than in meta.unit_name.';

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
