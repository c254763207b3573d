import type { ModelSource } from '../../project/project.ts';
import { type Connection, qualified } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';
import { fingerprintOf, seedsIn } from '../plan/fingerprint.ts';
import { assertRecorded, type ModelRecord, recordModel } from '../plan/record.ts';
import { unplacedError } from '../sql/sql-error.ts';
import {
  buildStatement,
  commentStatements,
  dropOther,
  nextName,
  relationOf,
  swapStatements,
} from '../table/compile.ts';
import { type Content, contentOf } from '../table/content-hash.ts';
import { holds, removeFile, runTest, type TestOutcome } from '../test/failures.ts';
import type { PlannedTest } from '../test/test-plan.ts';
import { buildBySubject } from './by-subject.ts';
import { buildMerged } from './merge.ts';
import { type Building, createWithin, type Next, runModelSql } from './next.ts';
import { buildSnapshot } from './snapshot.ts';
import type { TestContext } from './test-context.ts';
import { writeTests } from './write-tests.ts';

export interface Swap extends Omit<Building, 'at'> {
  readonly reason: string;
  /** Tests to run, given the columns. */
  readonly tests: (columns: readonly TableColumn[]) => readonly PlannedTest[];
}

export interface SwapResult {
  readonly content: Content;
  readonly outcomes: readonly TestOutcome[];
  /** Why it was built, and how much of it. */
  readonly reason: string;
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
 * Builds a model and puts it in place. One transaction builds the table under another name, gives it its name, runs its
 * tests, writes its record and commits, or rolls back and leaves the former table where it was. A table of many rows, or
 * one that is made of more than its SELECT, is built and committed before.
 *
 * @throws MODEL_SQL with the place in the model's file; TEST_SQL; fault RUN_NOT_RECORDED.
 */
export async function swapIn(context: TestContext, swap: Swap): Promise<SwapResult> {
  const { connection } = context;
  let next: Next = {};
  try {
    next = await buildBefore(connection, { ...swap, at: context.clock() });
    return await swapTransaction(context, swap, next);
  } catch (error) {
    await connection.run(`DROP TABLE IF EXISTS ${qualified(nextName(swap.source.name))}`);
    if (!(error instanceof TestsFailed)) throw error;
    // They were of what was built, not of what is in place.
    await recordTests(withContent(context, swap.source.name, error.result.content.hash), error.result.outcomes);
    return error.result;
  } finally {
    await next.close?.();
  }
}

/** Builds what takes more than the SELECT of the model, beside what is there; a view is made where it is put in place. */
async function buildBefore(connection: Connection, building: Building): Promise<Next> {
  const { materialized, by_subject, unique_key = [] } = building.source.properties;
  if (by_subject !== undefined) return buildBySubject(connection, building, by_subject);
  if (materialized === 'incremental') return buildMerged(connection, building, unique_key);
  if (materialized === 'snapshot') return buildSnapshot(connection, building, unique_key);
  if (materialized === 'view') return {};
  return { make: () => createWithin(connection, building.source) };
}

async function swapTransaction(context: TestContext, swap: Swap, next: Next): Promise<SwapResult> {
  const { connection, committed, runId, clock, turn } = context;
  const { source, parts } = swap;
  const reason = next.extent === undefined ? swap.reason : `${swap.reason}: ${next.extent}`;
  let written: { ordinal: bigint; record: ModelRecord } | undefined;
  const result = await connection.transaction(async () => {
    await next.make?.();
    await putInPlace(connection, swap);
    const columns = await describe(connection, qualified(source.name));
    const { materialized } = source.properties;
    await connection.run(commentStatements(source, relationOf(source.properties), columns).join(';\n'));
    const content = await readContent(connection, source, columns);
    const within = withContent(context, source.name, content.hash);
    const outcomes = await outcomesOf(within, swap.tests(columns));
    if (!outcomes.every(holds)) throw new TestsFailed({ content, outcomes, reason, held: false });
    await turn();
    const record = { runId, model: source.name, path: source.path, materialized, reason, parts, content, at: clock() };
    written = { ordinal: await recordModel({ connection, committed }, record), record };
    await writeTests(within, outcomes);
    await next.record?.();
    await writeToLedger(context, { ...swap, reason }, content);
    return { content, outcomes, reason, held: true };
  });
  await assertRecorded(connection, written!.ordinal, written!.record);
  result.outcomes.forEach(removeFile);
  return result;
}

/** The last thing before COMMIT, so that the swap and its record are kept together or not at all (docs/audit.md). */
async function writeToLedger({ connection, ledger, runId }: TestContext, swap: Swap, content: Content): Promise<void> {
  const { source, reason, recorded, parts } = swap;
  const seeds = seedsIn(parts);
  const entry = {
    action: 'model.build',
    object: source.name,
    reason,
    correlationId: runId,
    before: recorded?.contentHash,
    after: content.hash,
    meta: {
      rows: Number(content.rows),
      fingerprint: fingerprintOf(parts),
      ...(Object.keys(seeds).length > 0 && { seeds }),
    },
  };
  await ledger?.append([entry], connection);
}

/** A view is computed here for the first time: what is wrong with its data shows now. */
async function readContent(
  connection: Connection,
  source: ModelSource,
  known: readonly TableColumn[],
): Promise<Content> {
  try {
    return await contentOf(connection, source.name, { known });
  } catch (error) {
    throw unplacedError(source, error);
  }
}

async function putInPlace(connection: Connection, { source, current }: Swap): Promise<void> {
  const { name, sql, properties } = source;
  if (properties.materialized !== 'view') {
    for (const statement of swapStatements(name, current)) await connection.run(statement);
    return;
  }
  for (const statement of dropOther(name, 'view', current)) await connection.run(statement);
  await runModelSql(connection, source, buildStatement(qualified(name), 'view', sql));
}

function withContent(context: TestContext, name: string, hash: string): TestContext {
  return { ...context, content: (table) => (table === name ? hash : context.content(table)) };
}

async function outcomesOf(context: TestContext, tests: readonly PlannedTest[]): Promise<TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  for (const test of tests) outcomes.push(await runTest(context.connection, test, context));
  return outcomes;
}

/** Runs tests of what is in place already, and records them. */
export async function testInPlace(context: TestContext, tests: readonly PlannedTest[]): Promise<TestOutcome[]> {
  if (tests.length === 0) return [];
  const outcomes = await outcomesOf(context, tests);
  await recordTests(context, outcomes);
  return outcomes;
}

/** Records tests in their turn, in a transaction of their own: there is none, or it was rolled back. */
export async function recordTests(context: TestContext, outcomes: readonly TestOutcome[]): Promise<void> {
  await context.turn();
  await context.connection.transaction(() => writeTests(context, outcomes));
  outcomes.forEach(removeFile);
}
