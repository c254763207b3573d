import { type ErrorDetail, type ErrorPlace, WarehouseError } from '../lib/errors.ts';
import type { ModelSource } from './project.ts';

/** The file that holds the properties of a model; where it has none of its own, that of its SQL. */
export function propertiesFile({ propertiesPath, path }: Pick<ModelSource, 'propertiesPath' | 'path'>): string {
  return propertiesPath ?? path;
}

/** Where a property of a model stands, or the nearest that is above it. @param at its keys, from the top */
export function propertyPlace(source: ModelSource, at: readonly PropertyKey[]): ErrorPlace {
  return source.locate?.(at) ?? { file: propertiesFile(source) };
}

/** An error of kind `usage` about a property of a model, at its place. @param at as of `propertyPlace` */
export function propertyError(
  source: ModelSource,
  at: readonly PropertyKey[],
  said: Pick<ErrorDetail, 'code' | 'message' | 'next' | 'cause'>,
): WarehouseError {
  return new WarehouseError({ kind: 'usage', ...said, place: { model: source.name, ...propertyPlace(source, at) } });
}
