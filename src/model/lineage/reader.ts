import type { Connection } from '../../store/connection.ts';
import type { MacroCatalog } from '../reading/macro-catalog.ts';
import { readSchema, type Schema } from './schema.ts';

/** What lineage is read by: the same for all SELECTs of a file. */
export interface Reader {
  readonly connection: Connection;
  readonly schema: Schema;
  readonly macros: MacroCatalog;
  /** Lower-case names of the functions that make one value of many rows. */
  readonly aggregates: ReadonlySet<string>;
}

/** @param macros those of the file */
export async function openReader(connection: Connection, macros: MacroCatalog): Promise<Reader> {
  const schema = await readSchema(connection);
  return { connection, schema, macros, aggregates: await readAggregates(connection) };
}

async function readAggregates(connection: Connection): Promise<ReadonlySet<string>> {
  const rows = await connection.rows<{ name: string }>(
    "SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions() WHERE function_type = 'aggregate'",
  );
  return new Set(rows.map(({ name }) => name));
}
