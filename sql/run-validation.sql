-- run.validation: which models agreed with a second version of them, and as what.
CREATE TABLE run.validation (
  run_id VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  fingerprint VARCHAR NOT NULL,
  qc_model VARCHAR NOT NULL,
  qc_path VARCHAR NOT NULL,
  qc_fingerprint VARCHAR NOT NULL,
  validated_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE run.validation IS 'One row for each time a model and its second version (qc/) were first found to give the same.';
COMMENT ON COLUMN run.validation.run_id IS 'The run that found it.';
COMMENT ON COLUMN run.validation.model IS 'The model: schema.name.';
COMMENT ON COLUMN run.validation.fingerprint IS 'Its fingerprint then (run.model.fingerprint): it is validated while it has this one.';
COMMENT ON COLUMN run.validation.qc_model IS 'The table of the second version: qc.name.';
COMMENT ON COLUMN run.validation.qc_path IS 'Its file, relative to the project.';
COMMENT ON COLUMN run.validation.qc_fingerprint IS 'Its fingerprint then.';
COMMENT ON COLUMN run.validation.validated_at IS 'When, UTC.';

CREATE VIEW run.current_validation AS
  SELECT v.* FROM run.validation v
  JOIN run.current_model m ON m.model = v.model AND m.fingerprint = v.fingerprint
  JOIN run.current_model q ON q.model = v.qc_model AND q.fingerprint = v.qc_fingerprint;
