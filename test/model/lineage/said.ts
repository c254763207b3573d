import type { Lineage } from '../../../src/model/lineage/lineage.ts';

/** The columns in order, with `=` before those of a copy; `?` for what is unknown. Without a schema: main. */
export function said({ from, isCopy, unknown }: Lineage): string {
  if (unknown !== undefined) return '?';
  const names = [...from].map(({ table, column }) => `${table}.${column}`.replace(/^main\./, '')).sort();
  return [...(isCopy ? ['='] : []), ...names].join(' ');
}
