import { canonicalJson } from '../lib/canonical-json.ts';
import { sha256Hex } from '../lib/hash.ts';
import { type Connection, identifier, qualified } from '../store/connection.ts';
import { columnsOf, type TableColumn } from './catalog.ts';

/** What a table holds, whatever the order of its rows. */
export interface Content {
  readonly hash: string;
  readonly rows: bigint;
  readonly columns: readonly TableColumn[];
}

/**
 * The content of a table or view: names and types of its columns, the number of rows and the sum of the rows' hashes.
 * A sum, so that order does not matter and equal rows do not cancel out; in 128 bits, where 2^63 rows find room.
 *
 * Columns that begin with `_` are the runner's and do not count, but for the identities `_row` and `_rows`: they are
 * the same in every delivery, and a model that passes them on must follow when they change. The order within `_rows`
 * has no meaning.
 *
 * Comparable only between hashes made by the same version of DuckDB.
 */
export async function contentOf(connection: Connection, table: string): Promise<Content> {
  const columns = await columnsOf(connection, table);
  const counted = columns.filter(({ name }) => !name.startsWith('_') || name === '_row' || name === '_rows');
  const hashed = counted.map(hashedColumn).join(', ');
  const sum = counted.length === 0 ? '0' : `sum(hash(${hashed}))`;
  const found = await connection.row<{ rows: bigint; sum: string | null }>(
    `SELECT count(*) AS rows, CAST(${sum} AS VARCHAR) AS sum FROM ${qualified(table)}`,
  );
  const { rows, sum: total } = found!;
  const content = { columns: counted.map(({ name, type }) => [name, type]), rows: String(rows), sum: total };
  return { hash: sha256Hex(canonicalJson(content)), rows, columns };
}

function hashedColumn({ name, type }: TableColumn): string {
  return name === '_rows' && type.endsWith('[]') ? `list_sort(${identifier(name)})` : identifier(name);
}
