import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from './configuration.ts';
import { filesThere } from './glob.ts';
import type { Project } from './project.ts';

/** The folder of seeds: CSV files that are models. */
export const SEEDS = 'seeds';

/** Files that SQL may read, and the folder that their names are relative to. */
export interface Seeds {
  readonly root: string;
  readonly paths: readonly string[];
}

/**
 * The files that a model may read: those in data/ and seeds/ that no source brings, of this target or another. What a source
 * brings is read where it was loaded, so a blinded model cannot read the lists that would unblind it.
 */
export async function seedsOf({ root, configuration }: Project): Promise<Seeds> {
  const real = (path: string) => realpathSync(join(root, path));
  const brought = new Set((await filesThere(root, sourcePatterns(configuration))).map(real));
  const files = await filesThere(root, ['data/**', `${SEEDS}/**`, `${SEEDS}/*/*`]);
  return { root, paths: files.filter((path) => !brought.has(real(path))) };
}

/** Paths and patterns of the files of all sources, of whatever target. */
export function sourcePatterns({ sources, targets }: Configuration): string[] {
  return [
    ...Object.values(sources).flatMap(({ files }) => files),
    ...Object.values(targets).flatMap((target) => Object.values(target.sources).flatMap(({ files }) => files)),
  ];
}
