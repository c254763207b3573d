import type { ModelTest } from '../../project/model-test.ts';

/** What a test asserts, for those who see its result. */
export interface Assertion {
  /** not_null, unique, accepted_values, relationships, sql, no_empty_text, qc, or file for one of tests/. */
  readonly kind: ModelTest['kind'] | 'no_empty_text' | 'qc' | 'file';
  /** The columns that it is a test of; none where only its SQL tells. */
  readonly columns: readonly string[];
  /** In words. */
  readonly asserts: string;
}

const ONLY_SQL = 'Its SELECT returns nothing.';

/** Its description, else what its kind and arguments say. */
export function assertionOf(test: ModelTest): Assertion {
  const columns = test.kind === 'unique' ? test.columns : test.column === undefined ? [] : [test.column];
  return { kind: test.kind, columns, asserts: test.description ?? inWords(test) };
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
  switch (test.kind) {
    case 'not_null':
      return `${test.column} is never missing.`;
    case 'unique':
      return `No two rows have the same ${test.columns.join(', ')}.`;
    case 'accepted_values':
      return `${test.column} is missing or one of: ${test.values.join(', ')}.`;
    case 'relationships':
      return `Every ${test.column} stands in ${test.to} as ${test.toColumn}.`;
    case 'sql':
      return ONLY_SQL;
  }
}
