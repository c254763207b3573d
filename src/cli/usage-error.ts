import { WarehouseError } from '../lib/errors.ts';
import { nearest } from '../project/nearest.ts';

/** An error in what was typed. */
export function usageError(code: string, message: string, next?: string): WarehouseError {
  return new WarehouseError({ kind: 'usage', code, message, next });
}

/** `Did you mean build?`, or where to look. */
export function didYouMean(name: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(name, known);
  return meant === undefined ? otherwise : `Did you mean ${meant}?`;
}

/** The same for a flag. */
export function flagMeant(name: string, known: readonly string[], otherwise: string): string {
  const meant = nearest(name, known);
  return meant === undefined ? otherwise : `Did you mean --${meant}?`;
}
