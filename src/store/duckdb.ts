import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * The binding of DuckDB, by `require`: it is CommonJS in a hundred files, and an `import` has Node read all of them for
 * the names that they export, which is 80 ms of every start.
 */
export const {
  BIGINT,
  BLOB,
  blobValue,
  DuckDBInstance,
  DuckDBTimestampValue,
  INTEGER,
  LIST,
  listValue,
  TIMESTAMP,
  UTINYINT,
  VARCHAR,
  version,
} = require('@duckdb/node-api') as typeof import('@duckdb/node-api');

/** The same without the objects around it: vectors and appenders. */
export const duckdb = require('@duckdb/node-bindings') as typeof import('@duckdb/node-bindings');
