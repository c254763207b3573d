import { type Clock, systemClock } from '../lib/clock.ts';
import { type EventSink, silent } from '../lib/events.ts';
import type { Connection } from '../store/connection.ts';
import { applyPlan, type Gate } from './apply/apply.ts';
import { recordRun } from './apply/record-run.ts';
import type { RunResult } from './apply/result.ts';
import { retireTests } from './apply/retire-tests.ts';
import { readStanding } from './apply/standing.ts';
import type { RunLedger } from './apply/test-context.ts';
import { recordValidations } from './apply/validation.ts';
import type { RunCommand } from './plan/last-run.ts';
import { type PlanOptions, type Preparation, prepareRun } from './plan/prepare.ts';
import { dropLeftovers, prepareRecord, readRecord } from './plan/record.ts';
import { readStale, staleUpstream } from './plan/stale.ts';
import { setVariables, type Variables } from './reading/variables.ts';
import { readCatalog } from './table/catalog.ts';

export interface RunOptions extends PlanOptions {
  /** Absolute path that the instance may write to. Failing rows pass through it: `emptyFailures` is for what a run leaves that fails. */
  readonly failuresDirectory: string;
  /** As of `applyPlan`; it is given the variables. */
  readonly connect?: () => Promise<Connection>;
  readonly events?: EventSink;
  readonly clock?: Clock;
  /** Is told of each model within the transaction that puts it in place or takes it away. */
  readonly ledger?: RunLedger;
  /** Is asked before anything is built, and throws where nothing may be. */
  readonly check?: (preparation: Preparation) => Promise<void>;
  /** As of `applyPlan`. */
  readonly gate?: Gate;
  /** What the age of data is measured against; the clock where it is left out. */
  readonly asOf?: Date;
  /** As of `applyPlan`. */
  readonly query?: string;
  /** Stands in the record of what was built and tested. */
  readonly runId: string;
  /** What was asked for, in the record of what it came to: run if absent. */
  readonly command?: RunCommand;
}

/**
 * Builds the models that changed, in order, each with its tests. What is wrong with a model or its data is in the
 * result; only what depends on it is blocked.
 *
 * @throws as `prepareRun` and `check`; faults, after which the next run finds either the old table or the new one.
 */
export async function runModels(options: RunOptions): Promise<RunResult> {
  const { connection, runId, command = 'run', clock = systemClock } = options;
  const started = clock();
  await prepareRecord(connection);
  await dropLeftovers(connection);
  const preparation = await prepareRun(options);
  await options.check?.(preparation);
  await retireTests(connection, preparation, { runId, at: clock() });
  const connect = options.connect && (() => connectWithVariables(options.connect!, options.variables));
  const done = await applyPlan(preparation, { events: silent, clock: systemClock, ...options, connect });
  await recordRun(connection, { ...options, command, started, ended: clock() }, done);
  const recorded = await readRecord(connection, await readCatalog(connection));
  const standing = await readStanding(connection, preparation, recorded, done.tests);
  const by = { runId, at: clock() };
  const validations = await recordValidations(connection, preparation, recorded, options.qc ?? [], by);
  const stale = await readStale(connection, preparation, recorded);
  return {
    ...done,
    preparation,
    recorded,
    standing,
    validations,
    stale,
    upstream: staleUpstream(stale, preparation.input),
  };
}

/** Variables are those of a connection. */
async function connectWithVariables(
  connect: () => Promise<Connection>,
  variables: Variables = {},
): Promise<Connection> {
  const connection = await connect();
  try {
    await setVariables(connection, variables);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}
