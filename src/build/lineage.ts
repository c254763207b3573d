import { WarehouseError } from '../lib/errors.ts';
import { nearest } from '../project/nearest.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import { LineageGraph, type LineageNode, type Step } from './lineage-graph.ts';
import { type Context, commandFor, type OpenOptions, withReadOnly } from './warehouse.ts';

interface LineageOptions extends OpenOptions {
  /** `sdtm.ae` or `sdtm.ae.AESTDTC`. */
  readonly of: string;
  /** What comes from it, rather than what it comes from. */
  readonly downstream: boolean;
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
): Promise<{ lineage: readonly LineageNode[] }> {
  return withReadOnly(project, options, async (connection) => {
    const graph = new LineageGraph(await readSteps(connection, project), downstream);
    const ends = graph.named(of);
    if (ends.length === 0) throw unknownName(of, graph.names());
    return { lineage: ends.map((end) => graph.tree(end)) };
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
