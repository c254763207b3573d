import { WarehouseError } from '../../lib/errors.ts';
import type { EventSink } from '../../lib/events.ts';
import type { TableColumn } from '../../store/describe.ts';
import type { AnalysedModel } from '../plan/analyse.ts';
import { type PlannedModel, partsOf, reasonToBuild } from '../plan/plan.ts';
import { testKey } from '../plan/record.ts';
import { checkColumns, describeModel } from '../table/columns.ts';
import { holds } from '../test/failures.ts';
import { type PlannedTest, planEmptyText } from '../test/test-plan.ts';
import { dropModel } from './drop.ts';
import { refuseTaken } from './name-taken.ts';
import type { ModelResult } from './result.ts';
import type { RunState } from './run-state.ts';
import { swapIn, testInPlace } from './swap.ts';
import type { TestContext } from './test-context.ts';
import { type Left, testsFailedError, unitTestsFailedError } from './tests-failed.ts';
import { runUnitTests } from './unit-tests.ts';

type Outcome = Omit<ModelResult, 'name' | 'ms'> & { readonly content?: string };

/** Deals with one model of a plan: decides, builds or not, tests. What comes of it is noted, recorded and told in its turn. */
export class Deal {
  readonly #state: RunState;
  readonly #context: TestContext;
  readonly #events: EventSink;
  readonly #query: string;
  /** How long it waited for its turn, in milliseconds. */
  #waited = 0;

  /** @param told `query` as of `ApplyOptions` */
  constructor(state: RunState, context: TestContext, told: { readonly events: EventSink; readonly query: string }) {
    this.#state = state;
    this.#context = { ...context, turn: () => this.#waitFor(context) };
    this.#events = told.events;
    this.#query = told.query;
  }

  /**
   * @param stop why it may not be made, whatever it is
   * @throws faults; what is wrong with the model or its data is noted
   */
  async of(planned: PlannedModel, stop?: string): Promise<void> {
    const { clock, turn } = this.#context;
    const { name } = planned;
    const start = clock().getTime();
    this.#events({ event: 'step', step: 'model', state: 'start', label: name });
    const outcome = await this.#outcome(planned, stop).catch((error: unknown): Outcome => {
      if (!(error instanceof WarehouseError) || error.kind === 'fault') throw error;
      return { state: 'failed', rows: this.#state.rowsBefore(name), reason: error.code, error };
    });
    await turn();
    const ms = clock().getTime() - start - this.#waited;
    const state = outcome.state === 'skipped' ? 'skip' : 'end';
    this.#events({ event: 'step', step: 'model', state, label: name, reason: outcome.reason, ms });
    const { content, ...result } = outcome;
    this.#state.noteModel({ name, ms, ...result }, content);
    if (outcome.state === 'failed') await this.#recordFailure(name, outcome);
  }

  async #waitFor({ clock, turn }: TestContext): Promise<void> {
    const since = clock().getTime();
    await turn();
    this.#waited += clock().getTime() - since;
  }

  /** There is no transaction that it could be part of: the one that failed was rolled back. */
  async #recordFailure(name: string, { reason, error }: Outcome): Promise<void> {
    const { ledger, runId: correlationId } = this.#context;
    const meta = { code: error?.code ?? null };
    await ledger?.append([{ action: 'model.failure', object: name, reason, correlationId, meta, effect: 'done' }]);
  }

  async #outcome(planned: PlannedModel, stop?: string): Promise<Outcome> {
    const { name, action, reason, error: broken } = planned;
    if (action === 'drop') return this.#drop(name, reason);
    const rows = this.#state.rowsBefore(name);
    if (stop !== undefined) return { state: 'blocked', rows, reason: stop };
    if (broken !== undefined) throw broken;
    const blocked = this.#state.whyBlocked(planned);
    if (blocked !== undefined) return { state: 'blocked', rows, reason: blocked };
    if (action === 'blocked') return { state: 'blocked', rows, reason };
    this.#throwIfTestIsBroken(name);
    const now = reasonToBuild(name, this.#state.preparation.input, (table) => this.#state.content(table, name));
    const error = await this.#unitTest(name);
    if (error !== undefined) return { state: 'failed', rows, reason: now ?? 'unchanged', error };
    if (now !== undefined) return this.#build(name, now);
    return this.#testUnchanged(name);
  }

  async #drop(name: string, reason: string): Promise<Outcome> {
    const { input, relations } = this.#state.preparation;
    await dropModel(this.#context, { name, reason }, relations.get(name), input.recorded.get(name)!);
    const message = `${name} is no model any more (${reason}): what was built of it was dropped.`;
    this.#events({ event: 'notice', code: 'MODEL_DROPPED', message });
    return { state: 'dropped', rows: undefined, reason };
  }

  #throwIfTestIsBroken(name: string): void {
    const broken = this.#state.preparation.brokenTests.find(({ test }) => test.model === name);
    if (broken !== undefined) throw broken.error;
  }

  /** Runs the unit tests of a model that have not passed as they are now: the error of those that fail. */
  async #unitTest(name: string): Promise<WarehouseError | undefined> {
    const { unitTests, passed, input } = this.#state.preparation;
    const own = unitTests.filter(({ gate }) => gate === name);
    const outcomes = await runUnitTests(this.#context, own, (test) => passed.get(testKey(name, test.name)));
    this.#state.noteTests(outcomes);
    if (outcomes.every(holds)) return undefined;
    return unitTestsFailedError(input.analyses.get(name)!.source, outcomes, this.#left(name));
  }

  async #build(name: string, reason: string): Promise<Outcome> {
    const { preparation } = this.#state;
    const { input, relations } = preparation;
    const analysis = input.analyses.get(name) as AnalysedModel;
    const { connection } = this.#context;
    const { source } = analysis;
    refuseTaken(source, preparation);
    await checkColumns(connection, source, await describeModel(connection, source));
    const reads = Object.fromEntries(analysis.reads.map((table) => [table, this.#state.content(table, name)!]));
    const swapped = await swapIn(this.#context, {
      source,
      reason,
      parts: partsOf(analysis, input.duckdb, reads),
      tables: analysis.reads,
      current: relations.get(name),
      recorded: input.recorded.get(name),
      fromNothing: input.fullRefresh,
      tests: (columns) => this.#testsOf(analysis, columns),
    });
    this.#state.noteTests(swapped.outcomes);
    if (!swapped.held) {
      const error = testsFailedError(source, swapped.outcomes, this.#left(name));
      return { state: 'failed', rows: this.#state.rowsBefore(name), reason, error };
    }
    const { rows, hash } = swapped.content;
    return { state: 'built', rows: Number(rows), reason: swapped.reason, content: hash };
  }

  #testsOf({ source }: AnalysedModel, columns: readonly TableColumn[]): PlannedTest[] {
    const emptyText = planEmptyText(source, columns);
    return [...this.#state.testsAt(source.name), ...(emptyText === undefined ? [] : [emptyText])];
  }

  /** The table of an unchanged model stays; a test of it is run if the test is new, or anything else it reads changed. */
  async #testUnchanged(name: string): Promise<Outcome> {
    const rows = this.#state.rowsBefore(name);
    const stale = this.#state.testsAt(name).filter((test) => this.#state.isStale(test));
    const outcomes = await testInPlace(this.#context, stale);
    this.#state.noteTests(outcomes);
    if (outcomes.every(holds)) return { state: 'skipped', rows, reason: 'unchanged' };
    const { input } = this.#state.preparation;
    const error = testsFailedError(input.analyses.get(name)!.source, outcomes, this.#left(name));
    return { state: 'failed', rows, reason: 'unchanged', error };
  }

  /** What a failure of a model leaves a person with. */
  #left(name: string): Left {
    return { inPlace: this.#state.preparation.relations.get(name), query: this.#query };
  }
}
