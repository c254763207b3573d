import type { WarehouseError } from '../../lib/errors.ts';
import { listed } from '../../lib/listed.ts';
import { nearest } from '../../project/nearest.ts';
import type { UnitTest } from '../../project/unit-test.ts';
import { type Connection, identifier, qualified } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';
import { errorClass } from '../../store/error-class.ts';
import { sqlError, textOfModel } from '../sql/sql-error.ts';
import { type RelationKind, readCatalog } from '../table/catalog.ts';
import { buildStatement, LINES_BEFORE, NEXT_MARK } from '../table/compile.ts';
import { failureFile } from './failure-table.ts';
import { copyRows, type TestOutcome, type TestRun } from './failures.ts';
import { KEPT_ROWS } from './kept-rows.ts';
import { type PlannedUnitTest, unitError, withVariables } from './unit-plan.ts';
import { columnsIn, typedRows, untypedRows } from './unit-rows.ts';

/** Tables of the transaction, which nobody else sees. */
const MADE = 'failures._made';
const EXPECTED = 'failures._expected';

/**
 * Puts the given rows in the place of the tables that a model reads, runs its SELECT as it is, and compares what it makes
 * with what is expected: in a transaction that is rolled back, so that the tables are there again as they were.
 *
 * @throws usage UNIT_TEST for rows that do not fit the tables; MODEL_SQL with the place in the model's file
 */
export async function runUnitTest(connection: Connection, test: PlannedUnitTest, run: TestRun): Promise<TestOutcome> {
  const tables = await readTables(connection, test.unit);
  return withVariables(connection, { own: test.variables, ofProject: test.ofProject }, () =>
    connection.trial(async () => {
      if (test.hides) await takeAway(connection, test);
      for (const table of tables) await putInPlace(connection, test, table);
      return compare(connection, test, run);
    }),
  );
}

/** What a SELECT hides it could read in any table: then there is none but those that it is given. */
async function takeAway(connection: Connection, { unit }: PlannedUnitTest): Promise<void> {
  const given = new Set(unit.given.map(({ input }) => input));
  for (const { name, kind, comment } of (await readCatalog(connection)).values()) {
    if (given.has(name) || comment === NEXT_MARK) continue;
    await connection.run(`DROP ${kind.toUpperCase()} ${qualified(name)}`);
  }
}

interface GivenTable {
  readonly given: UnitTest['given'][number];
  /** What has its name now. */
  readonly kind: RelationKind | undefined;
  /** Its columns; undefined where nothing tells them. */
  readonly columns: readonly TableColumn[] | undefined;
}

/** All before any of them is replaced: one may be a view of another. */
async function readTables(connection: Connection, { given }: UnitTest): Promise<GivenTable[]> {
  const catalog = await readCatalog(connection);
  const tables: GivenTable[] = [];
  for (const one of given) {
    const kind = catalog.get(one.input)?.kind;
    // A view whose tables are gone tells its columns no more.
    const columns = kind && (await describe(connection, qualified(one.input)).catch(() => undefined));
    tables.push({ given: one, kind, columns });
  }
  return tables;
}

async function putInPlace(
  connection: Connection,
  test: PlannedUnitTest,
  { given, kind, columns }: GivenTable,
): Promise<void> {
  const { input } = given;
  const path = given.path.slice(test.unit.path.length);
  if (columns !== undefined) refuseUnknown(test, path, columnsIn(given), columns, input);
  else if (given.rows.length === 0) {
    const next = 'Build it first, or give a row with the columns that are read, such as {USUBJID: null}.';
    throw unitError(test, path, `There is no table ${input} yet, and no row that tells its columns.`, next);
  }
  const select = columns === undefined ? untypedRows(given) : await typedRows(connection, given, columns);
  if (typeof select !== 'string') {
    throw unitError(
      test,
      [...path, ...select.path],
      `${input}: ${select.message}`,
      select.next ?? 'Write it as the column has it.',
    );
  }
  const schema = input.slice(0, input.indexOf('.'));
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`);
  if (kind !== undefined) await connection.run(`DROP ${kind.toUpperCase()} ${qualified(input)}`);
  await connection.run(`CREATE TABLE ${qualified(input)} AS ${select}`);
}

/** @param what the columns are those of */
function refuseUnknown(
  test: PlannedUnitTest,
  path: readonly PropertyKey[],
  names: readonly string[],
  columns: readonly TableColumn[],
  what: string,
): void {
  const known = columns.map(({ name }) => name);
  const unknown = names.find((name) => !known.some((one) => one.toLowerCase() === name.toLowerCase()));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  const next = near === undefined ? `Its columns are ${listed(known)}.` : `Did you mean ${near}?`;
  throw unitError(test, path, `${what} has no column ${unknown}.`, next);
}

async function compare(
  connection: Connection,
  test: PlannedUnitTest,
  { failuresDirectory, storeFailures }: TestRun,
): Promise<TestOutcome> {
  const sql = await differenceSql(connection, test);
  const row = await connection.row<{ missing: bigint; unexpected: bigint }>(
    `SELECT count(*) FILTER (_difference = 'missing') AS missing, count(*) FILTER (_difference = 'unexpected') AS unexpected
     FROM (${sql})`,
  );
  const { missing, unexpected } = row!;
  const failures = missing + unexpected;
  const file = failures > 0n && storeFailures ? failureFile(failuresDirectory, test) : undefined;
  if (file !== undefined) await copyRows(connection, test, { sql, file, isCut: failures > KEPT_ROWS });
  const said = `${missing} ${missing === 1n ? 'row' : 'rows'} missing, ${unexpected} unexpected`;
  return { test, state: failures > 0n ? 'failed' : 'passed', failures, file, isKept: storeFailures, said };
}

/**
 * The SELECT of the rows that are expected and not made, and of those made and not expected, in the columns that are
 * expected; all of them where no row is. Within a struct texts are compared byte for byte.
 */
async function differenceSql(connection: Connection, test: PlannedUnitTest): Promise<string> {
  const { expect } = test.unit;
  const made = await makeRows(connection, test);
  const names = columnsIn(expect);
  refuseUnknown(test, ['expect'], names, made, test.source.name);
  const isExpected = ({ name }: TableColumn) => names.some((one) => one.toLowerCase() === name.toLowerCase());
  const columns = names.length === 0 ? made : made.filter(isExpected);
  const select = await typedRows(connection, expect, columns);
  if (typeof select !== 'string') {
    throw unitError(
      test,
      ['expect', ...select.path],
      `expect: ${select.message}`,
      select.next ?? 'Write it as the SELECT makes it.',
    );
  }
  await connection.run(`CREATE TABLE ${qualified(EXPECTED)} AS ${select}`);
  const row = `{${columns.map(({ name }) => `${identifier(name)}: ${identifier(name)}`).join(', ')}}`;
  // 30 days are equal to 1 month for DuckDB.
  const intervals = columns.filter(({ type }) => type.includes('INTERVAL'));
  const texts = `[${intervals.map(({ name }) => `CAST(${identifier(name)} AS VARCHAR)`).join(', ')}]::VARCHAR[]`;
  const compared = `SELECT ${row} AS r, ${texts} AS t FROM`;
  const without = (these: string, those: string) =>
    `${compared} ${qualified(these)} EXCEPT ALL ${compared} ${qualified(those)}`;
  return `SELECT 'missing' AS _difference, unnest(r) FROM (${without(EXPECTED, MADE)})
    UNION ALL SELECT 'unexpected', unnest(r) FROM (${without(MADE, EXPECTED)})`;
}

async function makeRows(connection: Connection, test: PlannedUnitTest): Promise<TableColumn[]> {
  const { source, hides } = test;
  try {
    await connection.run(buildStatement(MADE, 'table', source.sql));
  } catch (error) {
    if (hides && errorClass((error as Error).message) === 'Catalog Error') throw readsMore(test, error as Error);
    throw sqlError(textOfModel(source), error, 'MODEL_SQL', LINES_BEFORE);
  }
  return describe(connection, qualified(MADE));
}

function readsMore(test: PlannedUnitTest, { message }: Error): WarehouseError {
  const [said] = message.replace(/^Catalog Error: /, '').split('\n');
  const next =
    'Name under depends_on all that the SELECT hides, and give rows of it: a unit test reads no data of the study.';
  return unitError(test, ['given'], `${test.source.name} reads what given does not have: ${said}`, next);
}
