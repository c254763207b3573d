-- recon.column_classification: how the columns of models are classified, and why. Written anew by each run that finds
-- anything else than is there.
CREATE SCHEMA IF NOT EXISTS recon;

CREATE OR REPLACE TABLE recon.column_classification (
  model VARCHAR NOT NULL,
  column_name VARCHAR,
  declared VARCHAR,
  inherited VARCHAR NOT NULL,
  effective VARCHAR NOT NULL,
  comes_from VARCHAR,
  reason VARCHAR
);
COMMENT ON TABLE recon.column_classification IS 'How the columns of models are classified by the last run: those that are more than none, or of which the properties say anything. What is not here is none.';
COMMENT ON COLUMN recon.column_classification.model IS 'The model, or the table of failing rows: schema.name.';
COMMENT ON COLUMN recon.column_classification.column_name IS 'Its column; NULL for which rows it has, and for a table of failing rows as a whole.';
COMMENT ON COLUMN recon.column_classification.declared IS 'What the properties declare of it, or of its model; NULL where they say nothing.';
COMMENT ON COLUMN recon.column_classification.inherited IS 'The highest of the columns that it is made from, and of what decides which rows there are: none, identifier, restricted or unblinding.';
COMMENT ON COLUMN recon.column_classification.effective IS 'What it is: the higher of both, or less where declassify says so.';
COMMENT ON COLUMN recon.column_classification.comes_from IS 'What makes it so, step by step to the source or to the column that declares it; NULL where it is its own declaration.';
COMMENT ON COLUMN recon.column_classification.reason IS 'Why it is less than what it comes from, as declassify gives it; else NULL.';
