import { rmSync } from 'node:fs';
import { WarehouseError } from '../../lib/errors.ts';
import { listed } from '../../lib/listed.ts';
import { nearest } from '../../project/nearest.ts';
import { type Connection, identifier, literal, qualified } from '../../store/connection.ts';
import { describe } from '../../store/describe.ts';
import { statementText } from '../sql/lexer.ts';
import { placeOf, sqlError } from '../sql/sql-error.ts';
import { failureFile } from './failure-table.ts';
import { judge, type TestState } from './judge.ts';
import { OF_FAILURES } from './kept-columns.ts';
import { KEPT_ROWS, rowsToKeep } from './kept-rows.ts';
import type { PlannedTest } from './test-plan.ts';
import { textOf } from './tests.ts';

/** What a test returned. */
export interface TestOutcome {
  readonly test: PlannedTest;
  readonly state: TestState;
  readonly failures: bigint;
  /** Where the failing rows were copied to: outside of the transaction, which may be rolled back. */
  readonly file: string | undefined;
  /** Whether the table of its failing rows is to be brought in line with it. */
  readonly isKept: boolean;
  /** What is to be said of the rows that fail, where their number is not all. */
  readonly said?: string;
}

/** How tests are run. */
export interface TestRun {
  /** A folder that the instance may write to. */
  readonly failuresDirectory: string;
  /** Whether failing rows are kept. */
  readonly storeFailures: boolean;
  /** What the age of data is measured against. */
  readonly now: Date;
}

/**
 * Runs a test and copies the rows that fail to a Parquet file: a file survives ROLLBACK, a table would not.
 * @throws TEST_SQL: DuckDB's message at the place in the test.
 */
export async function runTest(
  connection: Connection,
  planned: PlannedTest,
  { failuresDirectory, storeFailures, now }: TestRun,
): Promise<TestOutcome> {
  const test = asOf(planned, now);
  const sql = statementText(test.sql);
  try {
    const row = await connection.row<{ n: bigint }>(`SELECT count(*) AS n FROM (\n${sql}\n)`);
    const failures = row!.n;
    const total = test.total === undefined ? undefined : await connection.row<{ n: bigint }>(test.total);
    const state = judge(test, failures, total?.n ?? 0n);
    const file = failures > 0n && storeFailures ? failureFile(failuresDirectory, test) : undefined;
    if (file !== undefined) await copyRows(connection, test, { sql, file, isCut: failures > KEPT_ROWS });
    const said = failures > 0n && test.counts !== undefined ? await faultsInWords(connection, test.counts) : undefined;
    return { test, state, failures, file, isKept: storeFailures, ...(said !== undefined && { said }) };
  } catch (error) {
    throw await testError(connection, test, error);
  }
}

/**
 * Binds the SELECT of a test, without running it.
 * @throws as `runTest`
 */
export async function bindTest(connection: Connection, planned: PlannedTest, now: Date): Promise<void> {
  const test = asOf(planned, now);
  try {
    await describe(connection, statementText(test.sql));
  } catch (error) {
    throw await testError(connection, test, error);
  }
}

const asOf = (planned: PlannedTest, now: Date): PlannedTest =>
  planned.sqlAt === undefined ? planned : { ...planned, sql: planned.sqlAt(now) };

async function testError(connection: Connection, test: PlannedTest, error: unknown): Promise<WarehouseError> {
  return (
    otherTypes(test, error) ?? (await noColumn(connection, test, error)) ?? sqlError(textOf(test), error, 'TEST_SQL', 1)
  );
}

/** What DuckDB says of SQL that nobody wrote, in terms of the two columns that a test of relationships compares. */
function otherTypes(test: PlannedTest, error: unknown): WarehouseError | undefined {
  const { model, columns, to } = test;
  if (to === undefined) return undefined;
  const types = /Cannot compare values of type STRUCT\(v (.+)\) and STRUCT\(v (.+)\) in/.exec((error as Error).message);
  if (types === null) return undefined;
  const [, own, other] = types;
  return new WarehouseError({
    kind: 'usage',
    code: 'TEST_SQL',
    message: `The test ${test.name} compares ${model}.${columns[0]}, ${own}, with ${to}, ${other}: no value of the one can be in the other.`,
    place: placeOf(textOf(test)),
    next: `Cast one of the two to the type of the other in the SELECT of its model.`,
    cause: error,
  });
}

/** The same where the other model does not have the other column. */
async function noColumn(
  connection: Connection,
  test: PlannedTest,
  error: unknown,
): Promise<WarehouseError | undefined> {
  if (test.to === undefined || !/^Binder Error/.test((error as Error).message)) return undefined;
  const [schema, table, column] = test.to.split('.');
  const names = (await describe(connection, qualified(`${schema}.${table}`))).map(({ name }) => name);
  if (names.some((name) => name.toLowerCase() === column.toLowerCase())) return undefined;
  const near = nearest(column, names);
  return new WarehouseError({
    kind: 'usage',
    code: 'TEST_SQL',
    message: `${schema}.${table} has no column ${column}.`,
    place: placeOf(textOf(test)),
    next: near === undefined ? `Its columns are ${listed(names, MOST_LISTED)}.` : `Did you mean ${near}?`,
    cause: error,
  });
}

const MOST_LISTED = 8;

/** `AETERM is missing in 2 rows, AESEQ in 1 row` */
async function faultsInWords(connection: Connection, counts: string): Promise<string> {
  const found = Object.entries((await connection.row<Record<string, bigint>>(counts))!).filter(([, rows]) => rows > 0n);
  const said = found.map(([column, rows], i) => {
    return `${column} ${i === 0 ? 'is missing ' : ''}in ${rows} ${rows === 1n ? 'row' : 'rows'}`;
  });
  return said.join(', ');
}

/** Types that Parquet does not have, or has as something else (HUGEINT as DOUBLE, INTERVAL in ms): they are kept as text. */
const AS_TEXT = /HUGEINT|BIGNUM|UNION|BIT|VARIANT|ENUM|INTERVAL/;

/** Copies what a SELECT returns, as far as it is kept, to a file. */
export async function copyRows(
  connection: Connection,
  test: PlannedTest,
  { sql, file, isCut }: { readonly sql: string; readonly file: string; readonly isCut: boolean },
): Promise<void> {
  const all = await describe(connection, `SELECT * FROM (\n${sql}\n)`);
  const columns = all.filter(({ name }) => !OF_FAILURES.has(name.toLowerCase()));
  const kept = columns.map(({ name, type }) => {
    const column = identifier(name);
    return AS_TEXT.test(type) ? `CAST(${column} AS VARCHAR) AS ${column}` : column;
  });
  const rows = `SELECT ${kept.join(', ')} FROM (\n${sql}\n)`;
  const copied = isCut ? await rowsToKeep(connection, test, rows) : rows;
  await connection.run(`COPY (${copied}) TO ${literal(file)} (FORMAT parquet)`);
}

export const holds = ({ state }: TestOutcome) => state !== 'failed';

export function removeFile({ file }: TestOutcome): void {
  if (file !== undefined) rmSync(file, { force: true });
}
