-- run.subject: what models that are built by subject were made from, subject by subject.
CREATE TABLE run.subject (
  model VARCHAR NOT NULL,
  table_name VARCHAR NOT NULL,
  subject VARCHAR,
  content VARCHAR NOT NULL
);
COMMENT ON TABLE run.subject IS 'One row for each subject in each table that a model built by subject (by_subject) reads: of whom this is another the next time, the rows are computed anew.';
COMMENT ON COLUMN run.subject.model IS 'The model: schema.name.';
COMMENT ON COLUMN run.subject.table_name IS 'The table or view that it reads.';
COMMENT ON COLUMN run.subject.subject IS 'The subject, as by_subject names it; NULL for rows that name none.';
COMMENT ON COLUMN run.subject.content IS 'Sum of the hashes of the rows of the subject, and their number.';
