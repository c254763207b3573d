import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { lastSegment, sqlName } from '../../src/load/sql-name.ts';

const free = () => false;
const digest = (oid: string, digits: number) => createHash('sha256').update(oid).digest('hex').slice(0, digits);

it.each([
  ['IT.AE.AETERM', ['AETERM', 'AETERM', 'Term'], 'aeterm'],
  ['IT.AE.AETERM', [null, 'AETERM', 'Term'], 'aeterm'],
  ['IG.1', [null, '1', 'Personal Information'], 'personal_information'],
  ['X', ['Größe (cm)', 'X', null], 'grosse_cm'],
  ['X', ['2nd dose', 'X', null], 'x2nd_dose'],
  ['X', ['order', 'X', null], 'order_'],
  ['X', ['_hidden_', 'X', null], 'hidden'],
  ['X', ['a_name_that_is_longer_than_thirty_two_characters', 'X', null], 'a_name_that_is_longer_than_thirt'],
] as const)('names %s after the first candidate that leaves a letter [LOAD-101]', (oid, candidates, expected) => {
  expect(sqlName(oid, [...candidates], free)).toBe(expected);
});

it('names what leaves no letter after the hash of its OID [LOAD-101]', () => {
  expect(sqlName('誕生日', ['誕生日', '1', null], free)).toBe(`x${digest('誕生日', 8)}`);
});

it('ends a name that is taken with four digits of the hash of the OID, whatever else there is [LOAD-102]', () => {
  expect(sqlName('IT.VS.DATE', ['DATE'], (name) => name === 'date')).toBe(`date_${digest('IT.VS.DATE', 4)}`);
  const long = 'a_name_that_is_longer_than_thirty_two_characters';
  const cut = 'a_name_that_is_longer_than_thirt';
  const suffixed = `a_name_that_is_longer_than__${digest('O', 4)}`;
  expect(sqlName('O', [long], (name) => name === cut)).toBe(suffixed);
  expect(suffixed.length).toBe(32);
});

it('takes the last segment of a dotted OID', () => {
  expect(['IT.AE.AETERM', 'I_AE_TERM', 'FORM.FIELD'].map(lastSegment)).toEqual(['AETERM', 'I_AE_TERM', 'FIELD']);
});
