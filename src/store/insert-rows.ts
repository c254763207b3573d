import { type Connection, identifier, qualified } from './connection.ts';
import { describe } from './describe.ts';
import { BLOB, blobValue, LIST, listValue, VARCHAR } from './duckdb.ts';

/** A value of a row to insert: whatever JSON holds and the column's type can take; bytes for a BLOB. */
type InsertValue = string | number | bigint | boolean | null | readonly string[] | Uint8Array | undefined;
export type InsertRow = Record<string, InsertValue>;

/** Rows of one statement: as text they have to fit into one string, and into memory beside what DuckDB makes of them. */
const ROWS_AT_A_TIME = 10_000;

/**
 * Inserts rows given as objects by column name, many in one statement; a column that a row does not name is NULL.
 * For tables of definitions and bookkeeping, not for data: batches go through BatchWriter.
 */
export async function insertRows(connection: Connection, table: string, rows: readonly InsertRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = await describe(connection, qualified(table));
  const isBlob = ({ type }: { readonly type: string }) => type === 'BLOB';
  const structure = columns.filter((column) => !isBlob(column));
  // Bytes are bound as they are: as text they would be several times as many.
  const blobs = columns.filter(isBlob).map(({ name }) => name);
  const names = [...structure.map(({ name }) => name), ...blobs];
  const types = JSON.stringify([Object.fromEntries(structure.map(({ name, type }) => [name, type]))]);
  const unnested = blobs.map((name, index) => `, unnest($${index + 3}) AS ${identifier(name)}`);
  for (let at = 0; at < rows.length; at += ROWS_AT_A_TIME) {
    const some = rows.slice(at, at + ROWS_AT_A_TIME);
    const lists = blobs.map((name) => listValue(some.map((row) => bytesOf(row[name]))));
    await connection.duck.run(
      `INSERT INTO ${qualified(table)} (${names.map(identifier).join(', ')})
       SELECT r.*${blobs.map((name) => `, ${identifier(name)}`).join('')}
       FROM (SELECT unnest(from_json($1::JSON, $2)) AS r${unnested.join('')})`,
      [jsonOf(some, blobs), types, ...lists],
      [VARCHAR, VARCHAR, ...blobs.map(() => LIST(BLOB))],
    );
  }
}

function jsonOf(rows: readonly InsertRow[], blobs: readonly string[]): string {
  return JSON.stringify(rows, (key, value: unknown) => {
    if (blobs.includes(key)) return undefined;
    return typeof value === 'bigint' ? value.toString() : value;
  });
}

const bytesOf = (value: InsertValue) => (value instanceof Uint8Array ? blobValue(value) : null);
