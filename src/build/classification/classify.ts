import { type Cell, highest, UNCLASSIFIED } from '../../model/classification/cell.ts';
import {
  ANY_TABLE,
  type ClassifiedModel,
  type Outside,
  ofWhole,
  propagate,
  type TracedModel,
} from '../../model/classification/propagate.ts';
import type { ReadingModel } from '../../model/classification/trace.ts';
import { isBroken } from '../../model/plan/analyse.ts';
import type { Preparation } from '../../model/plan/prepare.ts';
import { outdated } from '../../model/plan/stale.ts';
import type { ModelSource, Project } from '../../project/project.ts';
import type { ModelProperties } from '../../project/properties.ts';
import type { Connection } from '../../store/connection.ts';
import { readConditions } from './conditions.ts';
import { withFormerRows } from './former.ts';
import { type Remembered, readRemembered } from './remembered.ts';
import { readSourceClasses, type SourceClasses } from './sources.ts';

/** How everything in the working file is classified, as the project is now. */
export interface Classes extends SourceClasses {
  /** What is left of runs before. */
  readonly remembered: Remembered;
  /** The models that have to do with anything that is classified, in order of building. */
  readonly models: ReadonlyMap<string, ClassifiedModel>;
  /** The conditions of publications: their rows are what they choose by. */
  readonly conditions: ReadonlyMap<string, ClassifiedModel>;
}

/** What the record says of the tables that there are, and which there are. */
export type InPlace = Pick<Preparation['input'], 'recorded' | 'existing'>;

/**
 * How the columns of the models are classified that anything classified comes to, by their SELECTs as they are now, built
 * or not; of one that is built as it is, by the columns that DuckDB has given it too. Of a project in which nothing is
 * classified, nothing is read for it.
 *
 * @param inPlace what is in place when that is asked; what was when it was prepared, where it is left out
 */
export async function classify(
  connection: Connection,
  project: Project,
  preparation: Preparation,
  inPlace: InPlace = preparation.input,
): Promise<Classes> {
  const { input, macros } = preparation;
  const stale = outdated({ ...input, ...inPlace });
  const all = input.graph.order.map((name): ReadingModel => {
    const analysis = input.analyses.get(name)!;
    // Of what cannot be understood nothing is built: what it reads is not known.
    if (isBroken(analysis)) return { source: analysis.source, reads: [] };
    const reads = [...analysis.reads, ...Object.keys(analysis.seeds), ...(analysis.hides ? [ANY_TABLE] : [])];
    return { source: analysis.source, reads, isBuilt: !stale.has(name) };
  });
  const remembered = await readRemembered(connection);
  const declared = await readSourceClasses(
    connection,
    project,
    all.map(({ source }) => source),
  );
  const any = highest([declared.all, ...all.map(({ source }) => saidOf(source)), remembered.any]);
  const known = withRemembered(declared, remembered, input);
  const outside: Outside = (table, ...of) =>
    table === ANY_TABLE ? { ...any, name: 'any table', from: any } : known(table, ...of);
  const sources = { ...declared, remembered, outside };
  const former = remembered.isEmpty ? NO_MODELS : await withFormerRows(connection, preparation);
  const reached = reachedBy(all, sources, former);
  if (reached.size === 0) return { ...sources, models: new Map(), conditions: new Map() };
  const needed = new Set([...reached].flatMap((name) => [name, ...input.graph.dependenciesOf(name)]));
  for (const name of [...needed]) for (const above of input.graph.ancestors(name)) needed.add(above);
  const { openReader } = await import('../../model/lineage/reader.ts');
  const { traceModels } = await import('../../model/classification/trace.ts');
  const isWhole = ({ source }: ReadingModel) => !isBroken(input.analyses.get(source.name)!);
  const wanted = all.filter((model) => needed.has(model.source.name) && isWhole(model));
  const conditions = (await readConditions(connection, project, { input, macros })).filter(({ reads }) =>
    reads.some((table) => reached.has(table) || !input.analyses.has(table)),
  );
  const traced = await traceModels(await openReader(connection, macros), [...wanted, ...conditions]);
  const standing = traced.map((model): TracedModel => {
    return former.has(model.name) ? { ...model, former: (column) => remembered.before(model.name, column) } : model;
  });
  const classified = [...propagate(standing, sources.outside)];
  const isModel = ([name]: readonly [string, unknown]) => input.analyses.has(name);
  const models = new Map(classified.filter(isModel));
  return { ...sources, models, conditions: new Map(classified.filter((one) => !isModel(one))) };
}

const NO_MODELS: ReadonlySet<string> = new Set();

/** The models that declare anything, hold rows of former SELECTs that were classified, or read what is classified, at any distance. */
function reachedBy(
  models: readonly ReadingModel[],
  { outside, remembered }: SourceClasses & Pick<Classes, 'remembered'>,
  former: ReadonlySet<string>,
): Set<string> {
  const reached = new Set<string>();
  const names = new Set(models.map(({ source }) => source.name));
  for (const { source, reads } of models) {
    const { name } = source;
    const isRead = (table: string) =>
      names.has(table) ? reached.has(table) : outside(table, name).classification !== 'none';
    const hasFormer = former.has(name) && remembered.of(name) !== undefined;
    if (saysAnything(source.properties) || hasFormer || reads.some(isRead)) reached.add(name);
  }
  return reached;
}

/** What no SELECT gives any more is what it was: a snapshot's column of a former SELECT, the table of a model that is none any more. */
function withRemembered(
  { outside }: SourceClasses,
  remembered: Remembered,
  { analyses }: Preparation['input'],
): SourceClasses['outside'] {
  return (table, model, column) => {
    const before = remembered.of(table, column);
    if (analyses.has(table)) return before ?? UNCLASSIFIED;
    const now = outside(table, model);
    return before === undefined ? now : highest([now, before]);
  };
}

function saysAnything({ classification, declassify, columns }: ModelProperties): boolean {
  const says = [{ classification, declassify }, ...Object.values(columns)];
  return says.some((one) => one.declassify !== undefined || (one.classification ?? 'none') !== 'none');
}

/** The highest that the properties of a model say. */
function saidOf({ name, properties: { classification, columns } }: ModelSource): Cell {
  const said = [{ classification }, ...Object.values(columns)];
  return highest(said.flatMap((one) => (one.classification ? [{ classification: one.classification, name }] : [])));
}

/** What a table is as a whole, whoever made it. */
export function ofTable({ models, outside }: Classes, table: string): Cell {
  const model = models.get(table);
  return model === undefined ? outside(table, '') : ofWhole(model);
}

/** The highest of tables that are read together; `names` are those of models. */
export function ofTables(classes: Classes, tables: readonly string[], names: ReadonlySet<string>): Cell {
  const isKnown = (table: string) => classes.models.has(table) || !names.has(table);
  return highest(tables.map((table) => (isKnown(table) ? ofTable(classes, table) : UNCLASSIFIED)));
}
