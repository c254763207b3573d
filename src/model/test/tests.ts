import type { ErrorPlace } from '../../lib/errors.ts';
import type { ModelTest } from '../../project/model-test.ts';
import type { ModelSource, TestFile } from '../../project/project.ts';
import { propertiesFile, propertyPlace } from '../../project/property-error.ts';
import type { SqlTemplate } from '../../project/sql-file.ts';
import type { Severity } from '../../project/test-kinds.ts';
import type { Threshold } from '../../project/threshold.ts';
import { qualified } from '../../store/connection.ts';
import type { TableColumn } from '../../store/describe.ts';
import type { SqlText } from '../sql/sql-error.ts';
import { type Assertion, assertionOf, assertionOfFile } from './assertion.ts';
import { needsTotal } from './judge.ts';
import { countsSql, testSql, textOfColumn, totalSql } from './test-sql.ts';

/** A test as SQL that returns the rows that fail. */
export interface CompiledTest extends Assertion {
  /** The model that it is a test of; undefined for a file of tests/. */
  readonly model: string | undefined;
  readonly name: string;
  readonly severity: Severity;
  readonly errorIf?: Threshold;
  readonly warnIf?: Threshold;
  readonly sql: string;
  /** The SELECT at a time, of a test that asks how late it is; such a test is run each time. */
  readonly sqlAt?: (now: Date) => string;
  /** The SELECT of the number of rows that a share is of, where a threshold is one. */
  readonly total?: string;
  /** Of a test of several columns, the SELECT of how many rows are at fault in each, by its name. */
  readonly counts?: string;
  /** What stands in its SQL between parentheses, and has to be an expression of its own. */
  readonly conditions?: readonly string[];
  /** The codelist that it names, which the study's definitions must have. */
  readonly codelist?: string;
  /** Of a test of relationships, the other column: `sdtm.dm.USUBJID`. */
  readonly to?: string;
  /** Where it was written, for errors. */
  readonly path: string;
  /** Where in the properties, of one that is written there. */
  readonly place?: ErrorPlace;
  readonly template?: SqlTemplate;
}

/** The tests of a model, from its properties. */
export function testsOfModel(source: ModelSource): CompiledTest[] {
  const { name: model, properties } = source;
  return properties.tests.map((test) => ({
    model,
    ...compiled(model, test),
    ...assertionOf(test),
    path: `${propertiesFile(source)}, test ${test.name}`,
    ...(test.at && source.locate && { place: { model, ...propertyPlace(source, test.at) } }),
  }));
}

/** What the SELECT of a test of freshness is understood by, and known again; never run. */
const NO_TIME = new Date(0);

function compiled(model: string, test: ModelTest): Omit<CompiledTest, keyof Assertion | 'model' | 'path' | 'place'> {
  const { name, severity, errorIf, warnIf } = test;
  const counts = countsSql(model, test);
  return {
    name,
    severity,
    sql: testSql(model, test, NO_TIME),
    ...(errorIf && { errorIf }),
    ...(warnIf && { warnIf }),
    ...(needsTotal(test) && { total: totalSql(model, test) }),
    ...(test.kind === 'freshness' && { sqlAt: (now: Date) => testSql(model, test, now) }),
    ...(counts !== undefined && { counts }),
    conditions: [
      ...(test.where === undefined ? [] : [test.where]),
      ...(test.kind === 'expression' ? [test.expression] : []),
    ],
    ...(test.kind === 'codelist' && { codelist: test.codelist }),
    ...(test.kind === 'relationships' && { to: `${test.to}.${test.toColumn}` }),
  };
}

/** A file of tests/: its SELECT must return nothing. */
export function testOfFile({ description, ...file }: TestFile): CompiledTest {
  const said = assertionOfFile(file.sql);
  return { model: undefined, severity: 'error', ...file, ...said, asserts: description ?? said.asserts };
}

export function textOf({ path, sql, model, template, place }: CompiledTest): SqlText {
  return { path, sql, model, template, ...(place && { place }) };
}

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
