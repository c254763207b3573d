import { WarehouseError } from '../../lib/errors.ts';
import type { Qc } from '../../project/project.ts';
import { type Analysis, isBroken } from './analyse.ts';

/**
 * Puts the error in the place of each second version that reads the model that it is to validate, and of each other model
 * that reads a second version: what is compared has to be made apart.
 */
export function refuseReadingQc(analyses: Map<string, Analysis>, second: readonly Qc[]): void {
  const models = new Map(second.map(({ of, source }) => [source.name, of.name]));
  for (const [name, analysis] of analyses) {
    if (isBroken(analysis)) continue;
    const read = analysis.reads.find((table) => table === models.get(name) || models.has(table));
    if (read === undefined) continue;
    const { source } = analysis;
    const error = new WarehouseError({
      kind: 'usage',
      code: 'QC_READ',
      message: models.has(read)
        ? `It reads ${read}, a second version, which is there to be compared only.`
        : `It is a second version of ${read} and reads it: it would find in it whatever is wrong with it.`,
      place: { model: source.name, file: source.path },
      next: models.has(read) ? `Read ${models.get(read)}.` : 'Make it of what the model is made of.',
    });
    analyses.set(name, { source, error });
  }
}
