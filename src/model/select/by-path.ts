import { posix } from 'node:path';
import { matches } from '../../project/glob.ts';
import type { ModelSource } from '../../project/project.ts';
import type { Selectable } from './selectable.ts';
import { unknownOf } from './unknown.ts';

/**
 * A file of a model, its SQL or its properties, or a folder: `models/sdtm/ae.sql`, `models/sdtm`, `models/sdtm/a?.sql`.
 * Relative to the folder of warehouse.yml. Generated models have no file.
 * @throws usage SELECT_UNKNOWN
 */
export function byPath(value: string, models: Selectable['models']): string[] {
  const wanted = posix.normalize(value.replaceAll('\\', '/')).replace(/\/$/, '');
  const isIn = (path: string) => wanted === '.' || startsWith(path.split('/'), wanted.split('/'));
  const written = writtenModels(models);
  const found = written.filter((model) => pathsOf(model).some(isIn));
  if (found.length === 0) {
    const paths = written.flatMap(pathsOf);
    const there = wanted.endsWith('.sql') || paths.length === 0 ? paths : [...paths, ...paths.map(posix.dirname)];
    throw unknownOf(`No model is written in ${value}.`, wanted, { what: 'paths', there, none: NONE_WRITTEN });
  }
  return found.map(({ name }) => name);
}

/** The name of a file, with or without its ending: `ae.sql`, `ae`. @throws usage SELECT_UNKNOWN */
export function byFile(value: string, models: Selectable['models']): string[] {
  const namesOf = (path: string) => [posix.basename(path), posix.parse(path).name];
  const written = writtenModels(models);
  const found = written.filter((model) =>
    pathsOf(model)
      .flatMap(namesOf)
      .some((name) => matches(value, name)),
  );
  if (found.length === 0) {
    const there = written.map(({ path }) => posix.basename(path));
    throw unknownOf(`No model is written in a file ${value}.`, value, { what: 'files', there, none: NONE_WRITTEN });
  }
  return found.map(({ name }) => name);
}

const NONE_WRITTEN = 'No model has a file: all are generated.';

const writtenModels = (models: Selectable['models']) => [...models.values()].filter(({ generated }) => !generated);

const pathsOf = ({ path, propertiesPath }: ModelSource) =>
  propertiesPath === undefined ? [path] : [path, propertiesPath];

const startsWith = (path: readonly string[], wanted: readonly string[]) =>
  wanted.length <= path.length && wanted.every((segment, at) => matches(segment, path[at]));
