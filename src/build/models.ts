import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cellsContent } from '../model/cells.ts';
import type { RunOptions } from '../model/run.ts';
import { stagedModels } from '../model/staged.ts';
import type { ModelSource, SqlFile } from '../project/project.ts';
import { SQL_DIRECTORY, sqlFiles } from '../store/warehouse-file.ts';
import type { Warehouse } from './warehouse.ts';

/** The project's models, and the generated ones whose place none of them takes; by name. */
export async function allModels({ connection, project }: Warehouse): Promise<ModelSource[]> {
  const own = new Set(project.models.map((model) => model.name));
  const generated = (await stagedModels(connection)).filter((model) => !own.has(model.name));
  return [...generated, ...project.models].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What the runner needs to plan and to build. */
export async function runOptions(
  warehouse: Warehouse,
  options: { select?: readonly string[]; full?: boolean },
): Promise<RunOptions> {
  const { connection, project, context, failuresDirectory, correlationId } = warehouse;
  const models = await allModels(warehouse);
  const groups = new Map(models.filter((model) => model.generated).map((model) => [model.name, groupOf(model)]));
  const contents = await cellsContent(connection);
  return {
    connection,
    models,
    macros: [...ownMacros(), ...project.macros],
    tests: project.tests,
    contentHash: async (table, model) => {
      if (model === undefined) return undefined;
      const group = table === 'staged._cells' ? groups.get(model) : undefined;
      return group === undefined ? undefined : (contents.get(group) ?? 'empty');
    },
    select: options.select,
    full: options.full,
    failuresDirectory,
    events: context.events,
    clock: context.clock,
    runId: correlationId,
  };
}

/** The item group that a generated model picks from staged._cells. */
function groupOf(model: ModelSource): string | undefined {
  const found = /FROM staged\._cells WHERE item_group_oid = '((?:[^']|'')*)'/.exec(model.sql);
  return found?.[1].replaceAll("''", "'");
}

/** Macros that come with the warehouse. */
export function ownMacros(): SqlFile[] {
  return sqlFiles('macros').map((path) => ({
    name: basename(path, '.sql'),
    path: `sql/${path}`,
    sql: readFileSync(join(SQL_DIRECTORY, path), 'utf8'),
  }));
}
