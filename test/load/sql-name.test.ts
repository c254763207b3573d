import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { itemCandidates, itemGroupCandidates, sqlName } from '../../src/load/sql-name.ts';

const free = () => false;
const except =
  (...names: readonly string[]) =>
  (name: string) =>
    names.includes(name);
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
  ['X', ['made a suicide attempt lifetime 3months', 'X', null], 'made_a_suicide_attempt_lifetime'],
] as const)('names %s after the first candidate that leaves a letter [NAMES-001]', (oid, candidates, expected) => {
  expect(sqlName(oid, [...candidates], free)).toBe(expected);
});

it.each([
  // OIDs of published ODM files.
  [{ oid: 'IT.AE.AETERM', sasName: null, name: 'Reported term' }, 'aeterm'],
  [{ oid: 'I_PHYSI_SYSTOLIC', sasName: 'SYSTOLIC', name: 'Systolic pressure' }, 'systolic'],
  [{ oid: 'IG.1', sasName: null, name: 'Personal Information' }, 'personal_information'],
  [{ oid: 'IG.1', sasName: null, name: null }, 'ig_1'],
  [{ oid: 'WHO.1', sasName: null, name: null }, 'who_1'],
])('names %j after SAS name, end of the OID, name, whole OID [NAMES-001]', (source, expected) => {
  expect(sqlName(source.oid, itemCandidates(source), free)).toBe(expected);
});

it('takes the next of these where a name is taken [NAMES-002]', () => {
  const pulse = { oid: 'ODM.IT.VS.PULSE.VSORRES', sasName: null, name: 'Pulse' };
  expect(sqlName(pulse.oid, itemCandidates(pulse), except('vsorres'))).toBe('pulse');
  expect(sqlName(pulse.oid, itemCandidates(pulse), except('vsorres', 'pulse'))).toBe('odm_it_vs_pulse_vsorres');
});

it('names an item group after the whole OID where the end of that is one of its items [NAMES-001]', () => {
  const section = { oid: 'demographics.last_name', sasName: null, name: 'Basic Demography Form' };
  const name = (items: readonly string[]) => sqlName(section.oid, itemGroupCandidates(section, new Set(items)), free);
  expect(name(['last_name', 'dob'])).toBe('demographics_last_name');
  expect(name(['dob'])).toBe('last_name');
});

it('names what leaves no letter after the digits of its OID, or their hash [NAMES-001]', () => {
  expect(sqlName('12.7', itemCandidates({ oid: '12.7', sasName: null, name: '7' }), free)).toBe('x12_7');
  expect(sqlName('誕生日', ['誕生日', '1', null], free)).toBe(`x${digest('誕生日', 8)}`);
});

it('ends a name with four digits of the hash of the OID where all are taken, whatever else there is [NAMES-002]', () => {
  expect(sqlName('IT.VS.DATE', ['DATE'], except('date'))).toBe(`date_${digest('IT.VS.DATE', 4)}`);
  const long = 'a_name_that_is_longer_than_thirty_two_characters';
  const suffixed = `a_name_that_is_longer_than_${digest('O', 4)}`;
  expect(sqlName('O', [long], except('a_name_that_is_longer_than_thirt'))).toBe(suffixed);
});
