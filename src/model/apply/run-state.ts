import type { PlannedModel } from '../plan/plan.ts';
import type { Preparation } from '../plan/prepare.ts';
import { testKey } from '../plan/record.ts';
import type { TestOutcome } from '../test/failures.ts';
import { isSelected, type PlannedTest, shownModel, testFingerprint } from '../test/test-plan.ts';
import { type ModelResult, type RunResult, type TestResult, testResult } from './result.ts';

/** What has come of the models and tests of a plan so far, and what that means for the others. */
export class RunState {
  readonly preparation: Preparation;
  /** Content of the models that were built in this run. */
  readonly #built = new Map<string, string>();
  readonly #models = new Map<string, ModelResult>();
  /** By `testKey`: where models are dealt with anew, what came of a test last counts. */
  readonly #tests = new Map<string, TestResult>();

  constructor(preparation: Preparation) {
    this.preparation = preparation;
  }

  result(): Pick<RunResult, 'models' | 'tests'> {
    return { models: [...this.#models.values()], tests: [...this.#tests.values(), ...this.#heldBack()] };
  }

  /** @param content hash of what was built, if anything was */
  noteModel(result: ModelResult, content?: string): void {
    this.#models.set(result.name, result);
    if (content !== undefined) this.#built.set(result.name, content);
  }

  noteTests(outcomes: readonly TestOutcome[]): void {
    for (const outcome of outcomes) this.noteTest(testResult(outcome));
  }

  /** Of a test that could not be run. */
  noteTest(result: TestResult): void {
    this.#tests.set(testKey(result.model, result.name), result);
  }

  isDealtWith(name: string): boolean {
    return this.#models.has(name);
  }

  /** Content hash of a table as it is now. */
  content(table: string, model?: string): string | undefined {
    return this.#built.get(table) ?? this.preparation.input.content(table, model);
  }

  /** Why a model may not be made for what came of those that it reads: `sdtm.ae failed`. */
  whyBlocked({ name }: PlannedModel): string | undefined {
    return this.#whyStopped(this.preparation.input.graph.dependenciesOf(name));
  }

  /** Rows that were in place before this run; undefined where nothing was. */
  rowsBefore(name: string): number | undefined {
    const { input, relations } = this.preparation;
    const recorded = input.recorded.get(name);
    return recorded && relations.has(name) ? Number(recorded.rows) : undefined;
  }

  /** The tests to run when a model is in place; those that read what failed or was never built wait for the next run. */
  testsAt(name: string): PlannedTest[] {
    const { tests, relations } = this.preparation;
    const there = (table: string) => table === name || this.#built.has(table) || relations.has(table);
    return tests.filter(
      ({ gate, reads }) => gate === name && reads.every((table) => there(table) && !this.#isStopped(table)),
    );
  }

  /** Whether a test is new, or anything that it reads has changed since it passed. */
  isStale(test: PlannedTest): boolean {
    if (test.sqlAt !== undefined) return true;
    const passed = this.preparation.passed.get(testKey(shownModel(test), test.name));
    return passed !== testFingerprint(test, (table) => this.content(table));
  }

  /**
   * The tests that were not run because something that they read was not made. One that is run with what itself was not
   * made stands where it holds on what is still there.
   */
  #heldBack(): TestResult[] {
    const { tests, input } = this.preparation;
    const isOpen = (test: PlannedTest) => !this.#isStopped(test.gate!) || this.isStale(test);
    return tests
      .filter((test) => isSelected(test, input) && !this.#tests.has(testKey(shownModel(test), test.name)))
      .flatMap((test) => {
        const reason = this.#whyStopped(test.reads);
        if (reason === undefined || !isOpen(test)) return [];
        return [{ name: test.name, model: shownModel(test), state: 'blocked', failures: 0, reason }];
      });
  }

  #whyStopped(reads: readonly string[]): string | undefined {
    const stopped = reads.find((other) => this.#isStopped(other));
    return stopped && `${stopped} ${this.#models.get(stopped)!.state}`;
  }

  #isStopped(name: string): boolean {
    const state = this.#models.get(name)?.state;
    return state === 'failed' || state === 'blocked';
  }
}
