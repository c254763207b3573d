import { WarehouseError } from '../lib/errors.ts';
import { recordClassifications } from '../load/classification.ts';
import type { Delivered } from '../load/deliver.ts';
import { FileHashes } from '../load/file-hashes.ts';
import { completeState, loadDeliveries, tellLoaded, workOutState } from '../load/load.ts';
import { pendingDeliveries } from '../load/pending/pending.ts';
import { refuseUndeclaredStudies } from '../load/pending/undeclared.ts';
import { hasFailed, type ModelResult, type RunResult, type TestResult } from '../model/apply/result.ts';
import type { Validation } from '../model/apply/validation.ts';
import type { RunCommand } from '../model/plan/last-run.ts';
import type { Preparation } from '../model/plan/prepare.ts';
import { runModels } from '../model/run.ts';
import { runTests } from '../model/run-tests.ts';
import { gatherCells } from '../model/staged/cells.ts';
import { readCatalog } from '../model/table/catalog.ts';
import type { EngineName } from '../odm/xml/events.ts';
import { checkOutputPlaces } from '../project/output-places.ts';
import type { ModelSource, Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { writeRunArtifacts } from './artifacts/write.ts';
import { type Checks, checkArrivals, stopError, stopText } from './checks.ts';
import { checkClassification, holdAgainst, type Leaving } from './classification/check.ts';
import { type Classes, classify, type InPlace } from './classification/classify.ts';
import { classesOf, rememberHeld } from './classification/held.ts';
import { recordClassification } from './classification/record.ts';
import { recordColumnLineage } from './column-lineage.ts';
import { placeEditorSchemas } from './editor-schemas.ts';
import { type HandedOver, handOver } from './hand-over.ts';
import { runOptions } from './models.ts';
import { checkPublications } from './publication.ts';
import { defineOverDatasets, defineReconciliation } from './reconcile.ts';
import { beginRelease, checkWhole, type Released, release } from './release.ts';
import { checkSelection, type SelectOptions } from './selection.ts';
import { givenStamp } from './stamp.ts';
import { tellDbt } from './tell-dbt.ts';
import { tellDrift } from './tell-drift.ts';
import { tellUpstream } from './tell-upstream.ts';
import { counted, type TestCounts } from './test-counts.ts';
import { readUnread, rememberUnconverted, type Unread } from './unread.ts';
import {
  type Context,
  loadContext,
  newCorrelationId,
  type OpenOptions,
  vaultOf,
  type Warehouse,
  withWarehouse,
} from './warehouse.ts';

export interface LoadOptions extends OpenOptions {
  /** What reads XML. */
  readonly parser: EngineName;
  readonly acceptRemovals?: boolean;
}

/** What of tests is kept. */
export interface TestOptions {
  /** Whether rows that fail are kept; they are where it is left out. Where not, those kept before stay as they are. */
  readonly storeFailures?: boolean;
}

export interface RunChoice extends SelectOptions, TestOptions {
  /** Build all that is selected from nothing, changed or not. */
  readonly fullRefresh?: boolean;
}

export interface BuildOptions extends LoadOptions, RunChoice {
  /** Trust no file by what the file system says of it, hold all that is handed over against the record, and say so there. */
  readonly release?: boolean;
}

export interface BuildResult extends HandedOver {
  readonly deliveries: readonly Delivered[];
  readonly models: readonly ModelResult[];
  readonly tests: TestCounts;
  /** Of the models that have a second version. */
  readonly validations: readonly Validation[];
  readonly unread: Unread;
  readonly checks: Checks;
  /** Where it was to be a release, and became one. */
  readonly released?: Released;
  readonly ms: number;
}

/**
 * The whole way: load what is pending, run the models that changed, reconcile, export, publish. What fails keeps its
 * last good state; then nothing is exported or published, and `withheld` says so.
 */
export async function build(project: Project, options: BuildOptions, context: Context): Promise<BuildResult> {
  const started = context.clock().getTime();
  checkPublications(project);
  checkOutputPlaces(project);
  checkSelection(options);
  if (options.release) checkWhole(options);
  givenStamp();
  placeEditorSchemas(project);
  tellDbt(project.root, context.events);
  const one = { ...options, correlationId: newCorrelationId() };
  const { select, storeFailures } = options;
  const invocation = { runId: one.correlationId, at: context.clock(), select, storeFailures };
  const landing = { ...one, landing: true };
  const made = await withWarehouse(project, landing, context, async (warehouse) => {
    if (options.release) await beginRelease(warehouse);
    return loadPending(warehouse, options, async (deliveries) => {
      const run = await runSelected(warehouse, options, 'build');
      await tellDrift(warehouse.connection, project, deliveries, context.events);
      return { ...run, deliveries, unread: await readUnread(warehouse.connection) };
    });
  });
  const { deliveries, sources, result, unread, checks, classes, refusal } = made;
  const built = {
    models: sources,
    stale: result.stale,
    hasFailed: hasFailed([...result.models, ...result.tests]),
    stop: stopError(checks, project),
    refusal,
  };
  const handedOver = await handOver(project, one, context, built);
  const tests = counted(result);
  const isWhole = handedOver.withheld === undefined && tests.failed === 0;
  const released = options.release && isWhole ? await release(project, one, context) : {};
  const { models, validations } = result;
  const ms = context.clock().getTime() - started;
  writeRunArtifacts(project, result, deliveries, { ...invocation, command: 'build', ms, classes });
  return { deliveries, models, tests, validations, unread, checks, ...handedOver, ...released, ms };
}

export async function load(
  project: Project,
  options: LoadOptions,
  context: Context,
): Promise<Pick<BuildResult, 'deliveries' | 'unread' | 'checks' | 'ms'>> {
  const started = context.clock().getTime();
  const landing = { ...options, landing: true };
  const loaded = await withWarehouse(project, landing, context, async (warehouse) => {
    return loadPending(warehouse, options, async (deliveries) => {
      await defineReconciliation(warehouse.connection, project);
      await tellDrift(warehouse.connection, project, deliveries, context.events);
      const unread = await readUnread(warehouse.connection);
      return { deliveries, unread, checks: await checkArrivals(warehouse.connection, project) };
    });
  });
  return { ...loaded, ms: context.clock().getTime() - started };
}

export async function run(
  project: Project,
  options: RunChoice,
  context: Context,
): Promise<Pick<BuildResult, 'models' | 'tests' | 'validations' | 'checks' | 'ms'>> {
  const started = context.clock().getTime();
  const one = { ...options, correlationId: newCorrelationId() };
  const { select, storeFailures } = options;
  const invocation = { runId: one.correlationId, at: context.clock(), select, storeFailures };
  const { result, checks, classes, refusal } = await withWarehouse(project, one, context, async (warehouse) => {
    // Nothing may ever have been loaded: seeds need none of it.
    await workOutState(warehouse.connection);
    return runSelected(warehouse, options, 'run');
  });
  tellErrors([{ error: stopError(checks, project) }, { error: refusal }], context);
  const { models, validations } = result;
  const ms = context.clock().getTime() - started;
  writeRunArtifacts(project, result, [], { ...invocation, command: 'run', ms, classes });
  return { models, tests: counted(result), validations, checks, ms };
}

/** Runs the tests against what is built, whether or not anything changed. */
export async function test(
  project: Project,
  options: SelectOptions & TestOptions,
  context: Context,
): Promise<Pick<BuildResult, 'tests' | 'ms'>> {
  const started = context.clock().getTime();
  const tests = await withWarehouse(project, options, context, async (warehouse) => {
    // Unit tests need nothing that was loaded: only the views that tell which generated models there are.
    await workOutState(warehouse.connection);
    await gatherCells(warehouse.connection);
    const run = await runOptions(warehouse, options);
    return (await classified(warehouse, [], async (check) => ({ result: await runTests({ ...run, check }) }))).result;
  });
  tellErrors(tests, context);
  return { tests: counted({ tests, standing: [] }), ms: context.clock().getTime() - started };
}

/** Loads what is pending, and goes on with it. What has landed stays where something behind it fails, so it is told. */
async function loadPending<Result>(
  warehouse: Warehouse,
  options: LoadOptions & Pick<BuildOptions, 'release'>,
  goOn: (deliveries: readonly Delivered[]) => Promise<Result>,
): Promise<Result> {
  const { connection, project, context } = warehouse;
  await completeState(connection);
  const hashes = options.release ? new FileHashes() : await FileHashes.read(connection);
  const pending = await pendingDeliveries(connection, project, vaultOf(project), context.events, hashes);
  await hashes.save(connection);
  await rememberHeld(
    connection,
    project.sources.map(({ classification }) => classification),
  );
  const { parser, acceptRemovals = false } = options;
  if (pending.length > 0) await rememberUnconverted(connection);
  const loading = loadContext(warehouse, { parser, acceptRemovals });
  await recordClassifications(loading, project.sources);
  const delivered = await loadDeliveries(loading, pending);
  try {
    await refuseUndeclaredStudies(connection, project, 'What was pending is loaded; nothing was made of it.');
    await warehouse.landed();
    return await goOn(delivered);
  } catch (error) {
    tellLoaded(context.events, delivered);
    throw error;
  }
}

async function runSelected(
  warehouse: Warehouse,
  choice: RunChoice,
  command: RunCommand,
): Promise<Classified<RunResult> & { sources: readonly ModelSource[]; checks: Checks }> {
  const { connection, project, context } = warehouse;
  await gatherCells(connection);
  let checks!: Checks;
  const gate = async () => {
    checks = await checkArrivals(connection, project);
    return stopText(checks, project);
  };
  const options = await runOptions(warehouse, { ...choice, command });
  const leaving = command === 'build' ? (['publications', 'exports'] as const) : [];
  const done = await classified(warehouse, leaving, async (check) => {
    const result = await runModels({ ...options, check, gate });
    await recordColumnLineage(connection, options.models, result.preparation.macros);
    const isBuilt = result.models.some(({ state }) => state === 'built');
    return { result, ...(isBuilt && { now: await inPlaceAfter(connection, result) }) };
  });
  const { result } = done;
  await defineOverDatasets(connection);
  tellUpstream(result.upstream, choice, context.events);
  tellErrors([...result.models, ...result.tests], context);
  return { ...done, sources: options.models, checks };
}

async function inPlaceAfter(connection: Connection, { recorded }: RunResult): Promise<InPlace> {
  return { recorded, existing: new Set((await readCatalog(connection)).keys()) };
}

interface Classified<Result> {
  readonly result: Result;
  readonly classes: Classes;
  /** Why what was built may not leave, where only its columns have told that. */
  readonly refusal?: WarehouseError;
}

/**
 * Has how everything is classified worked out before models or tests are run, and writes it when they are. What was built
 * tells its columns, and may be more then than its SELECT has told.
 *
 * @param work gives what is in place `now`, where that has changed
 */
async function classified<Result>(
  { connection, project }: Warehouse,
  leaving: readonly Leaving[],
  work: (check: (preparation: Preparation) => Promise<void>) => Promise<{ result: Result; now?: InPlace }>,
): Promise<Classified<Result>> {
  let known!: { classes: Classes; preparation: Preparation };
  const { result, now } = await work(async (preparation) => {
    known = { classes: await checkClassification(connection, project, preparation, leaving), preparation };
    await rememberHeld(connection, classesOf(known.classes));
  });
  const { preparation } = known;
  const classes = now === undefined ? known.classes : await classify(connection, project, preparation, now);
  await recordClassification(connection, classes, preparation);
  try {
    if (now !== undefined) await holdAgainst(connection, project, preparation, classes, leaving);
    return { result, classes };
  } catch (error) {
    if (!(error instanceof WarehouseError) || error.kind !== 'usage') throw error;
    return { result, classes, refusal: error };
  }
}

/**
 * What is wrong with one model stops only what depends on it, so it is told beside the result; once, though a test that
 * could not be run stops its model too.
 */
function tellErrors(results: readonly Pick<TestResult, 'error'>[], { events }: Context): void {
  for (const error of new Set(results.map(({ error }) => error))) {
    if (error !== undefined) events({ event: 'error', error });
  }
}
