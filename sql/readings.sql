-- By which of the definitions in force (definitions.sql) each record is read: docs/staged.md.
CREATE OR REPLACE VIEW meta.version_chain AS
WITH RECURSIVE version AS MATERIALIZED (FROM meta.version_in_force),
chain AS (
  SELECT metadata_version_key, metadata_version_key AS included_key, [metadata_version_key] AS path FROM version
  UNION ALL
  SELECT c.metadata_version_key, i.metadata_version_key, list_append(c.path, i.metadata_version_key)
  FROM chain c
  JOIN version v ON v.metadata_version_key = c.included_key
  JOIN version i ON i.system IS NOT DISTINCT FROM v.system AND i.oid = v.include_oid
    AND i.study_oid = coalesce(v.include_study_oid, v.study_oid)
  -- A version that includes itself, however far round, ends here.
  WHERE NOT list_contains(c.path, i.metadata_version_key)
)
SELECT metadata_version_key, included_key, len(path) - 1 AS depth FROM chain;
COMMENT ON VIEW meta.version_chain IS 'Each version in force with itself and all that it includes (ODM 1.3.2, 3.1.1.3.1).';
COMMENT ON COLUMN meta.version_chain.metadata_version_key IS 'The version.';
COMMENT ON COLUMN meta.version_chain.included_key IS 'It, or a version that it includes.';
COMMENT ON COLUMN meta.version_chain.depth IS '0 for itself, 1 for the one that it includes, and so on: the least wins.';

-- What records read alike share is worked out once, whatever number of ClinicalData they stand in.
CREATE OR REPLACE VIEW meta.reading AS
WITH version AS MATERIALIZED (FROM meta.version_in_force),
part AS (
  SELECT p.first_key, p.last_key, d.system FROM state.part p JOIN raw.delivery d USING (delivery_key)
  WHERE p.superseded_by IS NULL AND p.first_key IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY p.first_key ORDER BY p.rank DESC) = 1
),
named AS MATERIALIZED (
  SELECT h.key, p.system, h.study_oid, h.oid
  FROM (
    SELECT c.key, study.text AS study_oid, version.text AS oid
    FROM raw.clinical_data c
    JOIN raw.dictionary study ON study.code = c.study_code
    JOIN raw.dictionary version ON version.code = c.metadata_version_code
    UNION ALL
    SELECT e.key, any_value(a.value) FILTER (name.text = 'StudyOID'), any_value(a.value) FILTER (name.text = 'MetaDataVersionOID')
    FROM raw.element e LEFT JOIN raw.attribute a ON a.element_key = e.key AND a.level = e.level AND a.node = 0
    LEFT JOIN raw.dictionary name ON name.code = a.name_code
    WHERE e.level = 13 GROUP BY e.key  -- ReferenceData: raw.level
  ) h
  JOIN part p ON h.key BETWEEN p.first_key AND p.last_key
),
reference AS MATERIALIZED (SELECT DISTINCT system, study_oid, oid FROM named),
-- A site may pose as a study: the same OID in another one.
own AS (
  SELECT r.system, r.study_oid, r.oid, max_by(v.metadata_version_key, (v.study_oid = r.study_oid, v.place)) AS metadata_version_key
  FROM reference r JOIN version v ON v.system = r.system AND v.oid = r.oid GROUP BY ALL
),
other AS (
  SELECT r.system, r.study_oid, r.oid, list(v.metadata_version_key ORDER BY v.place DESC) AS others
  FROM reference r JOIN version v ON v.study_oid = r.study_oid AND v.oid = r.oid AND v.system IS DISTINCT FROM r.system
  GROUP BY ALL
),
read AS (
  SELECT r.*, own.metadata_version_key, coalesce(other.others, []) AS others,
    dense_rank() OVER (ORDER BY r.system, own.metadata_version_key, coalesce(other.others, []))::INTEGER AS reading
  FROM reference r LEFT JOIN own USING (system, study_oid, oid) LEFT JOIN other USING (system, study_oid, oid)
),
-- Item groups of ReferenceData may hold others (ODM 2.0), which stand in the row of theirs. Keys follow the document.
placed AS (
  FROM named
  UNION ALL
  SELECT g.key, h.system, h.study_oid, h.oid
  FROM (SELECT DISTINCT item_group_data_key AS key FROM raw.item_group_data WHERE item_group_data_key > 0 AND subject_data_key = 0) g
  ASOF JOIN named h ON g.key >= h.key
)
SELECT n.key, r.reading, r.system, r.metadata_version_key, r.others
FROM placed n JOIN read r ON r.system = n.system AND r.study_oid IS NOT DISTINCT FROM n.study_oid
  AND r.oid IS NOT DISTINCT FROM n.oid;
COMMENT ON VIEW meta.reading IS 'By which versions of the definitions the records of each ClinicalData and ReferenceData are read, of all parts that stand.';
COMMENT ON COLUMN meta.reading.key IS 'Key of the ClinicalData or ReferenceData; in ReferenceData also that of the item group that others are nested in (ODM 2.0).';
COMMENT ON COLUMN meta.reading.reading IS 'Number of the way to read it: the same for all that are read alike.';
COMMENT ON COLUMN meta.reading.system IS 'The source system that sent it.';
COMMENT ON COLUMN meta.reading.metadata_version_key IS 'The version that it names, of its own system; NULL where that has sent none of the OID.';
COMMENT ON COLUMN meta.reading.others IS 'Versions of the same study and OID that other systems have sent, the newest first.';

CREATE OR REPLACE VIEW meta.item_variant AS
WITH reading AS MATERIALIZED (SELECT DISTINCT reading, system, metadata_version_key, others FROM meta.reading),
other AS (
  SELECT reading, unnest(others) AS metadata_version_key, generate_subscripts(others, 1) AS ordinal FROM reading
),
chain AS MATERIALIZED (FROM meta.version_chain),
in_force AS MATERIALIZED (FROM meta.definition_in_force),

-- Coded values: only those on which versions differ, or that one of several systems with the codelist does not have.
code AS MATERIALIZED (
  SELECT f.metadata_version_key, f.system, f.place, c.code_list_oid, c.coded_value, c.decode, c.ordinal
  FROM meta.code_list_item c
  JOIN in_force f ON f.kind = 'codelist' AND f.oid = c.code_list_oid AND f.metadata_version_key = c.metadata_version_key
  WHERE c.coded_value IS NOT NULL
),
disputed_code AS MATERIALIZED (
  SELECT c.code_list_oid, c.coded_value, any_value(n.decode) AS newest
  FROM code c
  JOIN (
    SELECT code_list_oid, coded_value, max_by({d: decode}, (place, -ordinal)).d AS decode FROM code GROUP BY ALL
  ) n USING (code_list_oid, coded_value)
  JOIN (
    SELECT oid AS code_list_oid, count(DISTINCT coalesce('=' || system, '')) AS systems
    FROM in_force WHERE kind = 'codelist' GROUP BY ALL
  ) s USING (code_list_oid)
  GROUP BY ALL
  HAVING bool_or(c.decode IS DISTINCT FROM n.decode)
    OR count(DISTINCT coalesce('=' || c.system, '')) < any_value(s.systems)
),
disputed AS MATERIALIZED (FROM code SEMI JOIN disputed_code USING (code_list_oid, coded_value)),

-- Names of units: only those on which studies differ.
unit AS MATERIALIZED (
  SELECT f.metadata_version_key, f.system, f.place, u.oid AS measurement_unit_oid, coalesce(u.name, u.oid) AS name, u.ordinal
  FROM in_force f JOIN meta.metadata_version v USING (metadata_version_key)
  JOIN meta.measurement_unit u ON u.study_key = v.study_key AND u.oid = f.oid
  WHERE f.kind = 'unit'
),
newest_name AS MATERIALIZED (
  SELECT measurement_unit_oid, max_by(name, (place, -ordinal)) AS name FROM unit GROUP BY ALL
),
disputed_unit AS MATERIALIZED (
  SELECT measurement_unit_oid, any_value(n.name) AS newest
  FROM unit u JOIN newest_name n USING (measurement_unit_oid)
  GROUP BY ALL HAVING bool_or(u.name <> n.name)
),

-- Items: only those that versions define otherwise, or that have a disputed codelist or unit.
item AS MATERIALIZED (
  SELECT f.metadata_version_key, f.system, f.place, d.oid AS item_oid, d.ordinal,
    {code_list_oid: d.code_list_oid, units: coalesce(u.units, [])} AS says
  FROM in_force f
  JOIN meta.item_def d ON d.oid = f.oid AND d.metadata_version_key = f.metadata_version_key
  LEFT JOIN (
    SELECT metadata_version_key, item_oid, list(DISTINCT measurement_unit_oid ORDER BY measurement_unit_oid) AS units
    FROM meta.item_unit GROUP BY ALL
  ) u ON u.metadata_version_key = d.metadata_version_key AND u.item_oid = d.oid
  WHERE f.kind = 'item'
),
newest AS MATERIALIZED (SELECT item_oid, max_by(says, (place, -ordinal)) AS says FROM item GROUP BY ALL),
sent_unit AS (
  SELECT i.text AS item_oid, u.text AS measurement_unit_oid
  FROM (SELECT DISTINCT item_code, unit_code FROM raw.item_data WHERE unit_code > 0) s
  JOIN raw.dictionary i ON i.code = s.item_code JOIN raw.dictionary u ON u.code = s.unit_code
  WHERE u.text IN (SELECT measurement_unit_oid FROM disputed_unit)
),
item_unit AS MATERIALIZED (
  FROM sent_unit
  UNION
  SELECT item_oid, measurement_unit_oid FROM (SELECT item_oid, unnest(says.units) AS measurement_unit_oid FROM item)
  WHERE measurement_unit_oid IN (SELECT measurement_unit_oid FROM disputed_unit)
),
disputed_item AS MATERIALIZED (
  SELECT item_oid FROM item i JOIN newest n USING (item_oid) GROUP BY ALL
  HAVING bool_or(i.says IS DISTINCT FROM n.says)
    OR bool_or(i.says.code_list_oid IN (SELECT code_list_oid FROM disputed_code))
  UNION
  SELECT item_oid FROM item_unit
),
candidate AS MATERIALIZED (FROM item SEMI JOIN disputed_item USING (item_oid)),

-- Which system's definition each reading has, and in which version it looks first: its own; that of another system which
-- has sent the version that it names, with what that includes; that of the newest.
definition AS MATERIALIZED (
  FROM in_force f
  WHERE CASE kind
    WHEN 'item' THEN oid IN (SELECT item_oid FROM disputed_item)
    WHEN 'codelist' THEN oid IN (SELECT code_list_oid FROM disputed_code)
    ELSE oid IN (SELECT measurement_unit_oid FROM disputed_unit) END
),
reader AS MATERIALIZED (
  SELECT r.reading, n.kind, n.oid, CASE
    WHEN s.oid IS NOT NULL THEN {version: r.metadata_version_key, system: r.system}
    WHEN o.reader IS NOT NULL THEN o.reader
    ELSE {version: NULL, system: n.system} END AS reader
  FROM reading r
  CROSS JOIN (SELECT kind, oid, max_by({s: system}, place).s AS system FROM definition GROUP BY ALL) n
  LEFT JOIN (SELECT DISTINCT kind, oid, system FROM definition) s ON s.kind = n.kind AND s.oid = n.oid AND s.system = r.system
  LEFT JOIN (
    SELECT o.reading, d.kind, d.oid, min_by({version: o.metadata_version_key, system: d.system}, o.ordinal) AS reader
    FROM other o JOIN chain c USING (metadata_version_key) JOIN definition d ON d.metadata_version_key = c.included_key
    GROUP BY ALL
  ) o ON o.reading = r.reading AND o.kind = n.kind AND o.oid = n.oid
),

-- What that says: the version and what it includes, else the newest of its system.
code_list AS (
  SELECT reading, code_list_oid, list({coded_value: coded_value, decode: decode} ORDER BY coded_value) AS decodes
  FROM (
    SELECT r.reading, d.code_list_oid, d.coded_value, d.newest, coalesce(c.says, s.says).decode AS decode
    FROM disputed_code d JOIN reader r ON r.kind = 'codelist' AND r.oid = d.code_list_oid
    LEFT JOIN (
      SELECT c.metadata_version_key, d.code_list_oid, d.coded_value, min_by({decode: d.decode}, (c.depth, d.ordinal)) AS says
      FROM disputed d JOIN chain c ON c.included_key = d.metadata_version_key GROUP BY ALL
    ) c ON c.metadata_version_key = r.reader.version AND c.code_list_oid = d.code_list_oid AND c.coded_value = d.coded_value
    LEFT JOIN (
      SELECT system, code_list_oid, coded_value, max_by({decode: decode}, (place, -ordinal)) AS says FROM disputed GROUP BY ALL
    ) s ON s.system IS NOT DISTINCT FROM r.reader.system AND s.code_list_oid = d.code_list_oid AND s.coded_value = d.coded_value
  )
  WHERE decode IS DISTINCT FROM newest
  GROUP BY ALL
),
unit_name AS MATERIALIZED (
  SELECT r.reading, d.measurement_unit_oid, coalesce(c.name, s.name) AS name, d.newest
  FROM disputed_unit d JOIN reader r ON r.kind = 'unit' AND r.oid = d.measurement_unit_oid
  LEFT JOIN (
    SELECT c.metadata_version_key, u.measurement_unit_oid, min_by(u.name, (c.depth, u.ordinal)) AS name
    FROM unit u JOIN chain c ON c.included_key = u.metadata_version_key GROUP BY ALL
  ) c ON c.metadata_version_key = r.reader.version AND c.measurement_unit_oid = d.measurement_unit_oid
  LEFT JOIN (
    SELECT system, measurement_unit_oid, max_by(name, (place, -ordinal)) AS name FROM unit GROUP BY ALL
  ) s ON s.system IS NOT DISTINCT FROM r.reader.system AND s.measurement_unit_oid = d.measurement_unit_oid
),
defined AS (
  SELECT r.reading, n.item_oid, coalesce(c.says, s.says) AS says, n.says AS newest
  FROM newest n JOIN reader r ON r.kind = 'item' AND r.oid = n.item_oid
  LEFT JOIN (
    SELECT c.metadata_version_key, i.item_oid, min_by(i.says, (c.depth, i.ordinal)) AS says
    FROM candidate i JOIN chain c ON c.included_key = i.metadata_version_key GROUP BY ALL
  ) c ON c.metadata_version_key = r.reader.version AND c.item_oid = n.item_oid
  LEFT JOIN (
    SELECT system, item_oid, max_by(says, (place, -ordinal)) AS says FROM candidate GROUP BY ALL
  ) s ON s.system IS NOT DISTINCT FROM r.reader.system AND s.item_oid = n.item_oid
  UNION ALL
  -- What no version defines may have a unit all the same.
  SELECT r.reading, u.item_oid, u.says, u.says
  FROM reading r CROSS JOIN (
    SELECT DISTINCT item_oid, {code_list_oid: NULL::VARCHAR, units: []::VARCHAR[]} AS says
    FROM item_unit ANTI JOIN item USING (item_oid)
  ) u
),
named AS (
  SELECT d.reading, d.item_oid, d.says.code_list_oid AS code_list_oid, d.newest.code_list_oid AS newest_code_list_oid,
    l.decodes, CASE WHEN len(d.says.units) = 1 THEN coalesce(o.name, n.name, d.says.units[1]) END AS unit,
    CASE WHEN len(d.newest.units) = 1 THEN coalesce(w.name, d.newest.units[1]) END AS newest_unit, u.units
  FROM defined d
  LEFT JOIN code_list l ON l.reading = d.reading AND l.code_list_oid = d.says.code_list_oid
  LEFT JOIN unit_name o ON o.reading = d.reading AND o.measurement_unit_oid = d.says.units[1]
  LEFT JOIN newest_name n ON n.measurement_unit_oid = d.says.units[1]
  LEFT JOIN newest_name w ON w.measurement_unit_oid = d.newest.units[1]
  LEFT JOIN (
    SELECT n.reading, i.item_oid,
      list({measurement_unit_oid: n.measurement_unit_oid, name: n.name} ORDER BY n.measurement_unit_oid) AS units
    FROM item_unit i JOIN unit_name n USING (measurement_unit_oid)
    WHERE n.name IS DISTINCT FROM n.newest
    GROUP BY ALL
  ) u ON u.reading = d.reading AND u.item_oid = d.item_oid
)
SELECT reading, item_oid,
  dense_rank() OVER (PARTITION BY item_oid ORDER BY code_list_oid, decodes, unit, units)::INTEGER AS variant,
  code_list_oid, decodes, unit, units
FROM named
WHERE code_list_oid IS DISTINCT FROM newest_code_list_oid OR unit IS DISTINCT FROM newest_unit
  OR decodes IS NOT NULL OR units IS NOT NULL;
COMMENT ON VIEW meta.item_variant IS 'Where the definition by which records are read differs from the newest of all in what staged shows beside a value.';
COMMENT ON COLUMN meta.item_variant.reading IS 'The records: meta.reading.';
COMMENT ON COLUMN meta.item_variant.item_oid IS 'The item.';
COMMENT ON COLUMN meta.item_variant.variant IS 'Number of what it says, from 1 for each item: the same for readings that say the same. Values of these records have it in staged._cells.';
COMMENT ON COLUMN meta.item_variant.code_list_oid IS 'CodeListRef.';
COMMENT ON COLUMN meta.item_variant.decodes IS 'Coded values of that codelist whose decode is another than in meta.decode; NULL for no decode.';
COMMENT ON COLUMN meta.item_variant.unit IS 'The unit of the item, where it has exactly one.';
COMMENT ON COLUMN meta.item_variant.units IS 'Units of the item whose name is another than in meta.unit_name.';

CREATE OR REPLACE VIEW meta.decoded AS
WITH definition AS MATERIALIZED (
  SELECT DISTINCT item_oid, 0 AS variant, code_list_oid, NULL AS decodes FROM meta.item
  UNION ALL
  SELECT DISTINCT item_oid, variant, code_list_oid, decodes FROM meta.item_variant
),
other AS MATERIALIZED (
  SELECT item_oid, variant, d.coded_value, d.decode
  FROM (SELECT item_oid, variant, unnest(decodes) AS d FROM definition)
),
decoded AS MATERIALIZED (
  SELECT d.item_oid, d.variant, c.coded_value
  FROM definition d JOIN meta.decode c USING (code_list_oid) ANTI JOIN other USING (item_oid, variant, coded_value)
  WHERE c.decode IS NOT NULL
  UNION ALL
  SELECT item_oid, variant, coded_value FROM other WHERE decode IS NOT NULL
)
SELECT d.item_oid, d.variant, d.code_list_oid, c.coded_value
FROM definition d LEFT JOIN decoded c USING (item_oid, variant)
WHERE d.code_list_oid IS NOT NULL AND d.item_oid IN (
  SELECT item_oid FROM decoded
  UNION
  -- A CodeListRef that leads nowhere.
  SELECT item_oid FROM definition WHERE code_list_oid IS NOT NULL AND code_list_oid NOT IN (SELECT oid FROM meta.code_list)
);
COMMENT ON VIEW meta.decoded IS 'Which coded values staged decodes, of each item with a column _decode, by the newest definition and by each that says otherwise.';
COMMENT ON COLUMN meta.decoded.item_oid IS 'The item.';
COMMENT ON COLUMN meta.decoded.variant IS 'meta.item_variant.variant; 0 for the newest definition.';
COMMENT ON COLUMN meta.decoded.code_list_oid IS 'CodeListRef.';
COMMENT ON COLUMN meta.decoded.coded_value IS 'A coded value that has a decode; NULL, in the only row, where none has, or nobody has sent the codelist.';
