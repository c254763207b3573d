import { posix } from 'node:path';
import { DEFAULT_TARGET } from './choice.ts';
import type { ModelSource, Project } from './project.ts';

/** Whether the rows of a model are written to a file of its own, for other programs. */
export const isExternal = ({ properties }: ModelSource) => properties.materialized === 'external';

/**
 * Where the file of an external model goes, relative to the project. A target other than `main` adds `-<target>` to its
 * name, as to that of a published file: nothing of it can be taken for another's.
 */
export function externalFile({ name, properties }: ModelSource, target: string): string {
  const file = posix.normalize(properties.location ?? `target/external/${name.replace('.', '/')}.parquet`);
  return target === DEFAULT_TARGET ? file : file.replace(/\.parquet$/, `-${target}.parquet`);
}

/** The files of all external models of a project, for its target. */
export function externalFiles({ models, target }: Pick<Project, 'models' | 'target'>): string[] {
  return models.filter(isExternal).map((model) => externalFile(model, target.name));
}
