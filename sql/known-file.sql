-- run.known_file: the files of sources whose hash need not be taken again while the file system says that they are the same.
CREATE SCHEMA IF NOT EXISTS run;

CREATE TABLE run.known_file (
  name VARCHAR PRIMARY KEY,
  size_bytes BIGINT NOT NULL,
  modified_ns BIGINT NOT NULL,
  changed_ns BIGINT NOT NULL,
  inode VARCHAR NOT NULL,
  seen_ns BIGINT NOT NULL,
  sha256 VARCHAR NOT NULL
);
COMMENT ON TABLE run.known_file IS 'Files of sources as they were when their hash was last taken. A build takes it again where size, times or inode are others, or where the file had changed within two seconds before; verify and a release always do.';
COMMENT ON COLUMN run.known_file.name IS 'Relative to the project.';
COMMENT ON COLUMN run.known_file.size_bytes IS 'Its size.';
COMMENT ON COLUMN run.known_file.modified_ns IS 'When its content was changed last, by the file system: nanoseconds since 1970.';
COMMENT ON COLUMN run.known_file.changed_ns IS 'When it, its name or its rights were changed last, by the file system: nanoseconds since 1970.';
COMMENT ON COLUMN run.known_file.inode IS 'Its number in the file system: another file of the same name has another.';
COMMENT ON COLUMN run.known_file.seen_ns IS 'When its hash was taken: nanoseconds since 1970.';
COMMENT ON COLUMN run.known_file.sha256 IS 'SHA-256 of its bytes.';
