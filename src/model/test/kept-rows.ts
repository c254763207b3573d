import { type Connection, identifier, literal, qualified } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';
import { hashed } from '../table/content-hash.ts';
import { failureName, failureTable } from './failure-table.ts';
import { timestampText } from './freshness.ts';
import type { PlannedTest } from './test-plan.ts';

/** Failing rows that are kept of one test: so many that still fail, and so many that do no more. All are counted. */
export const KEPT_ROWS = 10_000;

/** The columns that a table of failing rows has beside those of its test, and what they say. */
const TIMES: Readonly<Record<string, string>> = {
  _first_seen: 'The run in which the row failed for the first time, UTC.',
  _last_seen: 'The last run of the test that found it, UTC.',
  _resolved: 'The run that found it to fail no more, UTC; NULL while it fails.',
};

/** Their names, which a test cannot use for columns of its own. */
export const OF_FAILURES: ReadonlySet<string> = new Set(Object.keys(TIMES));

/** Numbers that a load gave: they tell where a row was read, not which it is. */
const OF_LOAD: ReadonlySet<string> = new Set(['_key', '_line']);

/** The names of the tables of failing rows that there are, without their schema. */
export async function failureNames(connection: Connection): Promise<ReadonlySet<string>> {
  const rows = await connection.rows<{ name: string }>(
    `SELECT table_name AS name FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'failures' AND column_name = '_resolved'`,
  );
  return new Set(rows.map(({ name }) => name));
}

/**
 * Brings the table of the failing rows of a test in line with what it found: rows that fail are seen, those that were
 * seen before and do not fail are resolved, and one that fails again is open again. Inside a transaction of the caller.
 *
 * A row is the same as one of an earlier run where all columns that both tables have, in one type, are the same but for
 * what the load numbered; of equal rows so many are the same as there were. Of earlier rows, columns that the test has no
 * more are dropped, and what it has now and did not have then is NULL.
 *
 * @param file the rows that fail, as Parquet; undefined where none does, and there is a table
 */
export async function keepRows(
  connection: Connection,
  test: PlannedTest,
  { file, isThere, at }: { readonly file: string | undefined; readonly isThere: boolean; readonly at: Date },
): Promise<void> {
  const now = `TIMESTAMP ${literal(timestampText(at))}`;
  if (file === undefined) await resolveAll(connection, qualified(failureTable(test)), now);
  else await mergeRows(connection, test, { before: isThere ? await ownColumns(connection, test) : [], file, now });
}

async function resolveAll(connection: Connection, table: string, now: string): Promise<void> {
  await connection.run(`UPDATE ${table} SET _resolved = ${now} WHERE _resolved IS NULL`);
  const latest = `SELECT rowid FROM ${table} ORDER BY _resolved DESC, _first_seen, rowid OFFSET ${KEPT_ROWS}`;
  await connection.run(`DELETE FROM ${table} WHERE rowid IN (${latest})`);
}

/** The columns of the table that are the test's own. */
async function ownColumns(connection: Connection, test: PlannedTest): Promise<TableColumn[]> {
  const columns = await describe(connection, qualified(failureTable(test)));
  return columns.filter(({ name }) => !OF_FAILURES.has(name));
}

interface Merge {
  readonly before: readonly TableColumn[];
  readonly file: string;
  readonly now: string;
}

async function mergeRows(connection: Connection, test: PlannedTest, { before, file, now }: Merge): Promise<void> {
  const table = qualified(failureTable(test));
  // Each its own: a transaction that began before another gave up a name cannot take it.
  const next = `failures.${identifier(`_next ${failureName(test)}`)}`;
  const found = `read_parquet(${literal(file)})`;
  const columns = await describe(connection, `SELECT * FROM ${found}`);
  const shared = columns.filter((column) => isAmong(before, column));
  const own = columns.map(({ name }) => identifier(name));
  const earlier =
    shared.length === 0
      ? `SELECT ${own.map((name) => `NULL AS ${name}`).join(', ')}, ${NO_TIMES}, NULL::UBIGINT AS _same WHERE false`
      : `SELECT ${columns.map((column) => earlierValue(column, shared)).join(', ')}, _first_seen, _last_seen, _resolved, ${rowHash(shared)} AS _same FROM ${table}`;
  await connection.run(`
    CREATE TABLE ${next} AS
    WITH earlier AS (
      SELECT *, row_number() OVER (PARTITION BY _same ORDER BY _resolved DESC NULLS FIRST, _first_seen) AS _nth FROM (${earlier})
    ), found AS (
      SELECT *, row_number() OVER (PARTITION BY _same) AS _nth
      FROM (SELECT *, ${rowHash(shared.length === 0 ? columns : shared)} AS _same FROM ${found})
    ), merged AS (
      SELECT ${own.map((name) => `found.${name}`).join(', ')}, coalesce(earlier._first_seen, ${now}) AS _first_seen,
        ${now} AS _last_seen, NULL::TIMESTAMP AS _resolved, found._same
      FROM found LEFT JOIN earlier USING (_same, _nth)
      UNION ALL
      SELECT ${own.join(', ')}, _first_seen, _last_seen, coalesce(_resolved, ${now}), _same
      FROM earlier ANTI JOIN found USING (_same, _nth)
    )
    SELECT * EXCLUDE (_same) FROM merged
    QUALIFY _resolved IS NULL OR row_number() OVER (PARTITION BY _resolved IS NULL ORDER BY _resolved DESC, _first_seen, _same) <= ${KEPT_ROWS}
    ORDER BY _resolved DESC NULLS FIRST, _first_seen, _same`);
  await connection.run(`DROP TABLE IF EXISTS ${table}; ALTER TABLE ${next} RENAME TO ${identifier(failureName(test))}`);
}

const NO_TIMES = ['_first_seen', '_last_seen', '_resolved'].map((name) => `NULL::TIMESTAMP AS ${name}`).join(', ');

const isAmong = (columns: readonly TableColumn[], { name, type }: TableColumn) =>
  columns.some((one) => one.name === name && one.type === type);

function earlierValue({ name, type }: TableColumn, shared: readonly TableColumn[]): string {
  const isShared = shared.some((one) => one.name === name);
  return isShared ? identifier(name) : `CAST(NULL AS ${type}) AS ${identifier(name)}`;
}

/** A number by which equal rows are found. */
function rowHash(columns: readonly TableColumn[]): string {
  const told = columns.filter(({ name }) => !OF_LOAD.has(name));
  return `hash(${(told.length === 0 ? columns : told).flatMap(hashed).join(', ')})`;
}

/**
 * The order in which more rows than are kept are cut off: those that are open already first, so that none of them seems
 * resolved; the others by their content, so that the same rows give the same ones.
 */
export async function knownFirst(
  connection: Connection,
  test: PlannedTest,
  columns: readonly TableColumn[],
): Promise<string> {
  const isThere = (await failureNames(connection)).has(failureName(test));
  const before = isThere ? await ownColumns(connection, test) : [];
  const shared = columns.filter((column) => isAmong(before, column));
  if (shared.length === 0) return rowHash(columns);
  const open = `SELECT ${rowHash(shared)} FROM ${qualified(failureTable(test))} WHERE _resolved IS NULL`;
  return `${rowHash(shared)} IN (${open}) DESC, ${rowHash(columns)}`;
}

/** Comments on the table and each of its columns. @param said which rows the table keeps */
export async function commentOnRows(connection: Connection, test: PlannedTest, said: string): Promise<void> {
  const table = qualified(failureTable(test));
  const comments = (await describe(connection, table)).map(
    ({ name }) =>
      `COMMENT ON COLUMN ${table}.${identifier(name)} IS ${literal(TIMES[name] ?? `${name} of a row that fails.`)}`,
  );
  await connection.run([`COMMENT ON TABLE ${table} IS ${literal(said)}`, ...comments].join(';\n'));
}
