import type { WarehouseError } from '../lib/errors.ts';
import { isBroken } from '../model/plan/analyse.ts';
import { type Preparation, prepareRun } from '../model/plan/prepare.ts';
import { variableStatement } from '../model/reading/variables.ts';
import { statementText } from '../model/sql/lexer.ts';
import type { ModelSource, Project } from '../project/project.ts';
import { planOptions } from './models.ts';
import type { SelectOptions } from './selection.ts';
import { withStandIn } from './stand-in.ts';
import type { Context } from './warehouse.ts';

/** The models, in the order in which they run; before anything was built, those that pending deliveries would bring too. */
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

/** What is wrong with a file that holds no single SELECT. */
const NO_SELECT: ReadonlySet<string> = new Set([
  'MODEL_SQL',
  'MODEL_EMPTY',
  'MODEL_TWO_STATEMENTS',
  'MODEL_NOT_SELECT',
]);

/**
 * The SELECT of each model, both where it has two, and the variables that it reads, as statements that end in a semicolon.
 * What is no single SELECT is a comment. Errors of models are told as events.
 */
export async function compile(
  project: Project,
  options: SelectOptions,
  context: Context,
): Promise<{ models: { name: string; sql: string }[]; errors: readonly WarehouseError[] }> {
  const errors: WarehouseError[] = [];
  const models = await selectedModels(project, options, context, (model, { input }) => {
    const analysis = input.analyses.get(model.name)!;
    if (isBroken(analysis)) {
      errors.push(analysis.error);
      if (NO_SELECT.has(analysis.error.code)) return { name: model.name, sql: asComment(model.sql) };
    }
    const variables = isBroken(analysis) ? [] : Object.keys(analysis.variables);
    const set = variables.map((name) => variableStatement(name, project.vars[name]));
    const increment = model.incremental && `-- where its table is there:\n${statementText(model.incremental.sql)}`;
    const statements = [...set, statementText(model.sql), ...(increment === undefined ? [] : [increment])];
    return { name: model.name, sql: statements.map((statement) => `${statement};`).join('\n') };
  });
  for (const error of errors) context.events({ event: 'error', error });
  return { models, errors };
}

const asComment = (sql: string) => sql.trimEnd().replace(/^/gm, '-- ');

async function selectedModels<Result>(
  project: Project,
  options: SelectOptions,
  context: Context,
  describe: (model: ModelSource, preparation: Preparation) => Result,
): Promise<Result[]> {
  return withStandIn(project, { ...options, ahead: false }, context, async (standIn) => {
    // Which tables there will be is not known: a build would stop there.
    if (standIn.refusal) throw standIn.refusal.error;
    const run = await planOptions(standIn, options);
    const preparation = await prepareRun(run);
    const models = new Map(run.models.map((model) => [model.name, model]));
    const { order } = preparation.input.graph;
    return order
      .filter((name) => preparation.input.selected.has(name))
      .map((name) => describe(models.get(name) as ModelSource, preparation));
  });
}
