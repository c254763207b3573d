import { identifier } from '../../store/connection.ts';

/** SQL: whether two rows have the same key; NULL counts as a value. */
export function sameKey(one: string, other: string, key: readonly string[]): string {
  const equal = (column: string) => `${one}.${identifier(column)} IS NOT DISTINCT FROM ${other}.${identifier(column)}`;
  return key.map(equal).join(' AND ');
}
