import type { Cell } from './table.ts';

/** A value of a query for tables, CSV and JSON: what is no number, text or boolean there is its text in DuckDB. */
export function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object' || (typeof value === 'number' && !Number.isFinite(value))) return String(value);
  return value as Cell;
}
