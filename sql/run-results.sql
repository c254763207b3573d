-- What runs came to: written in one transaction once a run of models or tests has dealt with all that it was to, so that
-- of a run that was cut short nothing is here, and the one before it is still the last. Nothing of it reaches an export.
--
-- Apart from run.sql, for it came later: a file that was made before gets these tables with its next run.
CREATE TABLE run.invocation (
  ordinal BIGINT NOT NULL,
  run_id VARCHAR NOT NULL,
  command VARCHAR NOT NULL,
  selected VARCHAR[] NOT NULL,
  excluded VARCHAR[] NOT NULL,
  started_at TIMESTAMP NOT NULL,
  ended_at TIMESTAMP NOT NULL,
  full_refresh BOOLEAN NOT NULL,
  store_failures BOOLEAN NOT NULL
);
COMMENT ON TABLE run.invocation IS 'One row for each run of models or tests that came to its end, whatever it came to.';
COMMENT ON COLUMN run.invocation.ordinal IS 'Order of the rows, dense from 1.';
COMMENT ON COLUMN run.invocation.run_id IS 'The run, as in run.model and run.test.';
COMMENT ON COLUMN run.invocation.command IS 'build, run or test.';
COMMENT ON COLUMN run.invocation.selected IS 'The texts of --select; none where everything was selected.';
COMMENT ON COLUMN run.invocation.excluded IS 'The texts of --exclude.';
COMMENT ON COLUMN run.invocation.started_at IS 'When it began with models or tests, UTC.';
COMMENT ON COLUMN run.invocation.ended_at IS 'When it had dealt with the last of them, UTC.';
COMMENT ON COLUMN run.invocation.full_refresh IS 'Whether all that was selected was built from nothing.';
COMMENT ON COLUMN run.invocation.store_failures IS 'Whether the rows that fail were kept. A run that keeps them runs again each test whose last ones were not.';

CREATE TABLE run.result (
  run_id VARCHAR NOT NULL,
  ordinal BIGINT NOT NULL,
  model VARCHAR NOT NULL,
  test VARCHAR,
  state VARCHAR NOT NULL,
  reason VARCHAR,
  code VARCHAR
);
COMMENT ON TABLE run.result IS 'One row for each model that a run did not leave as it was, and for each test that it ran, or could not run because of what failed.';
COMMENT ON COLUMN run.result.run_id IS 'The run.';
COMMENT ON COLUMN run.result.ordinal IS 'Order of the rows of a run, dense from 1: its models as they were dealt with, then its tests.';
COMMENT ON COLUMN run.result.model IS 'The model, or the one that the test is shown under; empty for a test that reads no model.';
COMMENT ON COLUMN run.result.test IS 'The test; NULL for a row of the model itself.';
COMMENT ON COLUMN run.result.state IS 'Of a model: built, failed, blocked (something before it failed, or checks stopped the run) or dropped. Of a test: passed, warned, failed, or blocked (something that it reads was not made).';
COMMENT ON COLUMN run.result.reason IS 'Of a model, why: new, SQL changed, sdtm.dm failed, ...; of a test, why it was not run.';
COMMENT ON COLUMN run.result.code IS 'Code of the error, if there was one: TEST_FAILED of a model that a test kept from its place.';
