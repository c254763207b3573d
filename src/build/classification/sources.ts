import { type Cell, highest, UNCLASSIFIED } from '../../model/classification/cell.ts';
import type { Outside } from '../../model/classification/propagate.ts';
import type { Classification } from '../../project/classification.ts';
import type { ModelSource, Project } from '../../project/project.ts';
import type { Connection } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { broughtBySource, CSV_TABLE, csvSources } from '../brought.ts';

/** What the sources of a project, and those that have delivered before, are declared as. */
export interface SourceClasses {
  /** The highest of all of them. */
  readonly all: Cell;
  /** What a table that no model makes is, for a model that reads it. */
  readonly outside: Outside;
}

interface Declared {
  readonly name: string;
  /** A source that is no more under `sources:` may have been of either format. */
  readonly format: 'odm' | 'csv' | undefined;
  readonly classification: Classification;
}

/**
 * - The table of a CSV source is what the source is.
 * - What of staged._cells a generated model reads is what the sources are that brought records or a definition of its
 *   item group; where none has, or not all of them are known, what all ODM sources are.
 * - A file of data/ or seeds/ is nothing, unless a source has delivered it: what comes from it is declared where it is read.
 * - Anything else may hold whatever any source has brought.
 */
export async function readSourceClasses(
  connection: Connection,
  project: Project,
  models: readonly ModelSource[],
): Promise<SourceClasses> {
  const declared = await declaredSources(connection, project);
  const all = highest(declared.map(cellOf));
  if (all.classification === 'none') return { all, outside: () => UNCLASSIFIED };
  const sourceOf = await csvSources(connection);
  const byName = new Map(declared.map((source) => [source.name, source]));
  const deliveredBy = await filesOfSources(connection, byName);
  const ofGroup = await itemGroupClasses(connection, project, declared);
  const groups = new Map(models.map(({ name, itemGroupOid }) => [name, itemGroupOid]));
  const outside: Outside = (table, model) => {
    if (OF_PROJECT.test(table)) return highest((deliveredBy.get(table.toLowerCase()) ?? []).map(cellOf));
    const csv = CSV_TABLE.test(table) ? byName.get(sourceOf(table) ?? '') : undefined;
    if (csv !== undefined) return cellOf(csv);
    const group = groups.get(model);
    return group === undefined ? all : ofGroup(group);
  };
  return { all, outside };
}

/** Files of the project itself, which no source brings. */
const OF_PROJECT = /^(data|seeds)\//;

const cellOf = ({ name, classification }: Declared): Cell => ({ classification, name: `source ${name}` });

/** In the order of warehouse.yml; behind them those that have delivered and stand there no more. */
async function declaredSources(connection: Connection, { sources }: Project): Promise<Declared[]> {
  const names = new Set(sources.map(({ name }) => name));
  const former = (await hasRelation(connection, 'state.source'))
    ? await connection.rows<{ name: string; classification: Classification }>(
        'SELECT source AS name, classification FROM state.source ORDER BY source',
      )
    : [];
  const others = former.filter(({ name }) => !names.has(name));
  return [...sources, ...others.map((source) => ({ ...source, format: undefined }))];
}

/** The files that sources have delivered, by their path: one that is no source's any more may be read by models. */
async function filesOfSources(
  connection: Connection,
  byName: ReadonlyMap<string, Declared>,
): Promise<Map<string, Declared[]>> {
  const rows = await connection.rows<{ name: string; source: string }>(
    'SELECT DISTINCT p.name, d.source FROM raw.part p JOIN raw.delivery d USING (delivery_key) ORDER BY ALL',
  );
  const files = new Map<string, Declared[]>();
  for (const { name, source } of rows) {
    const declared = byName.get(source);
    if (declared !== undefined) files.set(name.toLowerCase(), [...(files.get(name.toLowerCase()) ?? []), declared]);
  }
  return files;
}

/** Who brought an item group is looked for only where it makes a difference. */
async function itemGroupClasses(
  connection: Connection,
  project: Project,
  declared: readonly Declared[],
): Promise<(group: string) => Cell> {
  const odm = declared.filter(({ format }) => format !== 'csv');
  const any = highest(odm.map(cellOf));
  if (odm.every(({ classification }) => classification === any.classification)) return () => any;
  const brought = await broughtBySource(connection, project);
  const former = odm.filter(({ format }) => format === undefined);
  return (group) => {
    const bringers = odm.filter(({ name }) => brought.get(name)?.itemGroups.has(group));
    return bringers.length === 0 ? any : highest([...bringers, ...former].map(cellOf));
  };
}
