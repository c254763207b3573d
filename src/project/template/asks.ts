import { wrongValue } from './complaint.ts';
import { contains } from './operators.ts';
import { compare, isEqual, isNumber, isTrue, Missing, NOTHING, Tuple, type Value } from './value.ts';

type Ask = (value: Value, other: Value) => boolean;

/** Jinja's tests, by name: what stands behind `is`, and what `select` and `reject` are given. */
export const ASKS: ReadonlyMap<string, Ask> = new Map([
  ['defined', (value: Value) => !(value instanceof Missing)],
  ['undefined', (value: Value) => value instanceof Missing],
  ['none', (value: Value) => value === null],
  ['true', (value: Value) => value === true],
  ['false', (value: Value) => value === false],
  ['boolean', (value: Value) => typeof value === 'boolean'],
  ['string', (value: Value) => typeof value === 'string'],
  ['number', (value: Value) => isNumber(value) || typeof value === 'boolean'],
  ['integer', (value: Value) => typeof value === 'bigint'],
  ['float', (value: Value) => typeof value === 'number'],
  ['mapping', (value: Value) => value instanceof Map],
  ['sequence', (value: Value) => isSequence(value)],
  ['iterable', (value: Value) => isSequence(value)],
  ['callable', (value: Value) => typeof value === 'function'],
  ['odd', (value: Value) => typeof value === 'bigint' && value % 2n !== 0n],
  ['even', (value: Value) => typeof value === 'bigint' && value % 2n === 0n],
  ['lower', (value: Value) => typeof value === 'string' && value === value.toLowerCase()],
  ['upper', (value: Value) => typeof value === 'string' && value === value.toUpperCase()],
  ['in', (value: Value, other: Value) => contains(other, value)],
  ...['equalto', 'eq', '=='].map((name) => [name, isEqual] as const),
  ...['ne', '!='].map((name) => [name, (value: Value, other: Value) => !isEqual(value, other)] as const),
  ...['lt', 'lessthan', '<'].map((name) => [name, (value: Value, other: Value) => compare(value, other) < 0] as const),
  ...['gt', 'greaterthan', '>'].map(
    (name) => [name, (value: Value, other: Value) => compare(value, other) > 0] as const,
  ),
]);

/** Asks a test, with the values behind its name: one where it compares, else none. */
export function askedWith(name: string, ask: Ask, others: readonly Value[]): (value: Value) => boolean {
  const takes = ask.length - 1;
  if (others.length !== takes) {
    const what = takes === 0 ? 'no value' : 'one value';
    throw wrongValue(`The test ${name} takes ${what} beside what is asked, and is given ${others.length || 'none'}.`);
  }
  return (value) => ask(value, others[0] ?? null);
}

/** What `select` asks where it is given no test. */
export const asksTruth = (value: Value) => isTrue(value);

const isSequence = (value: Value) =>
  value === NOTHING ||
  typeof value === 'string' ||
  Array.isArray(value) ||
  value instanceof Tuple ||
  value instanceof Map;
