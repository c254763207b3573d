import { canonicalJson } from '../../lib/canonical-json.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { type Connection, identifier, qualified } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';

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
 * All columns count, those that begin with `_` too, since a model may pass any of them on. Of the identities in `_rows`
 * the first counts as the first (the record that the row stands for: docs/decisions/0008-row-accounting.md), NULL as not
 * being there; the order of the others does not count: list(_row) gives another one with every number of threads.
 *
 * Comparable only between hashes made by the same version of DuckDB.
 *
 * @param known its columns, where they are known already
 * @param surrogates columns that do not count
 */
export async function contentOf(
  connection: Connection,
  table: string,
  { known, surrogates = [] }: { readonly known?: readonly TableColumn[]; readonly surrogates?: readonly string[] } = {},
): Promise<Content> {
  const columns = known ?? (await describe(connection, qualified(table)));
  const counted = columns.filter(({ name }) => !surrogates.includes(name));
  const sum = counted.length === 0 ? '0' : `sum(${rowHash(counted)})`;
  const found = await connection.row<{ rows: bigint; sum: string | null }>(
    `SELECT count(*) AS rows, CAST(${sum} AS VARCHAR) AS sum FROM ${qualified(table)}`,
  );
  const { rows, sum: total } = found!;
  const content = { columns: counted.map(({ name, type }) => [name, type]), rows: String(rows), sum: total };
  return { hash: sha256Hex(canonicalJson(content)), rows, columns };
}

/** SQL: the hash of a row, by the columns that are to count. */
export function rowHash(columns: readonly TableColumn[]): string {
  return `hash(${columns.flatMap(hashed).join(', ')})`;
}

/** Types of which DuckDB's hash() tells all values apart: those that it compares as text or as 64 bits at the most. */
const PLAIN =
  String.raw`BOOLEAN|U?(?:TINY|SMALL|BIG)INT|U?INTEGER|DECIMAL\((?:\d|1[0-8]),\d+\)|VARCHAR|JSON|BLOB|BIT|ENUM\(.*\)` +
  '|DATE|TIME|TIME_NS|TIME WITH TIME ZONE|TIMESTAMP(?:_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE';
const IS_PLAIN = new RegExp(`^(?:${PLAIN})$`, 's');
const IS_LIST_OF_PLAIN = new RegExp(String.raw`^(?:${PLAIN})\[\]$`, 's');

/**
 * What is hashed of a column. hash() gives one number for 1 month and 30 days, for 0 and -0, for NULL, [] and [NULL],
 * for [[1], [2]] and [[1, 2]], for 1 and 2^64: there the text is hashed too, or what little tells them apart.
 */
export function hashed({ name, type }: TableColumn): string[] {
  const column = identifier(name);
  if (IS_PLAIN.test(type)) return [column];
  if (type === 'DOUBLE' || type === 'FLOAT') return [column, `signbit(${column})`];
  if (name === '_rows' && type === 'BIGINT[]')
    return [`list_any_value(${column})`, `list_sort(${column})`, `len(${column})`];
  if (IS_LIST_OF_PLAIN.test(type)) return [column, `len(${column})`];
  return [column, `CAST(${column} AS VARCHAR)`];
}
