import { systemClock } from '../lib/clock.ts';
import { prepareRun } from './prepare.ts';
import { type TestResult, testResult } from './result.ts';
import { retireTests } from './retire-tests.ts';
import type { RunOptions } from './run.ts';
import { testInPlace } from './swap.ts';

/**
 * Runs every test of the selected models, and without a selection those of tests/ too, against what is built, changed
 * or not. A test that reads what was never built is left out.
 */
export async function runTests(options: RunOptions): Promise<TestResult[]> {
  const preparation = await prepareRun(options);
  const { input, tests, brokenTests, relations } = preparation;
  const { connection, failuresDirectory, runId, clock = systemClock } = options;
  await retireTests(connection, preparation, { runId, at: clock() });
  const whole = input.selected.size === input.analyses.size;
  const chosen = tests.filter(({ gate, reads }) => {
    const isSelected = gate === undefined ? whole : input.selected.has(gate);
    return isSelected && reads.every((table) => relations.has(table));
  });
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
  return [...outcomes.map(testResult), ...broken];
}
