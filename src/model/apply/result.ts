import type { WarehouseError } from '../../lib/errors.ts';
import type { Recorded } from '../plan/plan.ts';
import type { Preparation } from '../plan/prepare.ts';
import type { StaleModel } from '../plan/stale.ts';
import { failureTable } from '../test/failure-table.ts';
import type { TestOutcome } from '../test/failures.ts';
import { shownModel } from '../test/test-plan.ts';
import type { Validation } from './validation.ts';

export interface ModelResult {
  readonly name: string;
  readonly state: 'built' | 'skipped' | 'failed' | 'blocked' | 'dropped';
  /** Rows in place afterwards; undefined where nothing is. */
  readonly rows: number | undefined;
  readonly ms: number;
  /** In words: `new`, `SQL changed`, `unchanged`, `sdtm.dm failed`. */
  readonly reason: string;
  readonly error?: WarehouseError;
}

export interface TestResult {
  readonly name: string;
  readonly model: string;
  /** Blocked where it was not run, because something that it reads was not made. */
  readonly state: 'passed' | 'warned' | 'failed' | 'blocked';
  readonly failures: number;
  /** The table that keeps the failing rows: `failures.sdtm_ae__not_null_AESEQ`. */
  readonly table?: string;
  /** Of one that was not run, why: `sdtm.ae failed`. */
  readonly reason?: string;
  readonly error?: WarehouseError;
}

export interface RunResult {
  /** What was known before anything was built. */
  readonly preparation: Preparation;
  /** What is in place afterwards. */
  readonly recorded: Recorded;
  /** In the order in which they were dealt with. */
  readonly models: readonly ModelResult[];
  /** Those that were run, and those that what failed held back. */
  readonly tests: readonly TestResult[];
  /** Those that had no need to be, as they last passed or warned. */
  readonly standing: readonly TestResult[];
  /** The models that have a second version. */
  readonly validations: readonly Validation[];
  /** The models that are not up to date afterwards, selected or not. */
  readonly stale: readonly StaleModel[];
  /** Those of them that the selected models read, at any distance, without being selected. */
  readonly upstream: readonly StaleModel[];
}

/** Whether any of these is to be done again once something is corrected: it failed, or something before it did. */
export function hasFailed(results: readonly { readonly state: string }[]): boolean {
  return results.some(({ state }) => state === 'failed' || state === 'blocked');
}

export function testResult({ test, state, failures, file }: TestOutcome): TestResult {
  const result = { name: test.name, model: shownModel(test), state, failures: Number(failures) };
  return file === undefined ? result : { ...result, table: failureTable(test) };
}
