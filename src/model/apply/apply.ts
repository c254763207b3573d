import { mkdirSync } from 'node:fs';
import type { Clock } from '../../lib/clock.ts';
import { WarehouseError } from '../../lib/errors.ts';
import type { EventSink } from '../../lib/events.ts';
import type { Connection } from '../../store/connection.ts';
import type { TableColumn } from '../../store/describe.ts';
import type { AnalysedModel } from '../plan/analyse.ts';
import { type PlannedModel, partsOf, reasonToBuild } from '../plan/plan.ts';
import { behindGate, type Preparation } from '../plan/prepare.ts';
import { testKey } from '../plan/record.ts';
import { checkColumns, describeModel } from '../table/columns.ts';
import { holds, type TestOutcome } from '../test/failures.ts';
import { type PlannedTest, planEmptyText, shownModel, testFingerprint } from '../test/test-plan.ts';
import { dropModel } from './drop.ts';
import { refuseTaken } from './name-taken.ts';
import { type ModelResult, type RunResult, type TestResult, testResult } from './result.ts';
import { swapIn, testInPlace } from './swap.ts';
import { type RunLedger, rememberedFailureNames, type TestContext } from './test-context.ts';
import { testsFailedError, unitTestsFailedError } from './tests-failed.ts';
import { runUnitTests } from './unit-tests.ts';

export interface ApplyOptions {
  readonly connection: Connection;
  readonly failuresDirectory: string;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly ledger?: RunLedger;
  readonly runId: string;
  /** Asked when staged tables and rules are made, before any other model: why none of the others may be. */
  readonly gate?: Gate;
  /** Whether failing rows are kept; they are where it is left out. */
  readonly storeFailures?: boolean;
  /** What the age of data is measured against; the clock where it is left out. */
  readonly asOf?: Date;
}

/** A sentence or two for people where nothing more may be made; undefined where all may. */
export type Gate = () => Promise<string | undefined>;

type Outcome = Omit<ModelResult, 'name' | 'ms'>;

/** Carries a plan out, model by model in its order. One that fails stops only what depends on it. */
export async function applyPlan(
  preparation: Preparation,
  options: ApplyOptions,
): Promise<Pick<RunResult, 'models' | 'tests'>> {
  mkdirSync(options.failuresDirectory, { recursive: true });
  const run = new Run(preparation, options);
  run.tellKept();
  const behind = behindGate(preparation.input.graph);
  const isBehind = ({ name, action }: PlannedModel) => action !== 'drop' && behind.has(name);
  for (const planned of preparation.plan.filter((one) => !isBehind(one))) await run.deal(planned);
  const stop = await options.gate?.();
  for (const planned of preparation.plan.filter(isBehind)) await run.deal(planned, stop);
  await run.finish();
  return run.result();
}

class Run {
  readonly #preparation: Preparation;
  readonly #options: ApplyOptions;
  /** Content of the models that were built in this run. */
  readonly #built = new Map<string, string>();
  readonly #models = new Map<string, ModelResult>();
  readonly #tests: TestResult[] = [];
  readonly #failureNames: () => Promise<Set<string>>;

  constructor(preparation: Preparation, options: ApplyOptions) {
    this.#preparation = preparation;
    this.#options = options;
    this.#failureNames = rememberedFailureNames(options.connection);
  }

  result(): Pick<RunResult, 'models' | 'tests'> {
    return { models: [...this.#models.values()], tests: this.#tests };
  }

  /** What was a snapshot and is no model any more is still there. */
  tellKept(): void {
    const { input } = this.#preparation;
    for (const [name, { materialized }] of input.recorded) {
      if (input.analyses.has(name) || materialized !== 'snapshot' || !input.existing.has(name)) continue;
      const message = `${name} is no model any more: as a snapshot, whose history could not be made again, it was kept.`;
      const next = 'Put its file back, or drop the table in a client.';
      this.#options.events({ event: 'notice', code: 'SNAPSHOT_KEPT', message, next });
    }
  }

  /** One model: decide, build or not, test. @param stop why it may not be made, whatever it is */
  async deal(planned: PlannedModel, stop?: string): Promise<void> {
    const { events, clock } = this.#options;
    const { name } = planned;
    const start = clock().getTime();
    events({ event: 'step', step: 'model', state: 'start', label: name });
    const outcome = await this.#outcome(planned, stop).catch((error: unknown): Outcome => {
      if (!(error instanceof WarehouseError) || error.kind === 'fault') throw error;
      return { state: 'failed', rows: this.#rowsBefore(name), reason: error.code, error };
    });
    const ms = clock().getTime() - start;
    const state = outcome.state === 'skipped' ? 'skip' : 'end';
    events({ event: 'step', step: 'model', state, label: name, reason: outcome.reason, ms });
    this.#models.set(name, { name, ms, ...outcome });
    if (outcome.state === 'failed') await this.#recordFailure(name, outcome);
  }

  /** There is no transaction that it could be part of: the one that failed was rolled back. */
  async #recordFailure(name: string, { reason, error }: Outcome): Promise<void> {
    const { ledger, runId: correlationId } = this.#options;
    const meta = { code: error?.code ?? null };
    await ledger?.append([{ action: 'model.failure', object: name, reason, correlationId, meta, effect: 'done' }]);
  }

  async #outcome({ name, action, reason, error: broken }: PlannedModel, stop?: string): Promise<Outcome> {
    if (action === 'drop') return this.#drop(name, reason);
    const rows = this.#rowsBefore(name);
    if (stop !== undefined) return { state: 'blocked', rows, reason: stop };
    if (broken !== undefined) throw broken;
    const stopped = this.#preparation.input.graph.dependenciesOf(name).find((other) => this.#isStopped(other));
    if (stopped !== undefined)
      return { state: 'blocked', rows, reason: `${stopped} ${this.#models.get(stopped)!.state}` };
    if (action === 'blocked') return { state: 'blocked', rows, reason };
    this.#throwIfTestIsBroken(name);
    const input = this.#preparation.input;
    const now = reasonToBuild(name, input, (table) => this.#content(table, name));
    const error = await this.#unitTest(name);
    if (error !== undefined) return { state: 'failed', rows, reason: now ?? 'unchanged', error };
    if (now !== undefined) return this.#build(name, now);
    return this.#testUnchanged(name);
  }

  async #drop(name: string, reason: string): Promise<Outcome> {
    const { input, relations } = this.#preparation;
    await dropModel(this.#testContext(), { name, reason }, relations.get(name), input.recorded.get(name)!);
    const message = `${name} is no model any more (${reason}): what was built of it was dropped.`;
    this.#options.events({ event: 'notice', code: 'MODEL_DROPPED', message });
    return { state: 'dropped', rows: undefined, reason };
  }

  #throwIfTestIsBroken(name: string): void {
    const broken = this.#preparation.brokenTests.find(({ test }) => test.model === name);
    if (broken !== undefined) throw broken.error;
  }

  /** Runs the unit tests of a model that have not passed as they are now: the error of those that fail. */
  async #unitTest(name: string): Promise<WarehouseError | undefined> {
    const { unitTests, passed, input, relations } = this.#preparation;
    const own = unitTests.filter(({ gate }) => gate === name);
    const outcomes = await runUnitTests(this.#testContext(), own, (test) => passed.get(testKey(name, test.name)));
    this.#note(outcomes);
    if (outcomes.every(holds)) return undefined;
    return unitTestsFailedError(input.analyses.get(name)!.source, outcomes, relations.get(name));
  }

  async #build(name: string, reason: string): Promise<Outcome> {
    const analysis = this.#preparation.input.analyses.get(name) as AnalysedModel;
    const { connection } = this.#options;
    const { source } = analysis;
    refuseTaken(source, this.#preparation);
    this.#throwIfHistoryGoes(name);
    await checkColumns(connection, source, await describeModel(connection, source));
    const reads = Object.fromEntries(analysis.reads.map((table) => [table, this.#content(table, name)!]));
    const swapped = await swapIn(this.#testContext(), {
      source,
      reason,
      parts: partsOf(analysis, this.#preparation.input.duckdb, reads),
      tables: analysis.reads,
      current: this.#preparation.relations.get(name),
      recorded: this.#preparation.input.recorded.get(name),
      fromNothing: this.#preparation.input.fullRefresh,
      tests: (columns) => this.#testsOf(analysis, columns),
    });
    this.#note(swapped.outcomes);
    if (!swapped.held) {
      const error = testsFailedError(source, swapped.outcomes, this.#preparation.relations.get(name));
      return { state: 'failed', rows: this.#rowsBefore(name), reason, error };
    }
    this.#built.set(name, swapped.content.hash);
    return { state: 'built', rows: Number(swapped.content.rows), reason: swapped.reason };
  }

  #testsOf({ source }: AnalysedModel, columns: readonly TableColumn[]): PlannedTest[] {
    const emptyText = planEmptyText(source, columns);
    return [...this.#testsAt(source.name), ...(emptyText === undefined ? [] : [emptyText])];
  }

  /** The table of an unchanged model stays; a test of it is run if the test is new, or anything else it reads changed. */
  async #testUnchanged(name: string): Promise<Outcome> {
    const rows = this.#rowsBefore(name);
    const outcomes = await testInPlace(
      this.#testContext(),
      this.#testsAt(name).filter((test) => this.#isStale(test)),
    );
    this.#note(outcomes);
    if (outcomes.every(holds)) return { state: 'skipped', rows, reason: 'unchanged' };
    const { source } = this.#preparation.input.analyses.get(name)!;
    return {
      state: 'failed',
      rows,
      reason: 'unchanged',
      error: testsFailedError(source, outcomes, this.#preparation.relations.get(name)),
    };
  }

  /** Tests that read no model, and files of tests/ that could not be read. */
  async finish(): Promise<void> {
    const { input, tests, brokenTests } = this.#preparation;
    for (const { test, error } of brokenTests) {
      const model = test.model ?? '';
      this.#tests.push({ name: test.name, model, state: 'failed', failures: 0, error });
    }
    if (input.selected.size < input.analyses.size) return;
    const free = tests.filter(({ gate }) => gate === undefined);
    for (const test of free) {
      try {
        this.#note(await testInPlace(this.#testContext(), [test]));
      } catch (error) {
        if (!(error instanceof WarehouseError) || error.kind === 'fault') throw error;
        this.#tests.push({ name: test.name, model: '', state: 'failed', failures: 0, error });
      }
    }
  }

  /** The tests to run when a model is in place; those that read what failed or was never built wait for the next run. */
  #testsAt(name: string): PlannedTest[] {
    const { tests, relations } = this.#preparation;
    const there = (table: string) => table === name || this.#built.has(table) || relations.has(table);
    return tests.filter(
      ({ gate, reads }) => gate === name && reads.every((table) => there(table) && !this.#isStopped(table)),
    );
  }

  #isStale(test: PlannedTest): boolean {
    if (test.sqlAt !== undefined) return true;
    const passed = this.#preparation.passed.get(testKey(shownModel(test), test.name));
    return passed !== testFingerprint(test, (table) => this.#content(table));
  }

  #isStopped(name: string): boolean {
    const state = this.#models.get(name)?.state;
    return state === 'failed' || state === 'blocked';
  }

  #throwIfHistoryGoes(name: string): void {
    const { input, relations } = this.#preparation;
    const { source } = input.analyses.get(name)!;
    const wasSnapshot = input.recorded.get(name)?.materialized === 'snapshot' && relations.has(name);
    if (!wasSnapshot || source.properties.materialized === 'snapshot') return;
    throw new WarehouseError({
      kind: 'usage',
      code: 'SNAPSHOT_HISTORY',
      message: `${name} is a snapshot, and its history could not be made again.`,
      place: { model: name, file: source.path },
      next: 'Give the new model another name, or drop the table in a client if its history is not wanted.',
    });
  }

  #content(table: string, model?: string): string | undefined {
    return this.#built.get(table) ?? this.#preparation.input.content(table, model);
  }

  #rowsBefore(name: string): number | undefined {
    const recorded = this.#preparation.input.recorded.get(name);
    return recorded && this.#preparation.relations.has(name) ? Number(recorded.rows) : undefined;
  }

  #testContext(): TestContext {
    const { connection, ledger, failuresDirectory, runId, clock, storeFailures = true, asOf = clock() } = this.#options;
    const content = (table: string) => this.#content(table);
    const failureNames = this.#failureNames;
    return { connection, ledger, failuresDirectory, runId, clock, storeFailures, now: asOf, content, failureNames };
  }

  #note(outcomes: readonly TestOutcome[]): void {
    for (const outcome of outcomes) this.#tests.push(testResult(outcome));
  }
}
