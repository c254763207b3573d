import { type Connection, qualified } from './connection.ts';
import { describe } from './describe.ts';

/** A value of a row to insert: whatever JSON holds and the column's type can take. */
type InsertValue = string | number | bigint | boolean | null | readonly string[] | undefined;
export type InsertRow = Record<string, InsertValue>;

/** Rows of one statement: as text they have to fit into one string, and into memory beside what DuckDB makes of them. */
const ROWS_AT_A_TIME = 10_000;

/**
 * Inserts rows given as objects by column name, many in one statement; a column that a row does not name is NULL. A BLOB
 * is given in DuckDB's text form, `\\x41\\x42`.
 * For tables of definitions and bookkeeping, not for data: batches go through BatchWriter.
 */
export async function insertRows(connection: Connection, table: string, rows: readonly InsertRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = await describe(connection, qualified(table));
  // from_json takes a text for the bytes of a BLOB as they stand; the cast of INSERT reads the text form.
  const structure = Object.fromEntries(columns.map(({ name, type }) => [name, type === 'BLOB' ? 'VARCHAR' : type]));
  for (let at = 0; at < rows.length; at += ROWS_AT_A_TIME) {
    await connection.run(
      `INSERT INTO ${qualified(table)} SELECT r.* FROM (SELECT unnest(from_json($1::JSON, $2)) AS r)`,
      [jsonOf(rows.slice(at, at + ROWS_AT_A_TIME)), JSON.stringify([structure])],
    );
  }
}

function jsonOf(rows: readonly InsertRow[]): string {
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
