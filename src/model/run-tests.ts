import { systemClock } from '../lib/clock.ts';
import type { Connection } from '../store/connection.ts';
import { recordRun } from './apply/record-run.ts';
import { type TestResult, testResult } from './apply/result.ts';
import { retireTests } from './apply/retire-tests.ts';
import { testInPlace } from './apply/swap.ts';
import { rememberedFailureNames } from './apply/test-context.ts';
import { runEachUnitTest } from './apply/unit-tests.ts';
import { type Preparation, prepareRun } from './plan/prepare.ts';
import type { RunOptions } from './run.ts';
import { describeBuilt } from './table/columns.ts';
import { type BrokenTest, isSelected, type PlannedTest, planEmptyText } from './test/test-plan.ts';

/**
 * Runs every test that a run of the selected models would, and without a selection those that read no model too, against
 * what is built, changed or not; before them the unit tests of these models, which need nothing built. A test that reads
 * what was never built is left out.
 */
export async function runTests(options: RunOptions): Promise<TestResult[]> {
  const { connection, failuresDirectory, runId, clock = systemClock, storeFailures = true } = options;
  const started = clock();
  const preparation = await prepareRun(options);
  // Nothing is made.
  await options.check?.({ ...preparation, plan: [] });
  const { input, tests, unitTests, brokenTests, relations } = preparation;
  await retireTests(connection, preparation, { runId, at: clock() });
  const content = (table: string) => input.content(table, undefined);
  const now = options.asOf ?? clock();
  const names = rememberedFailureNames(connection);
  const run = { failuresDirectory, runId, clock, storeFailures, now, content, failureNames: names };
  const context = { ...run, connection, committed: connection, turn: async () => {} };
  const units = await runEachUnitTest(context, chosen(unitTests, preparation));
  const all = chosen([...tests, ...(await emptyTextTests(connection, preparation))], preparation);
  const outcomes = await testInPlace(
    context,
    all.filter((test) => test.reads.every((table) => relations.has(table))),
  );
  const ofUnits = units.map((unit) => ('error' in unit ? brokenResult(unit) : testResult(unit)));
  const results = [...ofUnits, ...outcomes.map(testResult), ...brokenTests.map(brokenResult)];
  const invocation = { ...options, command: 'test', started, ended: clock() } as const;
  await recordRun(connection, invocation, { models: [], tests: results });
  return results;
}

function brokenResult({ test, error }: BrokenTest): TestResult {
  return { name: test.name, model: test.model ?? '', state: 'failed', failures: 0, error };
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

/** Those of the selected models, as a build runs them: with the models, in their order, and then those that read none. */
function chosen<Test extends PlannedTest>(tests: readonly Test[], { input }: Preparation): Test[] {
  const { order } = input.graph;
  const place = ({ gate }: PlannedTest) => (gate === undefined ? order.length : order.indexOf(gate));
  return tests.filter((test) => isSelected(test, input)).toSorted((a, b) => place(a) - place(b));
}
