import { WarehouseError } from '../../lib/errors.ts';
import { listed } from '../../lib/listed.ts';
import { nearest } from '../../project/nearest.ts';
import type { ModelSource } from '../../project/project.ts';
import { RULES } from '../../project/rules.ts';
import { type Connection, qualified } from '../../store/connection.ts';
import { describe, type TableColumn } from '../../store/describe.ts';
import { statementText } from '../sql/lexer.ts';
import { sqlError, textOfModel } from '../sql/sql-error.ts';
import { LINES_BEFORE } from './compile.ts';

/** The schema whose tables are submission datasets. */
const DATASETS = 'sdtm';

export const isDataset = (source: ModelSource) => source.schema === DATASETS;

/**
 * The columns that the SELECT of a model will have, without running it.
 * @throws usage MODEL_SQL: DuckDB's own message at the place in the model's file.
 */
export async function describeModel(connection: Connection, source: ModelSource): Promise<TableColumn[]> {
  try {
    return await describe(connection, statementText(source.sql));
  } catch (error) {
    throw sqlError(textOfModel(source), error, 'MODEL_SQL', LINES_BEFORE);
  }
}

/**
 * The columns of what is built of a model.
 * @throws usage MODEL_SQL for a view whose tables are there no more.
 */
export async function describeBuilt(connection: Connection, source: ModelSource): Promise<TableColumn[]> {
  try {
    return await describe(connection, qualified(source.name));
  } catch (error) {
    throw sqlError(textOfModel(source), error, 'MODEL_SQL', Number.POSITIVE_INFINITY);
  }
}

/**
 * Holds the columns of a model against its properties and, for a dataset, the rules of datasets.
 * @throws usage MODEL_COLUMN_TWICE, MODEL_COLUMNS, MODEL_KEY_COLUMN, SNAPSHOT_COLUMN, MODEL_ROWS_MISSING, MODEL_EXCLUSION, RULE_COLUMNS.
 */
export function checkColumns(source: ModelSource, columns: readonly TableColumn[]): void {
  checkTwice(source, columns);
  const declared = Object.keys(source.properties.columns).filter((name) => !name.startsWith('_'));
  const found = columns.map(({ name }) => name).filter((name) => !name.startsWith('_'));
  if (declared.length > 0) checkDeclared(source, declared, found);
  checkMade(source, columns);
  if (isDataset(source) && !source.properties.reference_data) checkRows(source, columns);
  if (source.schema === EXCLUSIONS) checkExclusion(source, columns);
  if (source.schema === RULES) checkRule(source, columns);
}

/** The columns that a snapshot has beside those of its SELECT. */
const VALIDITY = ['valid_from', 'valid_to'];

/** Holds the columns against what the properties say of how the model is made of them. */
function checkMade(source: ModelSource, columns: readonly TableColumn[]): void {
  const { materialized, unique_key = [], by_subject, check_cols = [], updated_at } = source.properties;
  const names = columns.map(({ name }) => name);
  const has = (column: string) => names.some((name) => name.toLowerCase() === column.toLowerCase());
  const named = { unique_key, check_cols, updated_at: [updated_at], by_subject: [by_subject?.column] };
  for (const [key, list] of Object.entries(named)) {
    const missing = list.find((column) => column !== undefined && !has(column));
    if (missing === undefined) continue;
    const meant = nearest(missing, names);
    throw madeError(source, key, 'MODEL_KEY_COLUMN', {
      message: `${key} names ${missing}, which the SELECT does not give.`,
      next: meant === undefined ? 'Name a column of the SELECT.' : `Did you mean ${meant}?`,
    });
  }
  const taken = materialized === 'snapshot' ? VALIDITY.find(has) : undefined;
  if (taken === undefined) return;
  throw madeError(source, 'materialized', 'SNAPSHOT_COLUMN', {
    message: `The SELECT gives a column ${taken}, which a snapshot adds itself.`,
    next: 'Give it another name with AS.',
  });
}

function madeError(source: ModelSource, key: string, code: string, said: { message: string; next: string }) {
  const place = source.locate?.([key]) ?? { file: propertiesPath(source) };
  return new WarehouseError({ kind: 'usage', code, ...said, place: { model: source.name, ...place } });
}

/** Models of this schema name records and the rule that leaves them out (recon.row_accounting). */
const EXCLUSIONS = 'excluded';

function checkExclusion({ name, path }: ModelSource, columns: readonly TableColumn[]): void {
  const wrong = Object.entries({ _row: 'BIGINT', rule: 'VARCHAR' }).flatMap(([column, type]) => {
    const found = columns.find((one) => one.name === column);
    if (found?.type === type) return [];
    return [found === undefined ? `It has no column ${column}.` : `Column ${column} is ${found.type}, not ${type}.`];
  });
  if (wrong.length === 0) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'MODEL_EXCLUSION',
    message: wrong.join(' '),
    place: { model: name, file: path },
    next: "A model in models/excluded/ names records and the rule that leaves them out: SELECT _row, 'not mapped' AS rule FROM staged.x.",
  });
}

/** What a rule may say of each record at fault; further columns are its own. */
const RULE_COLUMNS: Readonly<Record<string, string>> = { item: 'VARCHAR', message: 'VARCHAR' };

function checkRule({ name, path }: ModelSource, columns: readonly TableColumn[]): void {
  const types = new Map(columns.map((column) => [column.name, column.type]));
  const wrong = Object.entries(RULE_COLUMNS).filter(([column, type]) => (types.get(column) ?? type) !== type);
  const said = [
    ...(types.has('_row') ? [] : ['It has no column _row.']),
    ...(types.has('_row') && types.get('_row') !== 'BIGINT'
      ? [`Column _row is ${types.get('_row')}, not BIGINT.`]
      : []),
    ...wrong.map(([column, type]) => `Column ${column} is ${types.get(column)}, not ${type}.`),
    ...(types.has('_rows') ? ['It has a column _rows, which makes a dataset of it.'] : []),
  ];
  if (said.length === 0) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'RULE_COLUMNS',
    message: said.join(' '),
    place: { model: name, file: path },
    next: "A rule names the records at fault: SELECT _row, 'aestdat' AS item, aestdat AS value FROM staged.ae WHERE ...; item, value and message may be left out.",
  });
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

/** Names are compared to the letter, case included: that is how they are exported. */
function checkDeclared(source: ModelSource, declared: readonly string[], found: readonly string[]): void {
  const undeclared = found.filter((name) => !declared.includes(name));
  const missing = declared.filter((name) => !found.includes(name));
  if (undeclared.length > 0 || missing.length > 0) throw unequalError(source, undeclared, missing);
  const i = declared.findIndex((name, place) => name !== found[place]);
  if (i < 0) return;
  throw columnsError(source, declared[i], {
    message: `Column ${i + 1}: expected ${declared[i]}, found ${found[i]}.`,
    next: `Give the columns in one order in ${source.path} and ${propertiesPath(source)}.`,
  });
}

function unequalError(source: ModelSource, undeclared: readonly string[], missing: readonly string[]): WarehouseError {
  const columns = `columns of ${propertiesPath(source)}`;
  const said = [
    ...(undeclared.length > 0 ? [`${are(undeclared)} in the SELECT and not in ${columns}`] : []),
    ...(missing.length > 0 ? [`${are(missing)} in ${columns} and not in the SELECT`] : []),
  ];
  const next = unequalAdvice(source.path, columns, undeclared, missing);
  return columnsError(source, missing[0], { message: `${said.join('; ')}.`, next });
}

const are = (names: readonly string[]) => `${listed(names)} ${names.length === 1 ? 'is' : 'are'}`;

function unequalAdvice(
  sql: string,
  columns: string,
  undeclared: readonly string[],
  missing: readonly string[],
): string {
  if (undeclared.length > 0 && missing.length > 0) {
    const near = nearest(undeclared[0], missing);
    if (near === undefined) return `Give the SELECT of ${sql} and ${columns} the same names.`;
    return `Is ${undeclared[0]} to be ${near}? They must have one name, in upper and lower case too.`;
  }
  const them = undeclared.length + missing.length === 1 ? 'it' : 'them';
  const [to, from] = undeclared.length > 0 ? [columns, sql] : [sql, columns];
  return `Add ${them} to ${to}, or remove ${them} from ${from}.`;
}

const propertiesPath = (source: ModelSource) => source.propertiesPath ?? source.path;

/** @param column the one of the properties at whose place it is told */
function columnsError(
  source: ModelSource,
  column: string | undefined,
  said: { message: string; next: string },
): WarehouseError {
  const place = source.locate?.(column === undefined ? ['columns'] : ['columns', column]);
  return new WarehouseError({
    kind: 'usage',
    code: 'MODEL_COLUMNS',
    ...said,
    place: { model: source.name, ...(place ?? { file: propertiesPath(source) }) },
  });
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
