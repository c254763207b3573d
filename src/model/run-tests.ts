import { systemClock } from '../lib/clock.ts';
import type { Connection } from '../store/connection.ts';
import { recordRun } from './apply/record-run.ts';
import { type TestResult, testResult } from './apply/result.ts';
import { retireTests } from './apply/retire-tests.ts';
import { testInPlace } from './apply/swap.ts';
import { type Preparation, prepareRun } from './plan/prepare.ts';
import type { RunOptions } from './run.ts';
import { describeBuilt } from './table/columns.ts';
import { isSelected, type PlannedTest, planEmptyText } from './test/test-plan.ts';

/**
 * Runs every test that a run of the selected models would, and without a selection those that read no model too, against
 * what is built, changed or not. A test that reads what was never built is left out.
 */
export async function runTests(options: RunOptions): Promise<TestResult[]> {
  const { connection, failuresDirectory, runId, clock = systemClock } = options;
  const started = clock();
  const preparation = await prepareRun(options);
  const { input, tests, brokenTests, relations } = preparation;
  await retireTests(connection, preparation, { runId, at: clock() });
  const all = inOrder([...tests, ...(await emptyTextTests(connection, preparation))], input.graph.order);
  const chosen = all.filter((test) => isSelected(test, input) && test.reads.every((table) => relations.has(table)));
  const content = (table: string) => input.content(table, undefined);
  const outcomes = await testInPlace({ connection, failuresDirectory, runId, clock, content }, chosen);
  const broken = brokenTests.map(
    ({ test, error }): TestResult => ({
      name: test.name,
      model: test.model ?? '',
      state: 'failed',
      failures: 0,
      error,
    }),
  );
  const results = [...outcomes.map(testResult), ...broken];
  const invocation = { ...options, command: 'test', started, ended: clock() } as const;
  await recordRun(connection, invocation, { models: [], tests: results });
  return results;
}

async function emptyTextTests(connection: Connection, { input, relations }: Preparation): Promise<PlannedTest[]> {
  const tests: PlannedTest[] = [];
  for (const { source } of input.analyses.values()) {
    if (!input.selected.has(source.name) || !relations.has(source.name)) continue;
    const test = planEmptyText(source, await describeBuilt(connection, source));
    if (test !== undefined) tests.push(test);
  }
  return tests;
}

/** As a build runs them: with the models, in their order, and then those that read none. */
function inOrder(tests: readonly PlannedTest[], order: readonly string[]): PlannedTest[] {
  const place = ({ gate }: PlannedTest) => (gate === undefined ? order.length : order.indexOf(gate));
  return tests.toSorted((a, b) => place(a) - place(b));
}
