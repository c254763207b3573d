import { BLOB, blobValue, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { type Connection, identifier, qualified } from './connection.ts';
import { describe } from './describe.ts';

/** A value of a row to insert: whatever JSON holds and the column's type can take; bytes for a BLOB. */
type InsertValue = string | number | bigint | boolean | null | readonly string[] | Uint8Array | undefined;
export type InsertRow = Record<string, InsertValue>;

/**
 * Inserts rows given as objects by column name, all in one statement; a column that a row does not name is NULL.
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
  const json = JSON.stringify(rows, (key, value: unknown) => {
    if (blobs.includes(key)) return undefined;
    return typeof value === 'bigint' ? value.toString() : value;
  });
  const lists = blobs.map((name) => listValue(rows.map((row) => bytesOf(row[name]))));
  const unnested = blobs.map((name, index) => `, unnest($${index + 3}) AS ${identifier(name)}`);
  await connection.duck.run(
    `INSERT INTO ${qualified(table)} (${names.map(identifier).join(', ')})
     SELECT r.*${blobs.map((name) => `, ${identifier(name)}`).join('')}
     FROM (SELECT unnest(from_json($1::JSON, $2)) AS r${unnested.join('')})`,
    [json, JSON.stringify([Object.fromEntries(structure.map(({ name, type }) => [name, type]))]), ...lists],
    [VARCHAR, VARCHAR, ...blobs.map(() => LIST(BLOB))],
  );
}

const bytesOf = (value: InsertValue) => (value instanceof Uint8Array ? blobValue(value) : null);
