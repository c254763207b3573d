import type { ModelSource } from '../../project/project.ts';

/** A model that is built in full, as it is built where only something is brought into its table. */
export function asIncrement(source: ModelSource): ModelSource {
  return { ...source, ...source.incremental };
}
