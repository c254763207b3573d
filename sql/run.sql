-- run: what the runner of models did. The working record of builds; of it, only the fingerprints of models reach an
-- export: they stand in its manifest.
--
-- run.model and run.test only grow: one row for each time a model was put in place or taken away, a test was run or was
-- found to be none any more.
-- run.current_model and run.current_test are the latest row of each that there is.
CREATE SCHEMA IF NOT EXISTS run;

CREATE TABLE run.model (
  ordinal BIGINT NOT NULL,
  run_id VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  path VARCHAR NOT NULL,
  materialized VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  fingerprint VARCHAR NOT NULL,
  duckdb_version VARCHAR NOT NULL,
  sql_hash VARCHAR NOT NULL,
  properties_hash VARCHAR NOT NULL,
  macros JSON NOT NULL,
  reads JSON NOT NULL,
  content_hash VARCHAR NOT NULL,
  row_count BIGINT NOT NULL,
  column_count INTEGER NOT NULL,
  built_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE run.model IS 'One row for each time the table or view of a model was put in place or taken away, written in the transaction that did so.';
COMMENT ON COLUMN run.model.ordinal IS 'Order of the rows, dense from 1.';
COMMENT ON COLUMN run.model.run_id IS 'The run that did it.';
COMMENT ON COLUMN run.model.model IS 'The model: schema.name.';
COMMENT ON COLUMN run.model.path IS 'Its file, relative to the project.';
COMMENT ON COLUMN run.model.materialized IS 'table or view; dropped where it was taken away because no file defines it any more: the row then repeats what it was.';
COMMENT ON COLUMN run.model.reason IS 'Why it was built: new, SQL changed, sdtm.dm changed, ...';
COMMENT ON COLUMN run.model.fingerprint IS 'SHA-256 of all that the result depends on: the next five columns. While it stays the same, the model is not built again.';
COMMENT ON COLUMN run.model.duckdb_version IS 'Version of DuckDB: hashes of content are comparable within one version.';
COMMENT ON COLUMN run.model.sql_hash IS 'SHA-256 of the SELECT as DuckDB parses it: comments and layout do not count.';
COMMENT ON COLUMN run.model.properties_hash IS 'SHA-256 of the properties without their tests.';
COMMENT ON COLUMN run.model.macros IS 'The macros it reaches, by name without schema, with the SHA-256 of each definition: run.macro.hash where a file defines it, else that of what DuckDB shows of it.';
COMMENT ON COLUMN run.model.reads IS 'The tables and views it reads, by name, with the content hash of each at that time; the seeds, by path, with their SHA-256; and the variables, as getvariable(''name''), with the hash of their value.';
COMMENT ON COLUMN run.model.content_hash IS 'Hash of what it holds, whatever the order of its rows. What reads it is built again when this changes.';
COMMENT ON COLUMN run.model.row_count IS 'Its number of rows.';
COMMENT ON COLUMN run.model.column_count IS 'Its number of columns, those that begin with _ included.';
COMMENT ON COLUMN run.model.built_at IS 'When, UTC.';

CREATE TABLE run.test (
  ordinal BIGINT NOT NULL,
  run_id VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  test VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  columns VARCHAR[] NOT NULL,
  asserts VARCHAR NOT NULL,
  sql VARCHAR NOT NULL,
  severity VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  failure_count BIGINT NOT NULL,
  failures VARCHAR,
  fingerprint VARCHAR NOT NULL,
  tested_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE run.test IS 'One row for each time a test was run, or was found to be none any more.';
COMMENT ON COLUMN run.test.ordinal IS 'Order of the rows, dense from 1.';
COMMENT ON COLUMN run.test.run_id IS 'The run that did it.';
COMMENT ON COLUMN run.test.model IS 'The model that it is a test of; for a file of tests/, the last in order of those it reads.';
COMMENT ON COLUMN run.test.test IS 'Its name, unique within the model.';
COMMENT ON COLUMN run.test.kind IS 'not_null, unique, accepted_values, codelist, relationships, expression, not_negative, iso8601: of the columns. row_count, equal_rowcount, freshness: of the whole. sql: a SELECT of its own. unit_test: what the SELECT of the model makes of given rows. no_empty_text: of every dataset. qc: held against its second version in qc/. file: a SELECT in a file of tests/.';
COMMENT ON COLUMN run.test.columns IS 'The columns that it is a test of; empty where only its SQL tells.';
COMMENT ON COLUMN run.test.asserts IS 'What it asserts, in words: its description, or what its kind says; then how many rows make an error or a warning, where that is said.';
COMMENT ON COLUMN run.test.sql IS 'The SELECT that returns the rows that fail; of a unit test, the SELECT of the model.';
COMMENT ON COLUMN run.test.severity IS 'error: where it fails, the model keeps its former table. warn: it never fails, and the new one stands.';
COMMENT ON COLUMN run.test.state IS 'passed, warned or failed; dropped where it is no test any more, removed, renamed or its model gone: the row then repeats what it was, without the rows that failed.';
COMMENT ON COLUMN run.test.failure_count IS 'Number of rows that it returned; of a unit test, of rows that are missing or unexpected.';
COMMENT ON COLUMN run.test.failures IS 'The table of schema failures that keeps them, and those that failed before, with _first_seen, _last_seen and _resolved; NULL where there is none.';
COMMENT ON COLUMN run.test.fingerprint IS 'SHA-256 of its SQL and of the content of the tables it reads; of a unit test, of its rows and of the columns of these tables. While a pass has the same, it is not run again; a test of freshness is run each time.';
COMMENT ON COLUMN run.test.tested_at IS 'When, UTC.';

CREATE TABLE run.macro (
  macro VARCHAR NOT NULL,
  path VARCHAR NOT NULL,
  hash VARCHAR NOT NULL
);
COMMENT ON TABLE run.macro IS 'The macros that were installed from files, one row each.';
COMMENT ON COLUMN run.macro.macro IS 'Its name as written, with the schema if there is one.';
COMMENT ON COLUMN run.macro.path IS 'The file that defines it.';
COMMENT ON COLUMN run.macro.hash IS 'SHA-256 of its definition: comments and layout do not count.';

CREATE VIEW run.current_model AS
  SELECT * FROM (FROM run.model QUALIFY row_number() OVER (PARTITION BY model ORDER BY ordinal DESC) = 1)
  WHERE materialized <> 'dropped';
COMMENT ON VIEW run.current_model IS 'The latest row of run.model for each model that is in place now.';

CREATE VIEW run.current_test AS
  SELECT * FROM (FROM run.test QUALIFY row_number() OVER (PARTITION BY model, test ORDER BY ordinal DESC) = 1)
  WHERE state <> 'dropped';
COMMENT ON VIEW run.current_test IS 'The latest row of run.test for each test that there is: what it asserts, and whether that held when it was run last.';

CREATE SCHEMA failures;

