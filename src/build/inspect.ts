import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import { gatherCells } from '../model/cells.ts';
import { compileModel } from '../model/compile.ts';
import { type Preparation, prepareRun } from '../model/prepare.ts';
import type { ModelSource, Project } from '../project/project.ts';
import { WarehouseFile } from '../store/warehouse-file.ts';
import type { SelectOptions } from './build.ts';
import { runOptions } from './models.ts';
import { type Context, type OpenOptions, withWarehouse } from './warehouse.ts';

/** The models, in the order in which they run. */
export async function list(
  project: Project,
  options: SelectOptions,
  context: Context,
): Promise<{ models: Record<string, string>[] }> {
  const models = await selectedModels(project, options, context, (model, { input }) => ({
    name: model.name,
    materialized: model.properties.materialized,
    origin: model.generated ? 'generated' : model.path,
    reads: input.graph.dependenciesOf(model.name).join(', '),
  }));
  return { models };
}

/** The SQL of the models as it would run. */
export async function compile(
  project: Project,
  options: SelectOptions,
  context: Context,
): Promise<{ models: { name: string; sql: string }[] }> {
  const models = await selectedModels(project, options, context, (model, { relations }) => ({
    name: model.name,
    sql: compileModel(model, relations.get(model.name)).join(';\n'),
  }));
  return { models };
}

/** Runs one SELECT against the working file, opened read-only. */
export async function query(
  project: Project,
  options: OpenOptions & { sql: string },
  _context: Context,
): Promise<{ columns: string[]; rows: unknown[][] }> {
  const path = join(project.root, project.target.workingFile);
  if (!existsSync(path)) throw notBuilt(project);
  const file = await WarehouseFile.open(path, { readOnly: true, threads: options.threads, allowedDirectories: [] });
  try {
    const connection = await file.connect();
    try {
      const reader = await connection.duck.runAndReadAll(options.sql);
      return { columns: reader.columnNames(), rows: reader.getRows() };
    } catch (error) {
      throw queryError(error);
    } finally {
      connection.close();
    }
  } finally {
    file.close();
  }
}

/** Empties target/. The record in .warehouse/ stays. */
export async function clean(project: Project): Promise<{ removed: string[] }> {
  const target = join(project.root, 'target');
  if (!existsSync(target)) return { removed: [] };
  const removed = readdirSync(target).sort();
  for (const name of removed) rmSync(join(target, name), { recursive: true });
  return { removed: removed.map((name) => `target/${name}`) };
}

async function selectedModels<Result>(
  project: Project,
  options: SelectOptions,
  context: Context,
  describe: (model: ModelSource, preparation: Preparation) => Result,
): Promise<Result[]> {
  if (!existsSync(join(project.root, project.target.workingFile))) throw notBuilt(project);
  return withWarehouse(project, options, context, async (warehouse) => {
    await warehouse.connection.transaction(() => gatherCells(warehouse.connection));
    const run = await runOptions(warehouse, options);
    const preparation = await prepareRun(run);
    const models = new Map(run.models.map((model) => [model.name, model]));
    const { order } = preparation.input.graph;
    return order
      .filter((name) => preparation.input.selected.has(name))
      .map((name) => describe(models.get(name) as ModelSource, preparation));
  });
}

function notBuilt(project: Project): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'NOT_BUILT',
    message: `${project.target.workingFile} does not exist yet.`,
    next: 'Run warehouse build (or warehouse load) first.',
  });
}

function queryError(error: unknown): WarehouseError {
  const message = error instanceof Error ? error.message : String(error);
  return new WarehouseError({ kind: 'usage', code: 'QUERY', message, next: 'Correct the SQL.', cause: error });
}
