import type { ModelProperties } from '../../project/properties.ts';
import { derivedFrom, type Lineage } from './lineage.ts';

type Making = Pick<ModelProperties, 'materialized' | 'unique_key' | 'check_cols' | 'updated_at'>;

/**
 * The columns by which rows of former builds stay in the table of a model: which rows there are tells of their values. Of a
 * snapshot these are what makes a new version, all columns where nothing is said; of what is brought in by key, the key.
 *
 * @param columns those of the SELECT; one without a name may be any
 */
export function keptBy<Column extends { readonly name: string | undefined }>(
  { materialized, unique_key = [], check_cols, updated_at }: Making,
  columns: readonly Column[],
): Column[] {
  const isSnapshot = materialized === 'snapshot';
  if (!isSnapshot && materialized !== 'incremental') return [];
  const changing = updated_at === undefined ? check_cols : [updated_at];
  if (isSnapshot && changing === undefined) return [...columns];
  const names = new Set([...unique_key, ...(changing ?? [])].map((name) => name.toLowerCase()));
  return names.size === 0 ? [] : columns.filter(({ name }) => name === undefined || names.has(name.toLowerCase()));
}

/** What decides which rows there are, with the columns by which they stay. */
export function withKept(rows: Lineage, kept: readonly { readonly lineage: Lineage }[]): Lineage {
  return kept.length === 0 ? rows : derivedFrom(rows, ...kept.map(({ lineage }) => lineage));
}
