-- run.held_class: the classes that anything in this file ever had. Rows are only added: what was dropped may be in its
-- free blocks still, and a copy of the file would bring it along.
CREATE SCHEMA IF NOT EXISTS run;

CREATE TABLE run.held_class (
  classification VARCHAR PRIMARY KEY
);
COMMENT ON TABLE run.held_class IS 'The classes above none that anything in this file has, or had and was dropped: sources and models, from before they were loaded or built. A publication of the whole file whose level is below one of them is made anew, not copied.';
COMMENT ON COLUMN run.held_class.classification IS 'identifier, restricted or unblinding.';
