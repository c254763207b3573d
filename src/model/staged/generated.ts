import type { ModelSource } from '../../project/project.ts';
import { type ColumnProperties, type ModelProperties, NO_PROPERTIES } from '../../project/properties.ts';

/** A model that the warehouse writes itself: `staged.<table>`. */
export function generated(
  table: string,
  sql: string,
  label: string,
  materialized: ModelProperties['materialized'],
  columns: Record<string, ColumnProperties>,
): ModelSource {
  const properties: ModelProperties = { ...NO_PROPERTIES, label, materialized, columns };
  return {
    name: `staged.${table}`,
    schema: 'staged',
    path: `models/staged/${table}.sql`,
    sql,
    properties,
    generated: true,
  };
}

/** What a column says of itself. */
export function about(label: string): ColumnProperties {
  return { label, value_level: [] };
}
