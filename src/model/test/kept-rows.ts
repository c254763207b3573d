import { type Connection, identifier, literal, qualified } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';
import { timestampText } from '../../store/timestamp-text.ts';
import { hashed } from '../table/content-hash.ts';
import { failureName, failureTable } from './failure-table.ts';
import { type KeptColumn, keptColumns, TIMES } from './kept-columns.ts';
import type { PlannedTest } from './test-plan.ts';

/** Failing rows that are kept of one test: so many that still fail, and so many that do no more. All are counted. */
export const KEPT_ROWS = 10_000;

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
 * A row is the same as one of an earlier run where all columns that both tables have are the same but for what the load
 * numbered; of equal rows so many are the same as there were. Of earlier rows, columns that the test has no more are
 * dropped, and what it has now and did not have then is NULL.
 *
 * @param file the rows that fail, as Parquet (of more than are kept, those of `rowsToKeep`); undefined where none does,
 *   and there is a table
 */
export async function keepRows(
  connection: Connection,
  test: PlannedTest,
  { file, isThere, at }: { readonly file: string | undefined; readonly isThere: boolean; readonly at: Date },
): Promise<void> {
  const now = `TIMESTAMP ${literal(timestampText(at))}`;
  if (file === undefined) await resolveAll(connection, qualified(failureTable(test)), now);
  else await mergeRows(connection, test, { isThere, file, now });
}

async function resolveAll(connection: Connection, table: string, now: string): Promise<void> {
  await connection.run(`UPDATE ${table} SET _resolved = ${now} WHERE _resolved IS NULL`);
  const latest = `SELECT rowid FROM ${table} ORDER BY _resolved DESC, _first_seen, rowid OFFSET ${KEPT_ROWS}`;
  await connection.run(`DELETE FROM ${table} WHERE rowid IN (${latest})`);
}

interface Merge {
  readonly isThere: boolean;
  readonly file: string;
  readonly now: string;
}

async function mergeRows(connection: Connection, test: PlannedTest, { isThere, file, now }: Merge): Promise<void> {
  const table = qualified(failureTable(test));
  // Each its own: a transaction that began before another gave up a name cannot take it.
  const next = `failures.${identifier(`_next ${failureName(test)}`)}`;
  const rows = `read_parquet(${literal(file)})`;
  const all = await describe(connection, `SELECT * FROM ${rows}`);
  const columns = await keptColumns(connection, isThere ? table : undefined, all);
  const shared = columns.filter(isShared);
  const own = columns.map(({ name }) => identifier(name));
  const earlier =
    shared.length === 0
      ? `SELECT ${columns.map(nothing).join(', ')}, ${NO_TIMES} WHERE false`
      : `SELECT ${columns.map(earlierValue).join(', ')}, _first_seen, _last_seen, _resolved FROM ${table}`;
  const sameHash = rowHash(shared.length === 0 ? columns : shared);
  const { same, content, nth, place } = namesBeside(columns);
  // Those that are open stay first, then those that fail again; the others by their content, the same in every run.
  await connection.run(`
    CREATE TABLE ${next} AS
    WITH earlier AS (
      SELECT *, row_number() OVER (PARTITION BY ${same} ORDER BY _resolved DESC NULLS FIRST, _first_seen) AS ${nth}
      FROM (SELECT *, ${sameHash} AS ${same} FROM (${earlier}))
    ), found AS (
      SELECT *, row_number() OVER (PARTITION BY ${same} ORDER BY ${content}) AS ${nth}
      FROM (SELECT *, ${sameHash} AS ${same}, ${rowHash(columns)} AS ${content} FROM (${foundRows(columns, rows)}))
    ), merged AS (
      SELECT ${own.map((name) => `found.${name}`).join(', ')}, coalesce(earlier._first_seen, ${now}) AS _first_seen,
        ${now} AS _last_seen, NULL::TIMESTAMP AS _resolved, found.${same}, ${content},
        CASE WHEN earlier._first_seen IS NULL THEN 3 WHEN earlier._resolved IS NULL THEN 1 ELSE 2 END AS ${place}
      FROM found LEFT JOIN earlier USING (${same}, ${nth})
      UNION ALL
      SELECT ${own.join(', ')}, _first_seen, _last_seen, coalesce(_resolved, ${now}), ${same}, 0, 0
      FROM earlier ANTI JOIN found USING (${same}, ${nth})
    )
    SELECT * EXCLUDE (${same}, ${content}, ${place}) FROM merged
    QUALIFY row_number() OVER (
      PARTITION BY _resolved IS NULL ORDER BY ${place}, _resolved DESC, _first_seen, ${content}, ${same}) <= ${KEPT_ROWS}
    ORDER BY _resolved DESC NULLS FIRST, _first_seen, ${same}`);
  await connection.run(`DROP TABLE IF EXISTS ${table}; ALTER TABLE ${next} RENAME TO ${identifier(failureName(test))}`);
}

/** Names for columns beside those of a test: no column begins with as many underscores. */
function namesBeside(columns: readonly TableColumn[]) {
  const mark = '_'.repeat(1 + Math.max(0, ...columns.map(({ name }) => /^_*/.exec(name)![0].length)));
  return {
    same: `${mark}same`,
    content: `${mark}content`,
    nth: `${mark}nth`,
    place: `${mark}place`,
    known: `${mark}known`,
  };
}

const NO_TIMES = [...TIMES.keys()].map((name) => `NULL::TIMESTAMP AS ${name}`).join(', ');

const isShared = ({ earlier }: KeptColumn) => earlier !== undefined;

const nothing = ({ name, type }: KeptColumn) => `CAST(NULL AS ${type}) AS ${identifier(name)}`;

const earlierValue = (column: KeptColumn) =>
  column.earlier === undefined ? nothing(column) : `${column.earlier} AS ${identifier(column.name)}`;

const foundRows = (columns: readonly KeptColumn[], rows: string) =>
  `SELECT ${columns.map(({ name, found }) => `${found} AS ${identifier(name)}`).join(', ')} FROM ${rows}`;

/** A number by which equal rows are found. */
function rowHash(columns: readonly TableColumn[]): string {
  const told = columns.filter(({ name }) => !OF_LOAD.has(name));
  return `hash(${(told.length === 0 ? columns : told).flatMap(hashed).join(', ')})`;
}

/**
 * Of more rows than are kept, those that `keepRows` has to see: all that the table has already, so that none of them
 * seems resolved, and as many of the others as are kept, by their content, so that the same rows give the same ones.
 *
 * @param rows a SELECT
 */
export async function rowsToKeep(connection: Connection, test: PlannedTest, rows: string): Promise<string> {
  const table = (await failureNames(connection)).has(failureName(test)) ? qualified(failureTable(test)) : undefined;
  const columns = await keptColumns(connection, table, await describe(connection, rows));
  const shared = columns.filter(isShared);
  const found = foundRows(columns, `(${rows})`);
  if (shared.length === 0) return `${found} ORDER BY ${rowHash(columns)} LIMIT ${KEPT_ROWS}`;
  const sameHash = rowHash(shared);
  const { same, content, nth, known } = namesBeside(columns);
  const earlier = `SELECT ${sameHash} AS ${same} FROM (SELECT ${shared.map(earlierValue).join(', ')} FROM ${table})`;
  return `
    SELECT * EXCLUDE (${same}, ${content}, ${nth}, ${known})
    FROM (
      SELECT *, row_number() OVER (PARTITION BY ${same} ORDER BY ${content}) AS ${nth}
      FROM (SELECT *, ${sameHash} AS ${same}, ${rowHash(columns)} AS ${content} FROM (${found}))
    ) LEFT JOIN (SELECT ${same}, count(*) AS ${known} FROM (${earlier}) GROUP BY ${same}) USING (${same})
    ORDER BY coalesce(${nth} <= ${known}, false) DESC, ${content}
    LIMIT ${2 * KEPT_ROWS}`;
}

/** Comments on the table and each of its columns. @param said which rows the table keeps */
export async function commentOnRows(connection: Connection, test: PlannedTest, said: string): Promise<void> {
  const table = qualified(failureTable(test));
  const comments = (await describe(connection, table)).map(
    ({ name }) =>
      `COMMENT ON COLUMN ${table}.${identifier(name)} IS ${literal(TIMES.get(name) ?? `${name} of a row that fails.`)}`,
  );
  await connection.run([`COMMENT ON TABLE ${table} IS ${literal(said)}`, ...comments].join(';\n'));
}
