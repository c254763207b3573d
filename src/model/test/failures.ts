import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../lib/hash.ts';
import { type Connection, identifier, literal, qualified } from '../../store/connection.ts';
import { describe } from '../../store/describe.ts';
import { statementText } from '../sql/lexer.ts';
import { sqlError } from '../sql/sql-error.ts';
import { type PlannedTest, shownModel } from './test-plan.ts';
import { textOf } from './tests.ts';

/** Failing rows that are kept of one test. All are counted. */
const KEPT_ROWS = 10_000;

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
  const columns = await describe(connection, sql);
  const texts = columns.filter(({ type }) => AS_TEXT.test(type)).map(({ name }) => identifier(name));
  if (texts.length === 0) return '*';
  return `* REPLACE (${texts.map((column) => `CAST(${column} AS VARCHAR) AS ${column}`).join(', ')})`;
}

/**
 * The table of schema `failures` that keeps the failing rows of a test: `failures.sdtm_ae__unique_USUBJID_AESEQ`. It has
 * eight digits of a hash at its end where another test could have the same name without.
 */
export function failureTable(test: PlannedTest): string {
  return `failures.${fileName(test)}`;
}

function fileName(test: PlannedTest): string {
  const model = shownModel(test);
  const joined = model === '' ? test.name : `${model.replace('.', '_')}__${test.name}`;
  return isUnambiguous(model, test) ? joined : `${joined}_${sha256Hex(`${model}\n${test.name}`).slice(0, 8)}`;
}

/**
 * Whether no other test can have the same joined name: those of models `a_b.c` and `a.b_c` would, and SQL does not heed
 * the case of the name of a file in tests/. Names of one model's own tests differ in more than case.
 */
function isUnambiguous(model: string, test: PlannedTest): boolean {
  const isOfFile = test.model === undefined;
  if (isOfFile && test.name !== test.name.toLowerCase()) return false;
  return model === '' ? !test.name.includes('__') : /^[^_.]+\.(?!.*__).*[^_]$/.test(model);
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
  const about = `Rows that fail the test ${test.name} of ${shownModel(test)}: ${kept}${failures}, in run ${runId}. It asserts: ${test.asserts}`;
  const comments = (await describe(connection, qualified(table))).map(
    ({ name }) =>
      `COMMENT ON COLUMN ${qualified(table)}.${identifier(name)} IS ${literal(`${name} of a row that fails.`)}`,
  );
  await connection.run([`COMMENT ON TABLE ${qualified(table)} IS ${literal(about)}`, ...comments].join(';\n'));
}

export function removeFile({ file }: TestOutcome): void {
  if (file !== undefined) rmSync(file, { force: true });
}
