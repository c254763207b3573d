import { WarehouseError } from '../../lib/errors.ts';
import { listed } from '../../lib/listed.ts';
import { nearest } from '../../project/nearest.ts';

/** Something was named that there is not: what was meant, or else what there is. */
export function unknown(message: string, meant: string | undefined, otherwise: string): WarehouseError {
  const next = meant === undefined ? otherwise : `Did you mean ${meant}?`;
  return new WarehouseError({ kind: 'usage', code: 'SELECT_UNKNOWN', message, next });
}

const MOST_LISTED = 8;

/** The same for one of a list, such as the tags. @param none what is said where the list is empty */
export function unknownOf(
  message: string,
  value: string,
  { what, there, none }: { what: string; there: Iterable<string>; none?: string },
): WarehouseError {
  const known = [...new Set(there)].sort();
  const otherwise = known.length === 0 ? (none ?? '') : `The ${what} are ${listed(known, MOST_LISTED)}.`;
  return unknown(message, nearest(value, known), otherwise);
}
