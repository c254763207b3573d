import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, identifier, literal, qualified } from '../store/connection.ts';
import { columnsOf } from './catalog.ts';
import { statementText } from './lexer.ts';
import { sqlError } from './sql-error.ts';
import { type PlannedTest, shownModel } from './test-plan.ts';
import { textOf } from './tests.ts';

/** Failing rows that are kept of one test. All are counted. */
export const KEPT_ROWS = 10_000;

/** What a test returned. */
export interface TestOutcome {
  readonly test: PlannedTest;
  readonly state: 'passed' | 'warned' | 'failed';
  readonly failures: bigint;
  /** Where the failing rows were copied to: outside of the transaction, which may be rolled back. */
  readonly file: string | undefined;
}

/**
 * Runs a test and copies the rows that fail to a Parquet file in `directory`: a file survives ROLLBACK, a table would
 * not.
 * @throws TEST_SQL: DuckDB's message at the place in the test.
 */
export async function runTest(connection: Connection, test: PlannedTest, directory: string): Promise<TestOutcome> {
  const sql = statementText(test.sql);
  try {
    const row = await connection.row<{ n: bigint }>(`SELECT count(*) AS n FROM (\n${sql}\n)`);
    const failures = row!.n;
    if (failures === 0n) return { test, state: 'passed', failures, file: undefined };
    const file = join(directory, `${fileName(test)}.parquet`);
    const kept = `SELECT ${await keptColumns(connection, sql)} FROM (\n${sql}\n) LIMIT ${KEPT_ROWS}`;
    await connection.run(`COPY (${kept}) TO ${literal(file)} (FORMAT parquet)`);
    return { test, state: test.severity === 'error' ? 'failed' : 'warned', failures, file };
  } catch (error) {
    throw sqlError(textOf(test), error, 'TEST_SQL', 1);
  }
}

/** Types that Parquet does not have, or has as something else (HUGEINT as DOUBLE): they are kept as text. */
const AS_TEXT = /HUGEINT|BIGNUM|UNION|BIT|VARIANT/;

async function keptColumns(connection: Connection, sql: string): Promise<string> {
  const columns = await connection.rows<{ column_name: string; column_type: string }>(`DESCRIBE\n${sql}`);
  const texts = columns
    .filter((column) => AS_TEXT.test(column.column_type))
    .map((column) => identifier(column.column_name));
  if (texts.length === 0) return '*';
  return `* REPLACE (${texts.map((column) => `CAST(${column} AS VARCHAR) AS ${column}`).join(', ')})`;
}

/** The table of schema `failures` that keeps the failing rows of a test: `failures.sdtm_ae__unique_USUBJID_AESEQ`. */
export function failureTable(test: PlannedTest): string {
  return `failures.${fileName(test)}`;
}

function fileName(test: PlannedTest): string {
  const model = shownModel(test).replaceAll('.', '_');
  return model === '' ? test.name : `${model}__${test.name}`;
}

/**
 * Brings the table of a test in line with its outcome: made anew from the file, or dropped where the test passed.
 * Inside a transaction of the caller.
 */
export async function keepFailures(
  connection: Connection,
  { test, file, failures }: TestOutcome,
  runId: string,
): Promise<void> {
  const table = failureTable(test);
  await connection.run(`DROP TABLE IF EXISTS ${qualified(table)}`);
  if (file === undefined) return;
  await connection.run(`CREATE TABLE ${qualified(table)} AS SELECT * FROM read_parquet(${literal(file)})`);
  const kept = failures > KEPT_ROWS ? `the first ${KEPT_ROWS} of ` : '';
  const about = `Rows that fail the test ${test.name} of ${shownModel(test)}: ${kept}${failures}, in run ${runId}.`;
  const comments = (await columnsOf(connection, table)).map(
    ({ name }) =>
      `COMMENT ON COLUMN ${qualified(table)}.${identifier(name)} IS ${literal(`${name} of a row that fails.`)}`,
  );
  await connection.run([`COMMENT ON TABLE ${qualified(table)} IS ${literal(about)}`, ...comments].join(';\n'));
}

export function removeFile({ file }: TestOutcome): void {
  if (file !== undefined) rmSync(file, { force: true });
}
