import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DEFAULT_TARGET, workingFileOf } from '../project/choice.ts';
import type { Project } from '../project/project.ts';
import { name as targetName } from '../project/vocabulary.ts';
import { isBuilt, ledgerDirectory } from './warehouse.ts';

/**
 * The targets that were built, in the order of their names: also those that have been taken out of warehouse.yml since
 * and have a ledger. Only `target` is that of each: what it reads and writes is not known any more.
 */
export function recordedTargets(project: Project): Project[] {
  const folder = dirname(ledgerDirectory(project));
  const recorded = existsSync(folder) ? readdirSync(folder) : [];
  const names = new Set([DEFAULT_TARGET, ...Object.keys(project.configuration.targets), ...recorded]);
  return [...names]
    .filter((name) => targetName.safeParse(name).success)
    .sort()
    .map((name) => ({ ...project, target: { name, workingFile: workingFileOf(name) } }))
    .filter(isBuilt);
}
