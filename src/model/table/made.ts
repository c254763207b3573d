import { nearest } from '../../project/nearest.ts';
import type { ModelSource } from '../../project/project.ts';
import { propertyError } from '../../project/property-error.ts';
import type { TableColumn } from '../../store/describe.ts';

/** The columns that a snapshot has beside those of its SELECT. */
export const VALIDITY: readonly string[] = ['valid_from', 'valid_to'];

/** Types of a time that can be compared with another; one with time zone is UTC. */
const TELLS_TIME = /^(DATE|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE)$/;

/**
 * Holds the columns of a model against what its properties say of how it is made of them.
 * @throws usage MODEL_KEY_COLUMN, SNAPSHOT_COLUMN, SNAPSHOT_UPDATED_AT.
 */
export function checkMade(source: ModelSource, columns: readonly TableColumn[]): void {
  const { materialized, unique_key = [], by_subject, check_cols = [], updated_at } = source.properties;
  const names = columns.map(({ name }) => name);
  const has = (column: string) => names.some((name) => name.toLowerCase() === column.toLowerCase());
  const named = { unique_key, check_cols, updated_at: [updated_at], by_subject: [by_subject?.column] };
  for (const [key, list] of Object.entries(named)) {
    const missing = list.find((column) => column !== undefined && !has(column));
    if (missing === undefined) continue;
    const meant = nearest(missing, names);
    throw propertyError(source, [key], {
      code: 'MODEL_KEY_COLUMN',
      message: `${key} names ${missing}, which the SELECT does not give.`,
      next: meant === undefined ? 'Name a column of the SELECT.' : `Did you mean ${meant}?`,
    });
  }
  const said = columns.find(({ name }) => name.toLowerCase() === updated_at?.toLowerCase());
  if (said !== undefined && !TELLS_TIME.test(said.type)) {
    throw propertyError(source, ['updated_at'], {
      code: 'SNAPSHOT_UPDATED_AT',
      message: `updated_at names ${said.name}, which is ${said.type} and no time.`,
      next: `Make it one in the SELECT: CAST(${said.name} AS TIMESTAMP), or AS TIMESTAMPTZ where it has an offset.`,
    });
  }
  const taken = materialized === 'snapshot' ? VALIDITY.find(has) : undefined;
  if (taken === undefined) return;
  throw propertyError(source, ['materialized'], {
    code: 'SNAPSHOT_COLUMN',
    message: `The SELECT gives a column ${taken}, which a snapshot adds itself.`,
    next: 'Give it another name with AS.',
  });
}
