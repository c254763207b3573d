import { isBroken } from '../model/plan/analyse.ts';
import { type Preparation, prepareRun } from '../model/plan/prepare.ts';
import { variableStatement } from '../model/reading/variables.ts';
import { statementText } from '../model/sql/lexer.ts';
import type { ModelSource, Project } from '../project/project.ts';
import { planOptions } from './models.ts';
import type { SelectOptions } from './selection.ts';
import { withStandIn } from './stand-in.ts';
import { type Context, isBuilt, notBuilt } from './warehouse.ts';

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

/** The SELECT of each model, both where it has two, and the variables that it reads, as statements that end in a semicolon. */
export async function compile(
  project: Project,
  options: SelectOptions,
  context: Context,
): Promise<{ models: { name: string; sql: string }[] }> {
  const models = await selectedModels(project, options, context, (model, { input }) => {
    const analysis = input.analyses.get(model.name)!;
    const variables = isBroken(analysis) ? [] : Object.keys(analysis.variables);
    const set = variables.map((name) => variableStatement(name, project.vars[name]));
    const increment = model.incremental && `-- where its table is there:\n${statementText(model.incremental.sql)}`;
    const statements = [...set, statementText(model.sql), ...(increment === undefined ? [] : [increment])];
    return { name: model.name, sql: statements.map((statement) => `${statement};`).join('\n') };
  });
  return { models };
}

async function selectedModels<Result>(
  project: Project,
  options: SelectOptions,
  context: Context,
  describe: (model: ModelSource, preparation: Preparation) => Result,
): Promise<Result[]> {
  if (!isBuilt(project)) throw notBuilt(project);
  return withStandIn(project, { ...options, ahead: false }, context, async (standIn) => {
    const run = await planOptions(standIn, options);
    const preparation = await prepareRun(run);
    const models = new Map(run.models.map((model) => [model.name, model]));
    const { order } = preparation.input.graph;
    return order
      .filter((name) => preparation.input.selected.has(name))
      .map((name) => describe(models.get(name) as ModelSource, preparation));
  });
}
