import { expect, it } from 'vitest';
import { assertionOf, assertionOfFile } from '../../../src/model/test/assertion.ts';
import type { ModelTest } from '../../../src/project/model-test.ts';

const common = { name: 't', severity: 'error' } as const;

it.each<[ModelTest, readonly string[], string]>([
  [{ ...common, kind: 'not_null', column: 'AGE' }, ['AGE'], 'AGE is never missing.'],
  [{ ...common, kind: 'unique', columns: ['A', 'B'] }, ['A', 'B'], 'No two rows have the same A, B.'],
  [{ ...common, kind: 'accepted_values', column: 'SEX', values: ['F', 1] }, ['SEX'], 'SEX is missing or one of: F, 1.'],
  [
    { ...common, kind: 'relationships', column: 'USUBJID', to: 'sdtm.dm', toColumn: 'USUBJID' },
    ['USUBJID'],
    'Every USUBJID stands in sdtm.dm as USUBJID.',
  ],
  [{ ...common, kind: 'sql', sql: 'SELECT 1' }, [], 'Its SELECT returns nothing.'],
  [{ ...common, kind: 'sql', sql: 'SELECT 1', column: 'A', description: 'A is right.' }, ['A'], 'A is right.'],
])('of %j is told in words, or as it was described [MODEL-025]', (test, columns, asserts) => {
  expect(assertionOf(test)).toEqual({ kind: test.kind, columns, asserts });
});

it.each([
  ['-- No event ends\n--   before it starts.\n\nSELECT 1 -- one', 'No event ends before it starts.'],
  ['\n  -- Above.\r\nSELECT 1', 'Above.'],
  ['SELECT 1\n-- below', 'Its SELECT returns nothing.'],
])('of the file %j is its first comment [MODEL-025]', (sql, asserts) => {
  expect(assertionOfFile(sql)).toEqual({ kind: 'file', columns: [], asserts });
});
