-- recon.column_lineage: where the columns of models come from, one step; recon.column_origin follows it to the end. Made
-- empty where this text changes, so that all of it is found anew: read by walker 3.
CREATE SCHEMA IF NOT EXISTS recon;

CREATE OR REPLACE TABLE recon.column_lineage (
  model VARCHAR NOT NULL,
  column_name VARCHAR,
  from_table VARCHAR,
  from_column VARCHAR,
  kind VARCHAR NOT NULL,
  reason VARCHAR
);
COMMENT ON TABLE recon.column_lineage IS 'Where the columns of each model come from, as its SELECT tells: one row for each column and each column that its values come from.';
COMMENT ON COLUMN recon.column_lineage.model IS 'The model: schema.name.';
COMMENT ON COLUMN recon.column_lineage.column_name IS 'Its column; NULL for what decides which rows it has.';
COMMENT ON COLUMN recon.column_lineage.from_table IS 'The model, table or view that it reads, or the path of a file; raw.item_data for an item. NULL where the value comes from no column, or is unknown.';
COMMENT ON COLUMN recon.column_lineage.from_column IS 'The column there; of raw.item_data, the ItemOID. NULL for a table whose rows decide which rows there are.';
COMMENT ON COLUMN recon.column_lineage.kind IS 'copy: the value there, unchanged. derived: computed from it. order: a window or an aggregate parts or orders rows by it, and no more. constant: from no column. rows: decides which rows there are and how they are grouped. unknown: there may be columns beside those of its other rows.';
COMMENT ON COLUMN recon.column_lineage.reason IS 'Why it is unknown; else NULL.';

CREATE OR REPLACE TABLE recon._lineage (model VARCHAR NOT NULL, fingerprint VARCHAR NOT NULL);
COMMENT ON TABLE recon._lineage IS 'The models whose lineage is in recon.column_lineage.';
COMMENT ON COLUMN recon._lineage.model IS 'The model: schema.name.';
COMMENT ON COLUMN recon._lineage.fingerprint IS 'Its fingerprint (run.current_model) when it was found.';

CREATE OR REPLACE VIEW recon.column_origin AS
WITH RECURSIVE origin AS (
  SELECT model, column_name, from_table, from_column, kind, reason FROM recon.column_lineage
  UNION
  SELECT o.model, o.column_name, l.from_table, l.from_column,
    CASE
      WHEN l.kind = 'unknown' THEN 'unknown'
      WHEN o.kind = 'rows' THEN 'rows'
      WHEN o.kind = 'copy' AND l.kind IN ('copy', 'constant') THEN l.kind
      WHEN l.from_table IS NULL THEN 'constant'
      WHEN 'order' IN (o.kind, l.kind) THEN 'order'
      ELSE 'derived'
    END,
    l.reason
  FROM origin o
  JOIN recon.column_lineage l ON l.model = o.from_table AND l.column_name IS NOT DISTINCT FROM o.from_column
)
SELECT DISTINCT model, column_name, from_table, from_column, kind, reason
FROM origin o
WHERE kind <> 'constant' AND NOT EXISTS (FROM recon.column_lineage l WHERE l.model = o.from_table)
  AND NOT (kind = 'order' AND EXISTS (
    FROM origin v
    WHERE v.model = o.model AND v.column_name = o.column_name AND v.from_table = o.from_table
      AND v.from_column = o.from_column AND v.kind IN ('copy', 'derived')))
ORDER BY ALL;
COMMENT ON VIEW recon.column_origin IS 'Where the columns of each model come from in the end, through all models between: items (raw.item_data), columns of CSV files (state.file_...), files of data/, tables that no model makes.';
COMMENT ON COLUMN recon.column_origin.model IS 'The model: schema.name.';
COMMENT ON COLUMN recon.column_origin.column_name IS 'Its column; NULL for what decides which rows it has.';
COMMENT ON COLUMN recon.column_origin.from_table IS 'The table that no model makes, or the path of a file; NULL where it is unknown.';
COMMENT ON COLUMN recon.column_origin.from_column IS 'The column there; of raw.item_data, the ItemOID. NULL for a table whose rows decide which rows there are.';
COMMENT ON COLUMN recon.column_origin.kind IS 'copy: unchanged on the whole way. derived: computed from it somewhere. order: rows are parted or ordered by it, on every way no more. rows: decides which rows there are. unknown: there may be columns beside those of its other rows.';
COMMENT ON COLUMN recon.column_origin.reason IS 'Why it is unknown; else NULL.';
