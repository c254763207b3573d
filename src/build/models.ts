import type { RunCommand } from '../model/plan/last-run.ts';
import type { PlanOptions } from '../model/plan/prepare.ts';
import type { RunOptions } from '../model/run.ts';
import { cellsContent } from '../model/staged/cells.ts';
import { stagedModels } from '../model/staged/staged.ts';
import type { ModelSource } from '../project/project.ts';
import { seedsOf } from '../project/seeds.ts';
import { ownMacros } from '../store/sql-files.ts';
import { broughtBySource } from './brought.ts';
import { givenStamp } from './stamp.ts';
import { commandFor, type Warehouse } from './warehouse.ts';

/** The project's models, rules and second versions, and the generated ones whose place none of them takes; by name. */
export async function allModels({
  connection,
  project,
}: Pick<Warehouse, 'connection' | 'project'>): Promise<ModelSource[]> {
  const written = [...project.models, ...[...project.rules, ...project.qc].map(({ source }) => source)];
  const own = new Set(written.map((model) => model.name));
  const generated = (await stagedModels(connection)).filter((model) => !own.has(model.name));
  return [...generated, ...written].sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Choice {
  readonly select?: readonly string[];
  readonly exclude?: readonly string[];
  readonly fullRefresh?: boolean;
  /** Whether failing rows are kept; they are where it is left out. */
  readonly storeFailures?: boolean;
  /** For the record: run if absent. */
  readonly command?: RunCommand;
}

/** What a plan is made from. */
export async function planOptions(
  warehouse: Pick<Warehouse, 'connection' | 'project'>,
  { select, exclude, fullRefresh }: Choice,
): Promise<PlanOptions> {
  const { connection, project } = warehouse;
  const models = await allModels(warehouse);
  const groups = new Map(models.map((model) => [model.name, model.itemGroupOid]));
  const contents = await cellsContent(connection);
  return {
    connection,
    models,
    macros: [...ownMacros(), ...project.macros],
    tests: project.tests,
    qc: project.qc,
    variables: project.vars,
    seeds: await seedsOf(project),
    contentHash: async (table, model) => {
      if (model === undefined) return undefined;
      const group = table === 'staged._cells' ? groups.get(model) : undefined;
      return group === undefined ? undefined : (contents.get(group) ?? 'empty');
    },
    select,
    exclude,
    sources: () => broughtBySource(connection, project),
    fullRefresh,
  };
}

/** What the runner needs to plan and to build. */
export async function runOptions(warehouse: Warehouse, choice: Choice): Promise<RunOptions> {
  const { ledger, context, failuresDirectory, correlationId: runId } = warehouse;
  const connect = () => warehouse.connect();
  const { events, clock } = context;
  const { command, storeFailures } = choice;
  const plan = await planOptions(warehouse, choice);
  const asOf = givenStamp();
  const query = commandFor(warehouse.project.target, 'query');
  return { ...plan, connect, failuresDirectory, events, clock, ledger, storeFailures, asOf, query, runId, command };
}
