import { type Connection, identifier } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';

/** Columns that a table of failing rows has beside those of its test, and what they say. */
export const TIMES: ReadonlyMap<string, string> = new Map([
  ['_first_seen', 'The run in which the row failed for the first time, UTC.'],
  ['_last_seen', 'The last run of the test that found it, UTC.'],
  ['_resolved', 'The run that found it to fail no more, UTC; NULL while it fails.'],
]);

/** Their names, which a test cannot use for columns of its own. */
export const OF_FAILURES: ReadonlySet<string> = new Set(TIMES.keys());

/** A column of a test, in the type in which it is kept. */
export interface KeptColumn extends TableColumn {
  /** SQL: its value in a row that fails. */
  readonly found: string;
  /** SQL: its value in a row of earlier runs; undefined where these have no such column. */
  readonly earlier: string | undefined;
}

/**
 * The columns of a test, each in a type that holds what was kept of it: its own, or text where it had another and not
 * every value of it can be cast and comes back the same. So no value is lost, and 1 is the same as '1', but '01' is not.
 *
 * @param table the rows of earlier runs, a qualified name; undefined where there are none
 */
export async function keptColumns(
  connection: Connection,
  table: string | undefined,
  columns: readonly TableColumn[],
): Promise<KeptColumn[]> {
  const before = table === undefined ? [] : await describe(connection, table);
  const kept: KeptColumn[] = [];
  for (const column of columns) {
    const own = identifier(column.name);
    const former = before.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
    if (former === undefined) kept.push({ ...column, found: own, earlier: undefined });
    else if (former.type === column.type) kept.push({ ...column, found: own, earlier: own });
    else {
      const type = (await comesBack(connection, table!, former, column.type)) ? column.type : 'VARCHAR';
      const cast = `CAST(${own} AS ${type})`;
      kept.push({ name: column.name, type, found: cast, earlier: cast });
    }
  }
  return kept;
}

async function comesBack(connection: Connection, table: string, { name, type }: TableColumn, to: string) {
  const own = identifier(name);
  const back = `TRY_CAST(TRY_CAST(${own} AS ${to}) AS ${type})`;
  const row = await connection.row<{ all: boolean | null }>(
    `SELECT bool_and(${back} IS NOT DISTINCT FROM ${own}) AS "all" FROM ${table}`,
  );
  return row!.all ?? true;
}
