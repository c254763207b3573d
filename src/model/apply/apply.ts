import { mkdirSync } from 'node:fs';
import type { Clock } from '../../lib/clock.ts';
import { WarehouseError } from '../../lib/errors.ts';
import type { EventSink } from '../../lib/events.ts';
import { eachInTurn, type Turn } from '../../lib/in-turn.ts';
import type { Connection } from '../../store/connection.ts';
import { isOutOfMemory } from '../../store/error-class.ts';
import type { PlannedModel } from '../plan/plan.ts';
import { behindGate, type Preparation } from '../plan/prepare.ts';
import { type Connections, connectionsBeside, type Place } from './connections.ts';
import { Deal } from './deal.ts';
import { needsOf } from './needs.ts';
import type { RunResult } from './result.ts';
import { RunState } from './run-state.ts';
import { prepareSubjects } from './subjects.ts';
import { testInPlace } from './swap.ts';
import { type RunLedger, rememberedFailureNames, type TestContext } from './test-context.ts';

export interface ApplyOptions {
  readonly connection: Connection;
  /**
   * Another connection to the same instance, as the first is: models that do not need one another are made at the same
   * time. Where it is left out, they are made one after the other.
   */
  readonly connect?: Place;
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
  /** The command that asks the file, for people: `warehouse query` where it is left out. */
  readonly query?: string;
}

/** A sentence or two for people where nothing more may be made; undefined where all may. */
export type Gate = () => Promise<string | undefined>;

/**
 * Carries a plan out. One model that fails stops only what depends on it. Models are made as soon as what they need is;
 * what is recorded and told is so in the order of the plan, one model after the other. Where DuckDB runs out of memory
 * with several, those that are left are made one after the other.
 */
export async function applyPlan(
  preparation: Preparation,
  options: ApplyOptions,
): Promise<Pick<RunResult, 'models' | 'tests'>> {
  mkdirSync(options.failuresDirectory, { recursive: true });
  const { plan, input } = preparation;
  const isMadeBySubject = ({ name, action }: PlannedModel) =>
    action !== 'drop' && input.analyses.get(name)?.source.properties.by_subject !== undefined;
  if (plan.some(isMadeBySubject)) await prepareSubjects(options.connection);
  const connections = await connectionsBeside(options.connection, options.connect);
  try {
    return await new Run(preparation, options, connections).carryOut();
  } finally {
    connections.close();
  }
}

/** Whether DuckDB had no memory left, which models that are made one after the other share with nobody. */
function isForMemory(error: unknown): boolean {
  const said = error instanceof WarehouseError ? error.cause : error;
  return said instanceof Error && isOutOfMemory(said.message);
}

class Run {
  readonly #preparation: Preparation;
  readonly #options: ApplyOptions;
  readonly #connections: Connections;
  readonly #state: RunState;
  #failureNames: () => Promise<Set<string>>;

  constructor(preparation: Preparation, options: ApplyOptions, connections: Connections) {
    this.#preparation = preparation;
    this.#options = options;
    this.#connections = connections;
    this.#state = new RunState(preparation);
    this.#failureNames = rememberedFailureNames(options.connection);
  }

  async carryOut(): Promise<Pick<RunResult, 'models' | 'tests'>> {
    const { plan, input } = this.#preparation;
    this.#tellKept();
    const behind = behindGate(input.graph);
    const isBehind = ({ name, action }: PlannedModel) => action !== 'drop' && behind.has(name);
    await this.#deal(plan.filter((one) => !isBehind(one)));
    const stop = await this.#options.gate?.();
    await this.#deal(plan.filter(isBehind), stop);
    await this.#finish();
    return this.#state.result();
  }

  /** What was a snapshot and is no model any more is still there. */
  #tellKept(): void {
    const { input } = this.#preparation;
    for (const [name, { materialized }] of input.recorded) {
      if (input.analyses.has(name) || materialized !== 'snapshot' || !input.existing.has(name)) continue;
      const message = `${name} is no model any more: as a snapshot, whose history could not be made again, it was kept.`;
      const next = 'Put its file back, or drop the table in a client.';
      this.#options.events({ event: 'notice', code: 'SNAPSHOT_KEPT', message, next });
    }
  }

  /** @param stop why none of them may be made */
  async #deal(models: readonly PlannedModel[], stop?: string): Promise<void> {
    const { connection } = this.#options;
    const { places } = this.#connections;
    try {
      await this.#dealAt(places, models, stop);
    } catch (error) {
      if (places.length === 1 || !isForMemory(error)) throw error;
      // What a transaction had made that was rolled back is not there.
      this.#failureNames = rememberedFailureNames(connection);
      const left = models.filter(({ name }) => !this.#state.isDealtWith(name));
      await this.#dealAt([async () => connection], left, stop);
    }
  }

  async #dealAt(places: readonly Place[], models: readonly PlannedModel[], stop: string | undefined): Promise<void> {
    const needs = needsOf(this.#preparation);
    const { events, query = 'warehouse query' } = this.#options;
    await eachInTurn(models, { places, needs }, async (planned, place, turn) => {
      const context = this.#context(await place(), turn);
      await new Deal(this.#state, context, { events, query }).of(planned, stop);
    });
  }

  /** Tests that read no model, and files of tests/ that could not be read. */
  async #finish(): Promise<void> {
    const { input, tests, brokenTests } = this.#preparation;
    for (const { test, error } of brokenTests) {
      const model = test.model ?? '';
      this.#state.noteTest({ name: test.name, model, state: 'failed', failures: 0, error });
    }
    if (input.selected.size < input.analyses.size) return;
    const free = tests.filter(({ gate }) => gate === undefined);
    const context = this.#context(this.#options.connection, async () => {});
    for (const test of free) {
      try {
        this.#state.noteTests(await testInPlace(context, [test]));
      } catch (error) {
        if (!(error instanceof WarehouseError) || error.kind === 'fault') throw error;
        this.#state.noteTest({ name: test.name, model: '', state: 'failed', failures: 0, error });
      }
    }
  }

  #context(connection: Connection, turn: Turn): TestContext {
    const { ledger, failuresDirectory, runId, clock, storeFailures = true, asOf = clock() } = this.#options;
    return {
      connection,
      committed: this.#options.connection,
      turn,
      ledger,
      failuresDirectory,
      runId,
      clock,
      storeFailures,
      now: asOf,
      content: (table) => this.#state.content(table),
      failureNames: this.#failureNames,
    };
  }
}
