import { WarehouseError } from '../lib/errors.ts';
import { nearest } from '../project/nearest.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import { type LineageClasses, readLineageClasses } from './lineage-classes.ts';
import { LineageGraph, type LineageNode, type Step } from './lineage-graph.ts';
import { type Context, commandFor, type OpenOptions, withReadOnly } from './warehouse.ts';

interface LineageOptions extends OpenOptions {
  /** `sdtm.ae` or `sdtm.ae.AESTDTC`. */
  readonly of: string;
  /** What comes from it, rather than what it comes from. */
  readonly downstream: boolean;
}

/** A column of the tree, and how the last run has classified it, where that is more than none. */
export interface ClassifiedNode extends Omit<LineageNode, 'next'> {
  readonly classification?: string;
  readonly next: readonly ClassifiedNode[];
}

/**
 * What a column comes from, or what comes from it, through all models between; of a model, each of its columns, and what
 * decides which rows it has.
 *
 * @throws usage NOT_BUILT; LINEAGE_NONE before the first run; LINEAGE_UNKNOWN with the nearest name that there is.
 */
export async function lineage(
  project: Project,
  { of, downstream, ...options }: LineageOptions,
  _context: Context,
): Promise<{ lineage: readonly ClassifiedNode[] }> {
  return withReadOnly(project, options, async (connection) => {
    const steps = await readSteps(connection, project);
    const graph = new LineageGraph(steps, downstream);
    const ends = graph.named(of);
    if (ends.length === 0) throw unknownName(of, graph.names());
    const classes = await readLineageClasses(connection, project, steps);
    return { lineage: ends.map((end) => classified(graph.tree(end), classes)) };
  });
}

async function readSteps(connection: Connection, project: Project): Promise<Step[]> {
  if (!(await hasRelation(connection, 'recon.column_lineage'))) {
    throw new WarehouseError({
      kind: 'usage',
      code: 'LINEAGE_NONE',
      message: 'No models have been run yet.',
      next: `Run ${commandFor(project.target, 'build')} first.`,
    });
  }
  const rows = await connection.rows<Record<string, string>>('FROM recon.column_lineage ORDER BY model, rowid');
  return rows.map(({ model, column_name, from_table, from_column, kind, reason }) => ({
    to: { table: model, column: column_name },
    from: { table: from_table, column: from_column },
    kind,
    reason,
  }));
}

function classified({ next, ...node }: LineageNode, classes: LineageClasses): ClassifiedNode {
  const classification = classes(node);
  return { ...node, ...(classification && { classification }), next: next.map((one) => classified(one, classes)) };
}

function unknownName(of: string, names: readonly string[]): WarehouseError {
  const near = nearest(of, names);
  return new WarehouseError({
    kind: 'usage',
    code: 'LINEAGE_UNKNOWN',
    message: `There is no model, and no column that a model has or reads, by the name ${of}.`,
    next:
      near === undefined
        ? 'Give schema.model or schema.model.column; warehouse list names the models.'
        : `Did you mean ${near}?`,
  });
}
