import { WarehouseError } from '../../lib/errors.ts';
import { own } from '../../lib/own.ts';
import type { ModelSource } from '../../project/project.ts';
import { describe } from '../../store/describe.ts';
import { keptBy, withKept } from '../lineage/kept-by.ts';
import { type BaseColumn, copyOf, derivedFrom, type Lineage, unknown } from '../lineage/lineage.ts';
import type { Reader } from '../lineage/reader.ts';
import { readQuery } from '../lineage/select-lineage.ts';
import { fitted, isRest, lineageOfPart, type Part } from '../lineage/shape.ts';
import { asIncrement } from '../sql/increment.ts';
import { statementText } from '../sql/lexer.ts';
import { eachParsed, parseSelect } from '../sql/syntax.ts';
import { VALIDITY } from '../table/made.ts';
import type { TracedModel } from './propagate.ts';

/** A model, and the tables that it reads. */
export interface ReadingModel {
  readonly source: ModelSource;
  readonly reads: readonly string[];
  /** Whether the table in the file is what its SELECT gives of what it reads now: then its columns are known. */
  readonly isBuilt?: boolean;
}

/**
 * Where the columns of models come from, before any of them is built: what a model reads in another is what the SELECT of
 * that one gives, whatever stands in the file under its name.
 *
 * @param models each behind those that it reads
 */
export async function traceModels(reader: Reader, models: readonly ReadingModel[]): Promise<TracedModel[]> {
  const traced = new Map<string, TracedModel>();
  const note = (model: TracedModel) => {
    traced.set(model.name, model);
    reader.schema.define(model.name, namesOf(model));
  };
  const generated = models.filter(isOfItemGroup);
  const others = models.filter((model) => !isOfItemGroup(model));
  for (const model of generated) note(ofItemGroup(reader, model));
  await eachParsed(reader.connection, others, sqlOf, async (model) => note(await ofModel(reader, model)));
  return models.map(({ source }) => traced.get(source.name)!);
}

const isOfItemGroup = ({ source }: ReadingModel) => source.itemGroupOid !== undefined;

const sqlOf = ({ source }: ReadingModel) => source.sql;

function namesOf({ columns }: TracedModel): string[] | undefined {
  const names = columns.flatMap(({ name }) => name ?? []);
  return names.length === columns.length ? names : undefined;
}

/** A generated model says itself which items its columns are made of. */
function ofItemGroup({ schema }: Reader, { source, reads }: ReadingModel): TracedModel {
  const { name, properties, origins = {} } = source;
  const columns = Object.keys(properties.columns).map((column) => {
    const origin = own(origins, column);
    const lineage = origin && copyOf(schema.elsewhere(origin.table, origin.column));
    return { name: column, lineage: lineage ?? unknown('no item has the column') };
  });
  return { name, properties, reads, columns, rows: copyOf(schema.elsewhere('staged._cells', 'item_group_oid')) };
}

/**
 * What a snapshot has beside the columns of its SELECT: when a version began and ended, which all of its columns tell, and
 * the columns of former SELECTs, which are in its table as they were.
 */
function ofHistory(
  { schema }: Reader,
  { name, properties }: ModelSource,
  columns: TracedModel['columns'],
): TracedModel['columns'] {
  if (properties.materialized !== 'snapshot') return [];
  const given = new Set([...columns.map((column) => column.name?.toLowerCase()), ...VALIDITY]);
  const there = schema.table(name.split('.'))?.columns ?? [];
  const former = there.filter(({ column }) => !given.has(column.toLowerCase()));
  const lineage = derivedFrom(...columns.map((column) => column.lineage));
  return [
    ...VALIDITY.map((column) => ({ name: column, lineage })),
    ...former.map((column) => ({ name: column.column, lineage: copyOf(column) })),
  ];
}

/** A model that is also made of what is brought into its table is made of both SELECTs. */
async function ofModel(reader: Reader, model: ReadingModel): Promise<TracedModel> {
  const full = await ofSelect(reader, model);
  if (model.source.incremental === undefined) return withFormerRows(full, model);
  reader.schema.define(full.name, namesOf(full));
  const increment = await ofSelect(reader, { ...model, source: asIncrement(model.source) });
  return withoutItself(withFormerRows(ofBoth(full, increment), model));
}

/** Of a table in which rows of former builds stay. */
function withFormerRows(model: TracedModel, { source: { properties } }: ReadingModel): TracedModel {
  const kept = keptBy(properties, model.columns);
  if (kept.length === 0) return model;
  return { ...model, keptBy: kept.flatMap(({ name }) => name ?? []), rows: withKept(model.rows, kept) };
}

/** Of columns whose number differs it is not known which become one. */
function ofBoth(full: TracedModel, increment: TracedModel): TracedModel {
  const rows = derivedFrom(full.rows, increment.rows);
  const isSame = full.columns.length === increment.columns.length;
  const all = [full, increment].flatMap(({ columns }) => columns.map(({ lineage }) => lineage));
  const columns = full.columns.map(({ name, lineage }, index) => {
    return { name, lineage: isSame ? derivedFrom(lineage, increment.columns[index].lineage) : derivedFrom(...all) };
  });
  return { ...full, columns, rows };
}

/** What comes from the model's own table comes from what that was made of. */
function withoutItself(model: TracedModel): TracedModel {
  const own = new Map(model.columns.map(({ name, lineage }) => [name?.toLowerCase(), lineage]));
  const any = derivedFrom(...model.columns.map(({ lineage }) => lineage));
  const isOwn = ({ table }: BaseColumn) => table.toLowerCase() === model.name;
  const expanded = (lineage: Lineage): Lineage => {
    const reached = new Set<BaseColumn>(lineage.from);
    let all = lineage;
    for (const column of reached) {
      if (!isOwn(column)) continue;
      const made = own.get(column.column.toLowerCase()) ?? any;
      all = derivedFrom(all, made);
      for (const one of made.from) reached.add(one);
    }
    return { ...all, from: new Set([...reached].filter((column) => !isOwn(column))) };
  };
  const columns = model.columns.map(({ name, lineage }) => ({ name, lineage: expanded(lineage) }));
  return { ...model, columns, rows: expanded(model.rows) };
}

const asColumn = (part: Part): TracedModel['columns'][number] => {
  return { name: isRest(part) ? undefined : part.name, lineage: lineageOfPart(part) };
};

/** The columns that DuckDB gives the SELECT of a model; undefined where it is not built as it is. */
async function namesOfBuilt(
  { connection, schema }: Reader,
  { source, isBuilt = false }: ReadingModel,
): Promise<readonly string[] | undefined> {
  const table = isBuilt ? schema.table(source.name.split('.')) : undefined;
  // The table of a snapshot has more columns than its SELECT.
  if (table === undefined || source.properties.materialized !== 'snapshot') {
    return table?.columns.map(({ column }) => column);
  }
  return (await describe(connection, statementText(source.sql))).map(({ name }) => name);
}

async function ofSelect(reader: Reader, model: ReadingModel): Promise<TracedModel> {
  const { source, reads } = model;
  const { name, path, sql, properties } = source;
  const untold = (reason: string): TracedModel => {
    const lineage = unknown(reason);
    return { name, properties, reads, columns: [{ name: undefined, lineage }], rows: lineage };
  };
  try {
    const { tree } = await parseSelect(reader.connection, { path, sql });
    if (tree === undefined) return untold('its SELECT cannot be read');
    const { parts, rows, order } = await readQuery(reader, tree);
    const names = await namesOfBuilt(reader, model);
    const columns = names === undefined ? parts.map(asColumn) : fitted(parts, names);
    const all = [...columns, ...ofHistory(reader, source, columns)];
    // A table stands in the order in which its rows were made, for all to see.
    return { name, properties, reads, columns: all, rows: derivedFrom(rows, order) };
  } catch (error) {
    if (error instanceof RangeError) return untold('its SELECT is nested too deep');
    if (error instanceof WarehouseError && error.kind !== 'fault') return untold('its SELECT cannot be read');
    throw error;
  }
}
