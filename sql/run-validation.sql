-- run.validation: which models agreed with a second version of them, and as what.
CREATE TABLE IF NOT EXISTS run.validation (
  run_id VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  fingerprint VARCHAR NOT NULL,
  qc_model VARCHAR NOT NULL,
  qc_path VARCHAR NOT NULL,
  qc_fingerprint VARCHAR NOT NULL,
  validated_at TIMESTAMP NOT NULL,
  ended_at TIMESTAMP
);
-- Of a file that was made before there was such a column.
ALTER TABLE run.validation ADD COLUMN IF NOT EXISTS ended_at TIMESTAMP;
COMMENT ON TABLE run.validation IS 'One row for each time a model and its second version (qc/) were first found to give the same.';
COMMENT ON COLUMN run.validation.run_id IS 'The run that found it.';
COMMENT ON COLUMN run.validation.model IS 'The model: schema.name.';
COMMENT ON COLUMN run.validation.fingerprint IS 'Its fingerprint then (run.model.fingerprint): it is validated while it has this one.';
COMMENT ON COLUMN run.validation.qc_model IS 'The table of the second version: qc.name.';
COMMENT ON COLUMN run.validation.qc_path IS 'Its file, relative to the project.';
COMMENT ON COLUMN run.validation.qc_fingerprint IS 'Its fingerprint then.';
COMMENT ON COLUMN run.validation.validated_at IS 'When, UTC.';
COMMENT ON COLUMN run.validation.ended_at IS 'When a run found that it holds no more, UTC: they differ, or one of them was not up to date. NULL while it holds.';

CREATE OR REPLACE VIEW run.current_validation AS
  SELECT v.* FROM run.validation v
  JOIN run.current_model m ON m.model = v.model AND m.fingerprint = v.fingerprint
  JOIN run.current_model q ON q.model = v.qc_model AND q.fingerprint = v.qc_fingerprint
  WHERE v.ended_at IS NULL;
