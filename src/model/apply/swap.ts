import type { Ledger } from '../../audit/ledger.ts';
import type { Clock } from '../../lib/clock.ts';
import { WarehouseError } from '../../lib/errors.ts';
import type { ModelSource } from '../../project/project.ts';
import { type Connection, qualified } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';
import { fingerprintOf, type Parts, seedsIn } from '../plan/fingerprint.ts';
import { assertRecorded, type ModelRecord, recordModel, recordTest } from '../plan/record.ts';
import { placeOf, sqlError, textOfModel } from '../sql/sql-error.ts';
import type { RelationKind } from '../table/catalog.ts';
import {
  buildStatement,
  commentStatements,
  dropOther,
  LINES_BEFORE,
  NEXT_MARK,
  nextName,
  swapStatements,
} from '../table/compile.ts';
import { type Content, contentOf } from '../table/content-hash.ts';
import { failureTable, keepFailures, removeFile, runTest, type TestOutcome } from '../test/failures.ts';
import { type PlannedTest, shownModel, testFingerprint } from '../test/test-plan.ts';
import { textOf } from '../test/tests.ts';

/** Where it is written down that a model was put in place. */
export type RunLedger = Pick<Ledger, 'append'>;

/** What tests need to be run and recorded. */
export interface TestContext {
  readonly connection: Connection;
  readonly ledger?: RunLedger;
  /** A folder that the instance may write to. */
  readonly failuresDirectory: string;
  readonly runId: string;
  readonly clock: Clock;
  /** Content hash of a table as it is now. */
  readonly content: (table: string) => string | undefined;
}

export interface Swap {
  readonly source: ModelSource;
  readonly reason: string;
  readonly parts: Parts;
  /** What has the model's name now. */
  readonly current: RelationKind | undefined;
  /** Content hash of the model that it replaces. */
  readonly before: string | undefined;
  /** Tests to run, given the columns. */
  readonly tests: (columns: readonly TableColumn[]) => readonly PlannedTest[];
}

export interface SwapResult {
  readonly content: Content;
  readonly outcomes: readonly TestOutcome[];
  /** Whether no test of severity error failed: else the former table is still in place. */
  readonly held: boolean;
}

/** Ends the transaction of a swap without keeping it. */
class TestsFailed extends Error {
  readonly result: SwapResult;

  constructor(result: SwapResult) {
    super('tests failed');
    this.result = result;
  }
}

/**
 * Builds a model and puts it in place. A table is built under another name and committed; then one transaction gives
 * it its name, runs its tests, writes its record and commits, or rolls back and leaves the former table where it was.
 *
 * @throws MODEL_SQL with the place in the model's file; TEST_SQL; fault RUN_NOT_RECORDED.
 */
export async function swapIn(context: TestContext, swap: Swap): Promise<SwapResult> {
  const { connection } = context;
  const { name, properties } = swap.source;
  if (properties.materialized === 'table') await buildNext(connection, swap.source);
  try {
    return await swapTransaction(context, swap);
  } catch (error) {
    if (!(error instanceof TestsFailed)) throw error;
    await recordTests(context, error.result);
    return error.result;
  } finally {
    if (properties.materialized === 'table') await connection.run(`DROP TABLE IF EXISTS ${qualified(nextName(name))}`);
  }
}

/** Builds `_next_<name>` and commits it with the runner's mark. */
async function buildNext(connection: Connection, source: ModelSource): Promise<void> {
  const next = nextName(source.name);
  await connection.transaction(async () => {
    await runModelSql(connection, source, buildStatement(next, 'table', source.sql));
    await connection.run(`COMMENT ON TABLE ${qualified(next)} IS '${NEXT_MARK}'`);
  });
}

async function runModelSql(connection: Connection, source: ModelSource, statement: string): Promise<void> {
  try {
    await connection.run(statement);
  } catch (error) {
    throw sqlError(textOfModel(source), error, 'MODEL_SQL', LINES_BEFORE);
  }
}

async function swapTransaction(context: TestContext, swap: Swap): Promise<SwapResult> {
  const { connection, runId, clock } = context;
  const { source, parts, reason } = swap;
  let written: { ordinal: bigint; record: ModelRecord } | undefined;
  const result = await connection.transaction(async () => {
    await putInPlace(connection, swap);
    const columns = await describe(connection, qualified(source.name));
    const materialized = source.properties.materialized;
    await connection.run(commentStatements(source, materialized, columns).join(';\n'));
    const content = await readContent(connection, source);
    const within = withContent(context, source.name, content.hash);
    const outcomes = await outcomesOf(within, swap.tests(columns));
    if (!outcomes.every(holds)) throw new TestsFailed({ content, outcomes, held: false });
    const record = { runId, model: source.name, path: source.path, materialized, reason, parts, content, at: clock() };
    written = { ordinal: await recordModel(connection, record), record };
    await writeTests(within, outcomes);
    await writeToLedger(context, swap, content);
    return { content, outcomes, held: true };
  });
  await assertRecorded(connection, written!.ordinal, written!.record);
  result.outcomes.forEach(removeFile);
  return result;
}

/** The last thing before COMMIT, so that the swap and its record are kept together or not at all (docs/audit.md). */
async function writeToLedger({ ledger, runId }: TestContext, swap: Swap, content: Content): Promise<void> {
  const { source, reason, before, parts } = swap;
  const seeds = seedsIn(parts);
  await ledger?.append([
    {
      action: 'model.build',
      object: source.name,
      reason,
      correlationId: runId,
      before,
      after: content.hash,
      meta: {
        rows: Number(content.rows),
        fingerprint: fingerprintOf(parts),
        ...(Object.keys(seeds).length > 0 && { seeds }),
      },
    },
  ]);
}

/** A view is computed here for the first time: what is wrong with its data shows now. */
async function readContent(connection: Connection, source: ModelSource): Promise<Content> {
  try {
    return await contentOf(connection, source.name);
  } catch (error) {
    throw sqlError(textOfModel(source), error, 'MODEL_SQL', Number.POSITIVE_INFINITY);
  }
}

async function putInPlace(connection: Connection, { source, current }: Swap): Promise<void> {
  const { name, sql, properties } = source;
  if (properties.materialized === 'table') {
    for (const statement of swapStatements(name, current)) await connection.run(statement);
    return;
  }
  for (const statement of dropOther(name, 'view', current)) await connection.run(statement);
  await runModelSql(connection, source, buildStatement(name, 'view', sql));
}

function withContent(context: TestContext, name: string, hash: string): TestContext {
  return { ...context, content: (table) => (table === name ? hash : context.content(table)) };
}

async function outcomesOf(context: TestContext, tests: readonly PlannedTest[]): Promise<TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  for (const test of tests) outcomes.push(await runTest(context.connection, test, context.failuresDirectory));
  return outcomes;
}

/** Runs tests of what is in place already, and records them. */
export async function testInPlace(context: TestContext, tests: readonly PlannedTest[]): Promise<TestOutcome[]> {
  if (tests.length === 0) return [];
  const outcomes = await outcomesOf(context, tests);
  await context.connection.transaction(() => writeTests(context, outcomes));
  outcomes.forEach(removeFile);
  return outcomes;
}

/** Records the tests of a swap that was rolled back. */
async function recordTests(context: TestContext, { outcomes }: SwapResult): Promise<void> {
  await context.connection.transaction(() => writeTests(context, outcomes));
  outcomes.forEach(removeFile);
}

async function writeTests(context: TestContext, outcomes: readonly TestOutcome[]): Promise<void> {
  const { connection, runId, clock, content } = context;
  for (const outcome of outcomes) {
    const { test, state, failures, file } = outcome;
    await keepFailures(connection, outcome, runId);
    await recordTest(connection, {
      runId,
      model: shownModel(test),
      test,
      state,
      failures,
      table: file === undefined ? undefined : failureTable(test),
      fingerprint: testFingerprint(test, content),
      at: clock(),
    });
  }
}

export const holds = ({ state }: TestOutcome) => state !== 'failed';

/**
 * The error of a model that tests do not let in place: its own, or others that read it.
 * @param inPlace what has its name now, if anything does.
 */
export function testsFailedError(
  source: ModelSource,
  outcomes: readonly TestOutcome[],
  inPlace: RelationKind | undefined,
): WarehouseError {
  const failed = outcomes.filter((outcome) => !holds(outcome));
  const isOwn = ({ test }: TestOutcome) => test.model === source.name;
  const lines = failed.map((outcome) => {
    const { test, failures } = outcome;
    const whose = isOwn(outcome) ? '' : ` of ${test.model ?? test.path}, which reads it`;
    return `${test.name}${whose}: ${failures} ${failures === 1n ? 'row' : 'rows'}, kept in ${failureTable(test)}`;
  });
  const [first] = failed;
  const state =
    inPlace === undefined
      ? `the new ${source.properties.materialized} ${source.name} was not put in place`
      : `the former ${inPlace} ${source.name} is still in place`;
  return new WarehouseError({
    kind: 'data',
    code: 'TEST_FAILED',
    message: `${source.name} does not hold ${lines.join('; ')}.`,
    place: failed.some(isOwn) ? { model: source.name, file: source.path } : placeOf(textOf(first.test)),
    next: `Look at SELECT * FROM ${failureTable(first.test)}; ${state}.`,
  });
}
