import { WarehouseError } from '../lib/errors.ts';
import { nearest } from '../project/nearest.ts';
import type { ModelSource } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { describe, type TableColumn } from '../store/describe.ts';
import { LINES_BEFORE } from './compile.ts';
import { statementText } from './lexer.ts';
import { sqlError } from './sql-error.ts';

/** The schema whose tables are submission datasets. */
const DATASETS = 'sdtm';

export const isDataset = (source: ModelSource) => source.schema === DATASETS;

/**
 * The columns that the SELECT of a model will have, without running it.
 * @throws usage MODEL_SQL: DuckDB's own message at the place in the model's file.
 */
export async function describeModel(connection: Connection, source: ModelSource): Promise<TableColumn[]> {
  const text = { path: source.path, sql: source.sql, model: source.name };
  try {
    return await describe(connection, statementText(source.sql));
  } catch (error) {
    throw sqlError(text, error, 'MODEL_SQL', LINES_BEFORE);
  }
}

/**
 * Holds the columns of a model against its properties and, for a dataset, the rules of datasets.
 * @throws usage MODEL_COLUMN_TWICE, MODEL_COLUMNS, MODEL_ROWS_MISSING.
 */
export function checkColumns(source: ModelSource, columns: readonly TableColumn[]): void {
  checkTwice(source, columns);
  const declared = Object.keys(source.properties.columns).filter((name) => !name.startsWith('_'));
  const found = columns.map(({ name }) => name).filter((name) => !name.startsWith('_'));
  if (declared.length > 0) checkDeclared(source, declared, found);
  if (isDataset(source) && !source.properties.reference_data) checkRows(source, columns);
}

/** DuckDB would call the second K_1 without a word. */
function checkTwice({ name, path }: ModelSource, columns: readonly TableColumn[]): void {
  const seen = new Map<string, TableColumn & { place: number }>();
  for (const [i, column] of columns.entries()) {
    const first = seen.get(column.name.toLowerCase());
    seen.set(column.name.toLowerCase(), { ...column, place: i + 1 });
    if (first === undefined) continue;
    const both = first.name === column.name ? column.name : `${first.name} and ${column.name}, to SQL one name`;
    throw new WarehouseError({
      kind: 'usage',
      code: 'MODEL_COLUMN_TWICE',
      message: `Columns ${first.place} and ${i + 1} are both called ${both}.`,
      place: { model: name, file: path },
      next: 'Give one of them another name with AS, or leave it out: SELECT * EXCLUDE (...), JOIN ... USING (...).',
    });
  }
}

function checkDeclared(source: ModelSource, declared: readonly string[], found: readonly string[]): void {
  const length = Math.max(declared.length, found.length);
  for (let i = 0; i < length; i++) {
    if (declared[i] !== found[i]) throw columnError(source, i, declared, found);
  }
}

function columnError(source: ModelSource, i: number, declared: readonly string[], found: readonly string[]): Error {
  const [expected, actual] = [declared[i], found[i]];
  const path = source.propertiesPath ?? source.path;
  return new WarehouseError({
    kind: 'usage',
    code: 'MODEL_COLUMNS',
    message: `Column ${i + 1}: expected ${expected ?? 'no further column'}, found ${actual ?? 'no further column'}.`,
    place: source.locate?.(['columns', expected ?? '']) ?? { model: source.name, file: path },
    next: columnAdvice(source.path, path, expected, actual, declared, found),
  });
}

function columnAdvice(
  sql: string,
  yml: string,
  expected: string | undefined,
  actual: string | undefined,
  declared: readonly string[],
  found: readonly string[],
): string {
  if (actual !== undefined && !declared.includes(actual)) {
    const near = nearest(actual, declared);
    return near === undefined ? `Add ${actual} to ${yml}, or remove it from ${sql}.` : `Did you mean ${near}?`;
  }
  if (expected !== undefined && !found.includes(expected))
    return `Add ${expected} to ${sql}, or remove it from ${yml}.`;
  return `Give the columns in one order in ${sql} and ${yml}.`;
}

function checkRows({ name, path }: ModelSource, columns: readonly TableColumn[]): void {
  const rows = columns.find((column) => column.name === '_rows');
  if (rows?.type === 'BIGINT[]') return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'MODEL_ROWS_MISSING',
    message: rows ? `Column _rows is ${rows.type}, not BIGINT[].` : 'The dataset has no column _rows.',
    place: { model: name, file: path },
    next: 'Add _rows, the identities of the records each row came from ([_row] or list(_row ORDER BY _row)), or say reference_data: true.',
  });
}
