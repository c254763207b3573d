import type { WarehouseError } from '../../lib/errors.ts';
import { nearest } from '../../project/nearest.ts';
import type { ModelSource } from '../../project/project.ts';
import { propertiesFile, propertyError } from '../../project/property-error.ts';
import type { Connection } from '../../store/connection.ts';
import type { MacroCatalog } from '../reading/macro-catalog.ts';
import { type Known, type Reading, readingOf } from '../reading/reading.ts';

/**
 * Holds the inputs of a model that is built by subject against what it reads: what names the subjects of one may not
 * read anything else, since a change of that would not be seen.
 * @throws usage BY_SUBJECT_INPUT, MODEL_SQL.
 */
export async function refuseInputs(
  connection: Connection,
  source: ModelSource,
  { reads }: Reading,
  macros: MacroCatalog,
  known: Known,
): Promise<void> {
  const { by_subject } = source.properties;
  for (const [table, subject] of Object.entries(by_subject?.inputs ?? {})) {
    if (!reads.includes(table)) {
      const meant = nearest(table, reads);
      const next = meant === undefined ? `It reads ${reads.join(', ') || 'no table'}.` : `Did you mean ${meant}?`;
      throw refused(source, table, `by_subject names ${table}, which the SELECT does not read.`, next);
    }
    const text = { path: propertiesFile(source), sql: `SELECT (${subject}\n)`, model: source.name };
    const naming = await readingOf(connection, text, macros, known);
    const other = naming.reads.find((one) => !reads.includes(one));
    if (other === undefined) continue;
    const message = `What names the subjects of ${table} reads ${other}, which the SELECT does not: a change of it would not be seen.`;
    throw refused(source, table, message, 'Name the subject by columns of the table, or of what the SELECT reads.');
  }
}

function refused(source: ModelSource, table: string, message: string, next: string): WarehouseError {
  return propertyError(source, ['by_subject', 'inputs', table], { code: 'BY_SUBJECT_INPUT', message, next });
}
