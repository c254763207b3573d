import type { Delivered } from '../load/deliver.ts';
import { loadDeliveries } from '../load/load.ts';
import { pendingDeliveries } from '../load/pending.ts';
import { gatherCells } from '../model/cells.ts';
import type { ModelResult, RunResult, TestResult } from '../model/result.ts';
import { runModels } from '../model/run.ts';
import { runTests } from '../model/run-tests.ts';
import type { Project } from '../project/project.ts';
import { writeExports } from './exports.ts';
import { runOptions } from './models.ts';
import { publishAndRecord } from './publish.ts';
import { defineReconciliation } from './reconcile.ts';
import { type Context, loadContext, type OpenOptions, type Warehouse, withWarehouse } from './warehouse.ts';

export interface LoadOptions extends OpenOptions {
  readonly parser: 'tokenizer' | 'sax';
  readonly acceptRemovals?: boolean;
}

export interface SelectOptions extends OpenOptions {
  readonly select: readonly string[];
}

export interface BuildResult {
  readonly deliveries: readonly Delivered[];
  readonly models: readonly ModelResult[];
  readonly tests: { passed: number; warned: number; failed: number };
  readonly exports: readonly { path: string; rows: number }[];
  readonly publications: readonly { name: string; path: string }[];
  readonly ms: number;
}

/**
 * The whole way: load what is pending, run the models that changed, reconcile, export, publish. What fails keeps its
 * last good state; then nothing is exported or published.
 */
export async function build(
  project: Project,
  options: LoadOptions & SelectOptions,
  context: Context,
): Promise<BuildResult> {
  const started = context.clock().getTime();
  const built = await withWarehouse(project, options, context, async (warehouse) => {
    const deliveries = await loadPending(warehouse, options);
    const result = await runSelected(warehouse, options.select);
    const exports = succeeded(result) ? await writeExports(warehouse) : [];
    return { deliveries, result, exports };
  });
  const { deliveries, result, exports } = built;
  const publications = succeeded(result) ? await publishAndRecord(project, options, context) : [];
  return {
    deliveries,
    models: result.models,
    tests: counted(result.tests),
    exports: exports.map(({ path, rows }) => ({ path: `${project.exports.directory}/${path}`, rows })),
    publications,
    ms: context.clock().getTime() - started,
  };
}

export async function load(
  project: Project,
  options: LoadOptions,
  context: Context,
): Promise<Pick<BuildResult, 'deliveries' | 'ms'>> {
  const started = context.clock().getTime();
  const deliveries = await withWarehouse(project, options, context, (warehouse) => loadPending(warehouse, options));
  return { deliveries, ms: context.clock().getTime() - started };
}

export async function run(
  project: Project,
  options: SelectOptions,
  context: Context,
): Promise<Pick<BuildResult, 'models' | 'tests' | 'ms'>> {
  const started = context.clock().getTime();
  const result = await withWarehouse(project, options, context, (warehouse) => runSelected(warehouse, options.select));
  return { models: result.models, tests: counted(result.tests), ms: context.clock().getTime() - started };
}

/** Runs the tests against what is built, whether or not anything changed. */
export async function test(
  project: Project,
  options: SelectOptions,
  context: Context,
): Promise<{ tests: { name: string; model: string; state: TestResult['state']; rows: number }[] }> {
  const tests = await withWarehouse(project, options, context, async (warehouse) => {
    await gatherCells(warehouse.connection);
    return runTests(await runOptions(warehouse, options));
  });
  return { tests: tests.map(({ name, model, state, failures }) => ({ name, model, state, rows: failures })) };
}

export async function exportAll(
  project: Project,
  options: SelectOptions,
  context: Context,
): Promise<Pick<BuildResult, 'exports' | 'ms'>> {
  const started = context.clock().getTime();
  const files = await withWarehouse(project, options, context, (warehouse) => writeExports(warehouse, options.select));
  const exports = files.map(({ path, rows }) => ({ path: `${project.exports.directory}/${path}`, rows }));
  return { exports, ms: context.clock().getTime() - started };
}

async function loadPending(warehouse: Warehouse, options: LoadOptions): Promise<Delivered[]> {
  const { connection, project, context } = warehouse;
  const pending = await pendingDeliveries(connection, project, context.events);
  const { parser, acceptRemovals = false } = options;
  return loadDeliveries(loadContext(warehouse, { parser, acceptRemovals }), pending);
}

async function runSelected(warehouse: Warehouse, select: readonly string[]): Promise<RunResult> {
  const { connection, project, ledger, correlationId, context } = warehouse;
  await connection.transaction(() => gatherCells(connection));
  const result = await runModels(await runOptions(warehouse, { select }));
  await defineReconciliation(connection, supplemental(project));
  // What is wrong with one model stops only what depends on it, so it is told beside the result.
  for (const { error } of [...result.models, ...result.tests]) {
    if (error !== undefined) context.events({ event: 'error', error });
  }
  await ledger.append(
    result.models
      .filter((model) => model.state === 'built' || model.state === 'failed')
      .map(({ name, state, rows, reason }) => ({
        action: state === 'built' ? 'model.build' : 'model.failure',
        object: name,
        reason,
        correlationId,
        meta: { rows: Number(rows ?? 0) },
        effect: 'done' as const,
      })),
  );
  return result;
}

/** The datasets of supplemental qualifiers. */
function supplemental({ models }: Project): ReadonlySet<string> {
  return new Set(models.filter(({ properties }) => properties.supp !== undefined).map(({ name }) => name));
}

function succeeded({ models, tests }: RunResult): boolean {
  return (
    models.every(({ state }) => state === 'built' || state === 'skipped') &&
    tests.every(({ state }) => state !== 'failed')
  );
}

function counted(tests: readonly TestResult[]): BuildResult['tests'] {
  const count = (state: TestResult['state']) => tests.filter((test) => test.state === state).length;
  return { passed: count('passed'), warned: count('warned'), failed: count('failed') };
}
