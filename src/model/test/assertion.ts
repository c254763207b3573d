import type { ModelTest } from '../../project/model-test.ts';
import type { UnitTest } from '../../project/unit-test.ts';
import { thresholdsInWords } from './judge.ts';

/** What a test asserts, for those who see its result. */
export interface Assertion {
  /** That of the properties; no_empty_text, unit_test, qc, or file for one of tests/. */
  readonly kind: ModelTest['kind'] | 'no_empty_text' | 'unit_test' | 'qc' | 'file';
  /** The columns that it is a test of; none where only its SQL tells. */
  readonly columns: readonly string[];
  /** In words. */
  readonly asserts: string;
}

const ONLY_SQL = 'Its SELECT returns nothing.';

/** Its description, else what its kind and arguments say; then its thresholds. */
export function assertionOf(test: ModelTest): Assertion {
  const said = test.description ?? inWords(test);
  const thresholds = thresholdsInWords(test);
  return {
    kind: test.kind,
    columns: columnsOf(test),
    asserts: thresholds === undefined ? said : `${said} ${thresholds}`,
  };
}

/** Its description, else what every unit test says. */
export function assertionOfUnitTest({ description }: UnitTest): Assertion {
  return {
    kind: 'unit_test',
    columns: [],
    asserts: description ?? 'Of the given rows, the SELECT makes those expected.',
  };
}

function columnsOf(test: ModelTest): readonly string[] {
  if (test.kind === 'unique' || test.kind === 'mandatory') return test.columns;
  return 'column' in test && test.column !== undefined ? [test.column] : [];
}

/** A file of tests/ says in the comment that it begins with what it asserts. */
export function assertionOfFile(sql: string): Assertion {
  const [comment] = /^(?:\s*--[^\n]*\n?)*/.exec(sql) ?? [''];
  const text = comment
    .replace(/^\s*--/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return { kind: 'file', columns: [], asserts: text || ONLY_SQL };
}

function inWords(test: ModelTest): string {
  const said = ofKind(test);
  return test.where === undefined ? said : `${said} Where: ${test.where.trim()}.`;
}

function ofKind(test: ModelTest): string {
  switch (test.kind) {
    case 'not_null':
      return `${test.column} is never missing.`;
    case 'mandatory':
      return `None of these is ever missing: ${test.columns.join(', ')}.`;
    case 'unique':
      return `No two rows have the same ${test.columns.join(', ')}.`;
    case 'accepted_values':
      return `${test.column} is missing or one of: ${test.values.join(', ')}.`;
    case 'relationships':
      return `Every ${test.column} stands in ${test.to} as ${test.toColumn}.`;
    case 'codelist':
      return `${test.column} is missing or a value of the codelist ${test.codelist}.`;
    case 'expression':
      return `Of no row this is false: ${test.column === undefined ? '' : `${test.column}: `}${test.expression.trim()}.`;
    case 'row_count':
      return `The number of rows is ${countInWords(test)}.`;
    case 'equal_rowcount':
      return `There are as many rows as in ${test.to}.`;
    case 'not_negative':
      return `${test.column} is missing or not below 0.`;
    case 'iso8601':
      return `${test.column} is missing or, by ISO 8601, a ${test.forms.join(' or ')}.`;
    case 'freshness': {
      const what = test.column === undefined ? `The last delivery of ${test.source}` : `The newest ${test.column}`;
      return `${what} is no older than ${test.after}.`;
    }
    case 'sql':
      return ONLY_SQL;
  }
}

function countInWords({ min, max, equals }: { min?: number; max?: number; equals?: number }): string {
  if (equals !== undefined) return String(equals);
  if (max === undefined) return `${min} or more`;
  return min === undefined ? `${max} or less` : `${min} to ${max}`;
}
