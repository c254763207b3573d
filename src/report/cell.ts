import type { Cell } from './table.ts';

/** A value of a query as a table cell: what is no number, text or boolean is its text. */
export function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object') return String(value);
  return value as Cell;
}
