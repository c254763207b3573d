import { describe, expect, it } from 'vitest';
import { propertiesSchema } from '../../src/project/properties.ts';

/** The tests that properties imply, and those written, by name. */
const testsOf = (properties: object) => propertiesSchema.parse(properties).tests;
const implied = (properties: object) => testsOf(properties).filter(({ name }) => /^(keys|mandatory)/.test(name));

describe('the tests that properties imply', () => {
  it('are that keys are unique and mandatory columns are filled, after those that a person wrote [MODEL-202]', () => {
    const columns = {
      A: { mandatory: true, tests: ['iso8601'] },
      B: {},
      C: { mandatory: true },
      D: { mandatory: false },
    };
    expect(testsOf({ keys: ['A', 'B'], columns }).map(({ name }) => name)).toEqual(['iso8601_A', 'mandatory', 'keys']);
    expect(implied({ keys: ['A', 'B'], columns })).toEqual([
      {
        kind: 'mandatory',
        name: 'mandatory',
        severity: 'error',
        columns: ['A', 'C'],
        at: ['columns', 'A', 'mandatory'],
      },
      { kind: 'unique', name: 'keys', severity: 'error', columns: ['A', 'B'], at: ['keys'] },
    ]);
    expect(implied({ keys: ['A'] })).toMatchObject([{ name: 'keys' }]);
    expect(implied({ columns: { A: {}, B: {} } })).toEqual([]);
  });

  it('are left to the tests that say the same, or more, with their severity [MODEL-202]', () => {
    const keys = ['STUDYID', 'USUBJID', 'AESEQ'];
    expect(implied({ keys, tests: [{ unique: ['USUBJID', 'AESEQ'] }] })).toEqual([]);
    expect(implied({ keys, tests: [{ unique_combination: keys, severity: 'warn' }] })).toEqual([]);
    expect(implied({ keys, tests: [{ unique: ['AESEQ', 'AETERM'] }] })).toMatchObject([{ name: 'keys' }]);
    expect(implied({ keys, tests: [{ unique: ['AESEQ'], where: 'AESEQ > 1' }] })).toMatchObject([{ name: 'keys' }]);
    const warned = { A: { mandatory: true, tests: [{ not_null: true, severity: 'warn' }] }, B: { mandatory: true } };
    expect(implied({ columns: warned })).toMatchObject([{ kind: 'mandatory', columns: ['B'] }]);
    const some = { A: { mandatory: true, tests: [{ not_null: true, where: 'B = 1' }] }, B: {} };
    expect(implied({ columns: some })).toMatchObject([{ kind: 'mandatory', columns: ['A'] }]);
  });

  it('give way to tests of a person with their names [MODEL-202]', () => {
    const tests = [{ expression: 'A > 1', name: 'keys' }];
    expect(testsOf({ keys: ['A'], tests }).map(({ name }) => name)).toEqual(['keys', 'keys_2']);
  });

  it('are of a snapshot about the versions in force [MODEL-202]', () => {
    const snapshot = { materialized: 'snapshot', unique_key: ['A'], keys: ['A'], columns: { A: { mandatory: true } } };
    expect(implied(snapshot)).toMatchObject([{ where: 'valid_to IS NULL' }, { where: 'valid_to IS NULL' }]);
  });
});
