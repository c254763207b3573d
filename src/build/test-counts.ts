import type { RunResult, TestResult } from '../model/apply/result.ts';

/** A test that was run. */
interface Tested {
  readonly name: string;
  readonly model: string;
  readonly state: TestResult['state'];
  /** Rows that it found. */
  readonly rows: number;
  /** Where they are kept. */
  readonly table?: string;
  /** Of the error, where it could not be run. */
  readonly code?: string;
}

/** What came of the tests. */
export interface TestCounts {
  readonly passed: number;
  readonly warned: number;
  readonly failed: number;
  /** Those that warned or failed. */
  readonly found: readonly Tested[];
  /** Those that were not run, because something that they read was not made. */
  readonly notRun: readonly Pick<Tested, 'name' | 'model'>[];
  /** Those that had no need to be run. */
  readonly unchanged: number;
  /** Those of them whose warning stands. */
  readonly standing: readonly Tested[];
}

export function counted({ tests, standing }: Pick<RunResult, 'tests' | 'standing'>): TestCounts {
  const count = (state: TestResult['state']) => tests.filter((test) => test.state === state).length;
  const isFound = ({ state }: TestResult) => state === 'warned' || state === 'failed';
  return {
    passed: count('passed'),
    warned: count('warned'),
    failed: count('failed'),
    found: tests.filter(isFound).map(toTested),
    notRun: tests.filter(({ state }) => state === 'blocked').map(({ name, model }) => ({ name, model })),
    unchanged: standing.length,
    standing: standing.filter(isFound).map(toTested),
  };
}

function toTested({ name, model, state, failures, table, error }: TestResult): Tested {
  return { name, model, state, rows: failures, ...(table && { table }), ...(error && { code: error.code }) };
}
