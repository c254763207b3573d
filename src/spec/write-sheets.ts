import { WarehouseError } from '../lib/errors.ts';
import { argument, CODECS } from './cell-kinds.ts';
import {
  DATASET_FIELDS,
  ELSEWHERE,
  type Field,
  TEST_FIELDS,
  UNIT_TEST_FIELDS,
  VALUE_FIELDS,
  VARIABLE_FIELDS,
} from './fields.ts';
import { columnsOf, SHEET_NAMES, type SheetName } from './layout.ts';
import { joinList } from './list.ts';
import { idOf, workbookName } from './names.ts';
import { isTextKind, testKind } from './test-kind.ts';
import { LONGEST_TEXT } from './xlsx/text.ts';
import type { Written, WrittenSheet } from './xlsx/write.ts';
import type { Mapping } from './yaml/patch.ts';

/** The properties of a model as they are written. */
export interface Described {
  /** `sdtm.ae` */
  readonly model: string;
  /** Valid by the schema of properties; of a model without properties none. */
  readonly value: Mapping;
}

type Rows = Record<SheetName, Written[][]>;

/** The sheets that say all that these properties say, in the order of the models. The same properties give the same. */
export function sheetsOf(study: string, datasets: readonly Described[]): WrittenSheet[] {
  const rows = Object.fromEntries(SHEET_NAMES.map((name) => [name, [] as Written[][]])) as Rows;
  rows.Define.push(['StudyName', study]);
  for (const dataset of datasets) addDataset(rows, dataset);
  return SHEET_NAMES.map((name) => ({ name, columns: columnsOf(name), rows: rows[name] }));
}

/**
 * Refuses what is longer than a cell can be, for it would be cut.
 * @throws usage SPEC_TOO_LONG
 */
export function refuseTooLong(sheets: readonly WrittenSheet[]): void {
  for (const { name, columns, rows } of sheets) {
    for (const row of rows) {
      const i = row.findIndex((cell) => typeof cell === 'string' && cell.length > LONGEST_TEXT);
      if (i < 0) continue;
      const of = row.filter((cell) => cell !== undefined && cell !== row[i]).slice(0, 3);
      throw new WarehouseError({
        kind: 'usage',
        code: 'SPEC_TOO_LONG',
        message: `${columns[i].title} of ${of.join(' ')} on the sheet ${name} is longer than the ${LONGEST_TEXT} characters of a cell.`,
        next: 'Shorten it, or leave the model out with --models; rows of a unit test can stand in a CSV file (fixture).',
      });
    }
  }
}

function addDataset(rows: Rows, { model, value }: Described): void {
  const name = workbookName(model);
  rows.Datasets.push([name, ...cellsOf(rows, DATASET_FIELDS, value, [name])]);
  for (const test of listAt(value, 'tests')) addTest(rows, name, undefined, test);
  const columns = Object.entries((value.columns ?? {}) as Readonly<Record<string, Mapping>>);
  for (const [i, [column, described]] of columns.entries()) {
    rows.Variables.push([i + 1, name, column, ...cellsOf(rows, VARIABLE_FIELDS, described, [name, column])]);
    addCodelist(rows, described, `${name}.${column}`);
    for (const [v, level] of listAt(described, 'value_level').entries()) {
      addValue(rows, [name, column, v + 1], level as Mapping);
    }
    for (const test of listAt(described, 'tests')) addTest(rows, name, column, test);
  }
  for (const test of listAt(value, 'unit_tests')) {
    rows.UnitTests.push([name, ...cellsOf(rows, UNIT_TEST_FIELDS, test as Mapping, [name])]);
  }
}

const listAt = (value: Mapping, key: string) => (value[key] ?? []) as readonly unknown[];

function addValue(rows: Rows, place: readonly [string, string, number], level: Mapping): void {
  const [name, column, order] = place;
  const clause = idOf('WC', place);
  for (const condition of listAt(level, 'where') as Mapping[]) {
    const values = joinList(condition.values as string[]);
    rows.WhereClauses.push([clause, name, condition.column as string, String(condition.comparator ?? 'EQ'), values]);
  }
  rows.ValueLevel.push([order, name, column, clause, ...cellsOf(rows, VALUE_FIELDS, level, place)]);
  addCodelist(rows, level, place.join('.'));
}

/** A test with what it says beside its kind, which may be written as the kind alone. */
function addTest(rows: Rows, name: string, column: string | undefined, written: unknown): void {
  const test = (typeof written === 'string' ? { [written]: true } : written) as Mapping;
  const kind = testKind(test);
  const said = test[kind];
  const cell = typeof said === 'string' && isTextKind(kind) ? said : argument.write(said as never);
  rows.Tests.push([name, column, kind, cell, ...cellsOf(rows, TEST_FIELDS, test, [])]);
}

/** Codelists that are named, with all that name them. */
function addCodelist(rows: Rows, { codelist }: Mapping, user: string): void {
  if (codelist === undefined) return;
  const row = rows.Codelists.find(([id]) => id === codelist);
  if (row === undefined) rows.Codelists.push([codelist as string, user]);
  else row[1] = `${row[1]}, ${user}`;
}

/** The cells of what a row is about. @param place of it, as its methods and comments are named after */
function cellsOf(rows: Rows, fields: readonly Field[], value: Mapping, place: readonly (string | number)[]): Written[] {
  return fields.map(({ path, kind }): Written => {
    if (kind === 'rest') return restOf(fields, value);
    const found = path.reduce<unknown>((here, key) => (here as Mapping | undefined)?.[key], value);
    if (found === undefined) return undefined;
    if (kind === 'method') return addMethod(rows, found as Mapping, idOf('MT', place));
    if (kind === 'comment') return addComment(rows, found as string, idOf('COM', place));
    return CODECS[kind].write(found as never);
  });
}

function addMethod(rows: Rows, { type = 'Computation', description }: Mapping, id: string): string {
  rows.Methods.push([id, type as string, description as string]);
  return id;
}

function addComment(rows: Rows, comment: string, id: string): string {
  rows.Comments.push([id, comment]);
  return id;
}

/** What no other column has. */
function restOf(fields: readonly Field[], value: Mapping): Written {
  const known = new Set(fields.map(({ path: [key] }) => key));
  const rest = Object.entries(value).filter(([key]) => !known.has(key) && !ELSEWHERE.has(key));
  return rest.length === 0 ? undefined : CODECS.yaml.write(Object.fromEntries(rest) as never);
}
