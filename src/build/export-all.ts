import { WarehouseError } from '../lib/errors.ts';
import { type Preparation, prepareRun } from '../model/plan/prepare.ts';
import { readStale, type StaleModel, staleText } from '../model/plan/stale.ts';
import { gatherCells } from '../model/staged/cells.ts';
import { isExternal } from '../project/external.ts';
import { datasetName } from '../project/model-name.ts';
import { checkOutputPlaces } from '../project/output-places.ts';
import type { ModelSource, Project } from '../project/project.ts';
import type { BuildResult } from './build.ts';
import { checkArrivals, stopError } from './checks.ts';
import { checkClassification } from './classification/check.ts';
import { exportedModels, writeExports } from './exports.ts';
import { writeExternals } from './externals.ts';
import { runOptions } from './models.ts';
import { isPartial, type SelectOptions, selectionFlags } from './selection.ts';
import { givenStamp } from './stamp.ts';
import { type Context, commandFor, isBuilt, notBuilt, withWarehouse } from './warehouse.ts';

/**
 * Exports what is built: every dataset of `exports:` and the file of every external model, or those that are selected;
 * then what was exported of others stays where an export would write it again.
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
    const chosen = selectedModels(project, run.models, preparation, options);
    const exported = exportedModels(project, run.models);
    const models = chosen.filter((model) => exported.includes(model));
    const stale = await readStale(connection, preparation, preparation.input.recorded);
    await checkClassification(connection, project, preparation, ['exports']);
    assertUpToDate(project, scopeOf(chosen, preparation), stale);
    const others = isPartial(options) ? othersUpToDate(exported, models, stale) : undefined;
    const isAsked = models.length > 0 || others === undefined;
    const files = isAsked ? await writeExports(warehouse, models, others) : [];
    return [...files, ...(await writeExternals(warehouse, chosen.filter(isExternal)))];
  });
  return { exports, ms: context.clock().getTime() - started };
}

/** The datasets and external models that are selected. */
function selectedModels(
  project: Project,
  models: readonly ModelSource[],
  { input }: Preparation,
  options: SelectOptions,
): ModelSource[] {
  const exported = new Set(exportedModels(project, models));
  const leaving = models.filter((model) => exported.has(model) || isExternal(model));
  const chosen = leaving.filter(({ name }) => input.selected.has(name));
  if (chosen.length > 0 || !isPartial(options)) return chosen;
  throw new WarehouseError({
    kind: 'usage',
    code: 'EXPORT_SELECTION',
    message: `Nothing of what is selected (${selectionFlags(options)}) is exported.`,
    place: project.locate(['exports', 'datasets']),
    next: `exports.datasets is ${project.exports.datasets.join(', ')}: select among these, or add to them; external models are exported too.`,
  });
}

/** What is exported, and all that it is made from. */
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
