import { WarehouseError } from '../../lib/errors.ts';
import type { TestOutcome } from '../test/failures.ts';
import { runUnitTest } from '../test/run-unit-test.ts';
import { readShapes } from '../test/shapes.ts';
import { testFingerprint } from '../test/test-plan.ts';
import type { PlannedUnitTest } from '../test/unit-plan.ts';
import { recordTests } from './swap.ts';
import type { TestContext } from './test-context.ts';

/**
 * Runs unit tests, and records them with what they were run on: their rows and the columns of the tables that they stand
 * for. The tables themselves are as before.
 *
 * @param passed the fingerprint with which a test last passed: where it is the same now, it is not run
 * @throws as `runUnitTest`
 */
export async function runUnitTests(
  context: TestContext,
  tests: readonly PlannedUnitTest[],
  passed: (test: PlannedUnitTest) => string | undefined = () => undefined,
): Promise<TestOutcome[]> {
  if (tests.length === 0) return [];
  const shapes = await readShapes(context.connection, tests);
  const content = (table: string) => shapes.get(table);
  const untested = tests.filter((test) => passed(test) !== testFingerprint(test, content));
  if (untested.length === 0) return [];
  // Two that put rows in the place of one table would meet.
  await context.turn();
  const outcomes: TestOutcome[] = [];
  for (const test of untested) outcomes.push(await runUnitTest(context.connection, test, context));
  await recordTests({ ...context, content }, outcomes);
  return outcomes;
}

/** The same, one at a time: what is wrong with one, other than that it fails, does not keep the others from being run. */
export async function runEachUnitTest(
  context: TestContext,
  tests: readonly PlannedUnitTest[],
): Promise<(TestOutcome | { readonly test: PlannedUnitTest; readonly error: WarehouseError })[]> {
  const results: (TestOutcome | { test: PlannedUnitTest; error: WarehouseError })[] = [];
  for (const test of tests) {
    try {
      results.push(...(await runUnitTests(context, [test])));
    } catch (error) {
      if (!(error instanceof WarehouseError) || error.kind === 'fault') throw error;
      results.push({ test, error });
    }
  }
  return results;
}
