import { WarehouseError } from '../lib/errors.ts';
import { type Preparation, prepareRun } from '../model/plan/prepare.ts';
import { readStale, type StaleModel, staleText } from '../model/plan/stale.ts';
import { gatherCells } from '../model/staged/cells.ts';
import { checkOutputPlaces } from '../project/output-places.ts';
import type { ModelSource, Project } from '../project/project.ts';
import type { BuildResult } from './build.ts';
import { checkArrivals, stopError } from './checks.ts';
import { checkClassification } from './classification/check.ts';
import { datasetName, exportedModels, writeExports } from './exports.ts';
import { runOptions } from './models.ts';
import { isPartial, type SelectOptions, selectionFlags } from './selection.ts';
import { givenStamp } from './stamp.ts';
import { type Context, commandFor, isBuilt, notBuilt, withWarehouse } from './warehouse.ts';

/**
 * Exports what is built: every dataset of `exports:`, or those that are selected; then what was exported of others stays
 * where an export would write it again.
 *
 * @throws usage NOT_BUILT, SELECT_UNKNOWN, SELECT_AMBIGUOUS, EXPORT_SELECTION (nothing selected is exported); data
 * CHECKS_STOP; those of `checkClassification`; EXPORT_STALE where a dataset, or a model that it is made from, is not up to date; those of `writeExports`.
 */
export async function exportAll(
  project: Project,
  options: SelectOptions,
  context: Context,
): Promise<Pick<BuildResult, 'exports' | 'ms'>> {
  const started = context.clock().getTime();
  if (!isBuilt(project)) throw notBuilt(project);
  checkOutputPlaces(project);
  givenStamp();
  const exports = await withWarehouse(project, { ...options, exports: true }, context, async (warehouse) => {
    const { connection } = warehouse;
    const stop = stopError(await checkArrivals(connection, project), project);
    if (stop !== undefined) throw stop;
    await gatherCells(connection);
    const run = await runOptions(warehouse, options);
    const preparation = await prepareRun(run);
    const models = selectedDatasets(project, run.models, preparation, options);
    const stale = await readStale(connection, preparation, preparation.input.recorded);
    await checkClassification(connection, project, preparation, ['exports']);
    assertUpToDate(project, scopeOf(models, preparation), stale);
    if (!isPartial(options)) return writeExports(warehouse, models);
    return writeExports(warehouse, models, othersUpToDate(exportedModels(project, run.models), models, stale));
  });
  return { exports, ms: context.clock().getTime() - started };
}

function selectedDatasets(
  project: Project,
  models: readonly ModelSource[],
  { input }: Preparation,
  options: SelectOptions,
): ModelSource[] {
  const chosen = exportedModels(project, models).filter(({ name }) => input.selected.has(name));
  if (chosen.length > 0 || !isPartial(options)) return chosen;
  throw new WarehouseError({
    kind: 'usage',
    code: 'EXPORT_SELECTION',
    message: `Nothing of what is selected (${selectionFlags(options)}) is exported.`,
    place: project.locate(['exports', 'datasets']),
    next: `exports.datasets is ${project.exports.datasets.join(', ')}: select among these, or add to them.`,
  });
}

/** The datasets, and all that they are made from. */
function scopeOf(models: readonly ModelSource[], { input }: Preparation): Set<string> {
  return new Set(models.flatMap(({ name }) => [name, ...input.graph.ancestors(name)]));
}

/** Those that are not selected, nor have their name in the exports from one that is. */
function othersUpToDate(
  exported: readonly ModelSource[],
  selected: readonly ModelSource[],
  stale: readonly StaleModel[],
): ModelSource[] {
  const taken = new Set(selected.map(({ name }) => datasetName(name)));
  const old = new Set(stale.map(({ name }) => name));
  return exported.filter(({ name }) => !taken.has(datasetName(name)) && !old.has(name));
}

function assertUpToDate({ target }: Project, scope: ReadonlySet<string>, stale: readonly StaleModel[]): void {
  const found = stale.filter(({ name }) => scope.has(name));
  if (found.length === 0) return;
  throw new WarehouseError({
    kind: 'data',
    code: 'EXPORT_STALE',
    message: `Nothing was exported, because not all is up to date: ${staleText(found)}.`,
    next: `Run ${commandFor(target, 'build')} first.`,
  });
}
