import type { ModelTest, Severity } from '../../project/model-test.ts';
import type { ModelSource, SqlFile, SqlTemplate } from '../../project/project.ts';
import type { Scalar } from '../../project/vocabulary.ts';
import { identifier, literal, qualified } from '../../store/connection.ts';
import type { TableColumn } from '../../store/describe.ts';
import type { SqlText } from '../sql/sql-error.ts';
import { type Assertion, assertionOf, assertionOfFile } from './assertion.ts';

/** A test as SQL that returns the rows that fail. */
export interface CompiledTest extends Assertion {
  /** The model that it is a test of; undefined for a file of tests/. */
  readonly model: string | undefined;
  readonly name: string;
  readonly severity: Severity;
  readonly sql: string;
  /** Where it was written, for errors. */
  readonly path: string;
  readonly template?: SqlTemplate;
}

/** The tests of a model, from its properties. */
export function testsOfModel({ name: model, path, propertiesPath, properties }: ModelSource): CompiledTest[] {
  return properties.tests.map((test) => ({
    model,
    name: test.name,
    severity: test.severity,
    sql: compileTest(model, test),
    ...assertionOf(test),
    path: `${propertiesPath ?? path}, test ${test.name}`,
  }));
}

/** A file of tests/: its SELECT must return nothing. */
export function testOfFile({ name, path, sql, template }: SqlFile): CompiledTest {
  return { model: undefined, name, severity: 'error', sql, path, template, ...assertionOfFile(sql) };
}

export function textOf({ path, sql, model, template }: CompiledTest): SqlText {
  return { path, sql, model, template };
}

/**
 * The SELECT that returns the rows of `model` that fail. Values are compared as they are written, byte for byte, whatever
 * the collation of a column: within a struct there is none.
 */
export function compileTest(model: string, test: ModelTest): string {
  const table = qualified(model);
  switch (test.kind) {
    case 'not_null':
      return `SELECT * FROM ${table} WHERE coalesce(${textOfColumn(test.column)}, '') = ''`;
    case 'unique':
      return uniqueSql(table, test.columns);
    case 'accepted_values':
      return `SELECT * FROM ${table} WHERE ${acceptedCondition(test.column, test.values)}`;
    case 'relationships': {
      const toColumn = identifier(test.toColumn);
      const to = `SELECT {v: ${toColumn}} FROM ${qualified(test.to)} WHERE ${toColumn} IS NOT NULL`;
      const column = identifier(test.column);
      return `SELECT * FROM ${table} WHERE ${column} IS NOT NULL AND {v: ${column}} NOT IN (${to})`;
    }
    case 'sql':
      return test.sql;
  }
}

/** NULL counts as a value: two rows without a value in all key columns are no more unique than two with. */
function uniqueSql(table: string, columns: readonly string[]): string {
  const key = (of: string) => `row(${columns.map((column) => `${of}.${identifier(column)}`).join(', ')})`;
  const repeated = `SELECT ${key('each')} AS key FROM ${table} AS each GROUP BY ALL HAVING count(*) > 1`;
  return `SELECT tested.* FROM ${table} AS tested SEMI JOIN (${repeated}) AS repeated ON ${key('tested')} IS NOT DISTINCT FROM repeated.key`;
}

/** Texts are compared as texts: of '1', '01' and ' 1' only the first is 1. Numbers are compared as numbers elsewhere. */
function acceptedCondition(column: string, values: readonly Scalar[]): string {
  const name = identifier(column);
  const kinds = new Set(values.map((value) => (typeof value === 'bigint' ? 'number' : typeof value)));
  const asText = `${textOfColumn(column)} NOT IN (${values.map((value) => literal(String(value))).join(', ')})`;
  if (kinds.has('string') || kinds.size > 1) return `${name} IS NOT NULL AND ${asText}`;
  const asValue = `${name} NOT IN (${values.join(', ')})`;
  return `${name} IS NOT NULL AND CASE WHEN typeof(${name}) = 'VARCHAR' THEN ${asText} ELSE ${asValue} END`;
}

/** The value of a column as text, free of any collation. */
const textOfColumn = (column: string) => `CAST(${identifier(column)} AS VARCHAR) COLLATE "binary"`;

/** Name of the test that every dataset has. */
export const EMPTY_TEXT = 'no_empty_text';

/** In datasets a missing value is NULL and never '': rows with '' in any text column; undefined if there is none. */
export function emptyTextTest(model: string, path: string, columns: readonly TableColumn[]): CompiledTest | undefined {
  const texts = columns.filter(({ type }) => type === 'VARCHAR').map(({ name }) => name);
  if (texts.length === 0) return undefined;
  const sql = `SELECT * FROM ${qualified(model)} WHERE '' IN (${texts.map(textOfColumn).join(', ')})`;
  const asserts = "No column holds '': a missing value is NULL.";
  return { model, name: EMPTY_TEXT, severity: 'error', sql, path, kind: EMPTY_TEXT, columns: texts, asserts };
}
