import { WarehouseError } from '../../lib/errors.ts';
import type { ModelSource } from '../../project/project.ts';
import { copyOf, derivedFrom, type Lineage, unknown } from '../lineage/lineage.ts';
import type { Reader } from '../lineage/reader.ts';
import { readQuery } from '../lineage/select-lineage.ts';
import { isRest, lineageOfPart } from '../lineage/shape.ts';
import { eachParsed, parseSelect } from '../sql/syntax.ts';
import type { TracedModel } from './propagate.ts';

/** A model, and the tables that it reads. */
export interface ReadingModel {
  readonly source: ModelSource;
  readonly reads: readonly string[];
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
  await eachParsed(reader.connection, others, sqlOf, async (model) => note(await ofSelect(reader, model)));
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
    const origin = Object.hasOwn(origins, column) ? origins[column] : undefined;
    const lineage = origin && copyOf(schema.elsewhere(origin.table, origin.column));
    return { name: column, lineage: lineage ?? unknown('no item has the column') };
  });
  return { name, properties, reads, columns, rows: copyOf(schema.elsewhere('staged._cells', 'item_group_oid')) };
}

/** When a version of a snapshot began and ended is told by all of its columns. */
function validity({ properties }: ModelSource, columns: TracedModel['columns']): TracedModel['columns'] {
  if (properties.materialized !== 'snapshot') return [];
  const lineage = derivedFrom(...columns.map((column) => column.lineage));
  return ['valid_from', 'valid_to'].map((name) => ({ name, lineage }));
}

async function ofSelect(reader: Reader, { source, reads }: ReadingModel): Promise<TracedModel> {
  const { name, path, sql, properties } = source;
  const untold = (reason: string): TracedModel => {
    const lineage = unknown(reason);
    return { name, properties, reads, columns: [{ name: undefined, lineage }], rows: lineage };
  };
  try {
    const { tree } = await parseSelect(reader.connection, { path, sql });
    if (tree === undefined) return untold('its SELECT cannot be read');
    const { parts, rows } = await readQuery(reader, tree);
    const columns = parts.map((part): { name: string | undefined; lineage: Lineage } => {
      return { name: isRest(part) ? undefined : part.name, lineage: lineageOfPart(part) };
    });
    return { name, properties, reads, columns: [...columns, ...validity(source, columns)], rows };
  } catch (error) {
    if (error instanceof RangeError) return untold('its SELECT is nested too deep');
    if (error instanceof WarehouseError && error.kind !== 'fault') return untold('its SELECT cannot be read');
    throw error;
  }
}
