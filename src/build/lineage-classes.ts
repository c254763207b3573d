import { highest } from '../model/classification/cell.ts';
import type { Classification } from '../project/classification.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import { readSourceClasses } from './classification/sources.ts';
import type { End, Step } from './lineage-graph.ts';
import { allModels } from './models.ts';

/** How a column is classified, or which rows a table has; undefined where that is none. */
export type LineageClasses = (end: End) => Classification | undefined;

/**
 * The classes of the last run. A column that no model makes is what its source was then: of a table that several sources
 * bring, the highest of what it is for those models that read it.
 */
export async function readLineageClasses(
  connection: Connection,
  project: Project,
  steps: readonly Step[],
): Promise<LineageClasses> {
  const recorded = await recordedClasses(connection);
  const ofSources = await sourceClasses(connection, project, steps);
  const made = new Set(steps.map(({ to }) => to.table?.toLowerCase()));
  return (end) => {
    if (end.table === null) return undefined;
    return recorded.get(keyOf(end)) ?? (made.has(end.table.toLowerCase()) ? undefined : ofSources(end));
  };
}

async function recordedClasses(connection: Connection): Promise<ReadonlyMap<string, Classification>> {
  if (!(await hasRelation(connection, 'recon.column_classification'))) return new Map();
  const rows = await connection.rows<{ table: string; column: string | null; effective: Classification }>(
    `SELECT model AS "table", column_name AS "column", effective FROM recon.column_classification WHERE effective <> 'none'`,
  );
  return new Map(rows.map((row) => [keyOf(row), row.effective]));
}

async function sourceClasses(
  connection: Connection,
  project: Project,
  steps: readonly Step[],
): Promise<LineageClasses> {
  const models = await allModels({ connection, project });
  const sources = await asOfLastLoad(connection, project);
  const { all, outside } = await readSourceClasses(connection, { ...project, sources }, models);
  if (all.classification === 'none') return () => undefined;
  const readers = new Map<string, Set<string>>();
  for (const { to, from } of steps) {
    if (to.table === null || from.table === null) continue;
    readers.set(keyOf(from), (readers.get(keyOf(from)) ?? new Set()).add(to.table));
  }
  return (end) => {
    const cells = [...(readers.get(keyOf(end)) ?? [])].map((reader) =>
      outside(end.table!.toLowerCase(), reader, end.column ?? undefined),
    );
    const { classification } = highest(cells);
    return classification === 'none' ? undefined : classification;
  };
}

/** The sources as they were declared when the file was loaded last, whatever warehouse.yml says since. */
async function asOfLastLoad(connection: Connection, { sources }: Project): Promise<Project['sources']> {
  if (!(await hasRelation(connection, 'state.source'))) return sources;
  const rows = await connection.rows<{ source: string; classification: Classification }>('FROM state.source');
  const then = new Map(rows.map(({ source, classification }) => [source, classification]));
  return sources.map((source) => ({ ...source, classification: then.get(source.name) ?? source.classification }));
}

const keyOf = ({ table, column }: End) => JSON.stringify([table, column]).toLowerCase();
