import { WarehouseError } from '../../lib/errors.ts';
import { keepsHistory } from '../../project/materialization.ts';
import { isDataset } from '../../project/submission.ts';
import { type Analysis, isBroken } from './analyse.ts';
import type { Graph } from './graph.ts';
import type { Recorded } from './plan.ts';

/**
 * Puts the error in the place of each dataset that is, or is made of, what keeps history: the same sources would give
 * other bytes to who has built before than to who builds from nothing.
 */
export function refuseHistory(analyses: Map<string, Analysis>, graph: Graph): void {
  const keeps = (name: string) => keepsHistory(analyses.get(name)!.source.properties);
  for (const [name, analysis] of analyses) {
    if (isBroken(analysis) || !isDataset(analysis.source)) continue;
    const history = [name, ...[...graph.ancestors(name)].sort()].find(keeps);
    if (history === undefined) continue;
    const { source } = analysis;
    const which = history === name ? 'It' : `${history}, which it is made of,`;
    const error = new WarehouseError({
      kind: 'usage',
      code: 'DATASET_OF_HISTORY',
      message: `${which} keeps what earlier builds have made, and a dataset is to be the same from the same sources.`,
      place: { model: source.name, file: source.path },
      next: 'Make it of tables, views or models built by subject; what is live now and what was live then are in staged and state.',
    });
    analyses.set(name, { source, error });
  }
}

/** Puts the error in the place of each model that was a snapshot, and would be built as something else. */
export function keepSnapshots(
  analyses: Map<string, Analysis>,
  recorded: Recorded,
  existing: { has(name: string): boolean },
): void {
  for (const [name, analysis] of analyses) {
    const { source } = analysis;
    const wasSnapshot = recorded.get(name)?.materialized === 'snapshot' && existing.has(name);
    if (isBroken(analysis) || !wasSnapshot || source.properties.materialized === 'snapshot') continue;
    const error = new WarehouseError({
      kind: 'usage',
      code: 'SNAPSHOT_HISTORY',
      message: `${name} is a snapshot, and its history could not be made again.`,
      place: { model: name, file: source.path },
      next: 'Give the new model another name, or drop the table in a client if its history is not wanted.',
    });
    analyses.set(name, { source, error });
  }
}
