import { WarehouseError } from '../../lib/errors.ts';
import { keepsHistory } from '../../project/materialization.ts';
import { isDataset } from '../../project/submission.ts';
import { type Analysis, isBroken } from './analyse.ts';
import type { Graph } from './graph.ts';

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
