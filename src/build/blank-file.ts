import { fileURLToPath } from 'node:url';
import { sqlFilesHash } from '../store/sql-files.ts';
import { DUCKDB_VERSION } from '../store/warehouse-file.ts';

/** Folder of what is made once, when the package is built. */
const FOLDER = fileURLToPath(new URL('../../dist/blank/', import.meta.url));

/** What makes tables once and for good; all else is brought in line with its SQL by every build. */
const TABLES = ['raw.sql', 'meta.sql', 'audit.sql', 'run.sql', 'run-results.sql'];

/**
 * Where the working file is that every new one begins as: it has all that does not hang on a project, which takes longer
 * to make than many a study to build. Of other tables it has another name, so it is not there where the package was not
 * built since.
 */
export function blankFile(): string {
  return `${FOLDER}${DUCKDB_VERSION}-${sqlFilesHash(TABLES)}.duckdb`;
}
