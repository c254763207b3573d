import { copyComments } from '../store/comments.ts';
import { type Connection, identifier } from '../store/connection.ts';
import { runSqlFile } from '../store/warehouse-file.ts';

interface LiveRange {
  first_key: bigint;
  last_key: bigint;
  rank: bigint;
}

/**
 * Works out anew what is live (sql/state.sql; the rules are in docs/state.md) and defines the views over it.
 *
 * The views name the live key ranges as constants, so that DuckDB skips what is superseded without reading it: ten
 * daily snapshots read as fast as one.
 */
export async function rebuildState(connection: Connection): Promise<void> {
  // What was gathered from the state before no longer holds (model/cells.ts).
  await connection.run('CREATE SCHEMA IF NOT EXISTS staged; DROP TABLE IF EXISTS staged._cells');
  await runSqlFile(connection, 'state.sql');
  await runSqlFile(connection, 'definitions.sql');
  const odm = await liveRanges(connection, `format = 'odm'`);
  await connection.run(`
    CREATE OR REPLACE VIEW state.item_group_data AS
    SELECT * FROM raw.item_group_data
    WHERE ${within('key', odm)} AND key NOT IN (SELECT item_group_data_key FROM state.superseded_element);
    COMMENT ON VIEW state.item_group_data IS 'The rows of raw.item_group_data that are live.';
    CREATE OR REPLACE VIEW state.item_data AS
    SELECT i.* FROM raw.item_data i
    ANTI JOIN state.superseded_element e ON e.item_group_data_key = i.item_group_data_key
    ANTI JOIN state.superseded_item s ON s.item_group_data_key = i.item_group_data_key AND s.item_code = i.item_code
    WHERE ${within('i.item_group_data_key', odm)} AND i.flags & 4 = 0;
    COMMENT ON VIEW state.item_data IS 'The rows of raw.item_data that are live: at most one for each item of an item group.';`);
  await copyComments(connection, 'raw.item_group_data', 'state.item_group_data');
  await copyComments(connection, 'raw.item_data', 'state.item_data');
  for (const source of await csvSources(connection)) await defineFileView(connection, source);
}

/** Whether deliveries were committed whose state was never worked out: by this load, or by one that was cut short. */
export async function stateIsStale(connection: Connection): Promise<boolean> {
  const row = await connection.row<{ stale: boolean }>(`
    SELECT (SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'state' AND table_name = 'subject') = 0 AS stale`);
  if (row?.stale) return true;
  const counts = await connection.row<{ stale: boolean }>(
    'SELECT (SELECT count(*) FROM raw.part) <> (SELECT count(*) FROM state.part) AS stale',
  );
  return counts?.stale ?? true;
}

interface CsvSourceTable {
  source: string;
  sql_name: string;
}

function csvSources(connection: Connection): Promise<CsvSourceTable[]> {
  return connection.rows<CsvSourceTable>(
    `SELECT item_group_oid AS source, sql_name FROM meta.name WHERE kind = 'source' ORDER BY sql_name`,
  );
}

/** Rows of a CSV source that are live. Where several files are, the latest row of each identity stands. */
async function defineFileView(connection: Connection, { source, sql_name }: CsvSourceTable): Promise<void> {
  const ranges = await liveRanges(connection, `source = '${source.replaceAll("'", "''")}'`);
  const table = `file_${sql_name}`;
  const latest =
    ranges.length > 1
      ? `QUALIFY row_number() OVER (PARTITION BY _identity ORDER BY ${rankOf('_key', ranges)} DESC, _key DESC) = 1`
      : '';
  await connection.run(`
    CREATE OR REPLACE VIEW state.${identifier(table)} AS
    SELECT * FROM raw.${identifier(table)} WHERE ${within('_key', ranges)} ${latest};
    COMMENT ON VIEW state.${identifier(table)} IS 'The rows of raw.${table} that are live.';`);
  await copyComments(connection, `raw.${table}`, `state.${table}`);
}

function liveRanges(connection: Connection, where: string): Promise<LiveRange[]> {
  return connection.rows<LiveRange>(
    `SELECT first_key, last_key, max(rank) AS rank FROM state.part
     WHERE superseded_by IS NULL AND first_key IS NOT NULL AND ${where}
     GROUP BY first_key, last_key ORDER BY first_key`,
  );
}

/** `key BETWEEN a AND b OR ...`, ranges that touch joined into one. */
function within(key: string, ranges: readonly LiveRange[]): string {
  const joined: { first: bigint; last: bigint }[] = [];
  for (const range of ranges) {
    const previous = joined.at(-1);
    if (previous !== undefined && previous.last + 1n === range.first_key) previous.last = range.last_key;
    else joined.push({ first: range.first_key, last: range.last_key });
  }
  if (joined.length === 0) return 'false';
  return `(${joined.map(({ first, last }) => `${key} BETWEEN ${first} AND ${last}`).join(' OR ')})`;
}

function rankOf(key: string, ranges: readonly LiveRange[]): string {
  const cases = ranges.map((range) => `WHEN ${key} <= ${range.last_key} THEN ${range.rank}`);
  return `CASE ${cases.join(' ')} END`;
}
