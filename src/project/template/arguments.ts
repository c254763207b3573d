import { wrongValue } from './complaint.ts';
import { type Call, capital, isNumber, isTrue, itemsOf, kindOf, present, settled, type Value } from './value.ts';

/** The arguments of a call by the names of its parameters; undefined for those that were not given. */
export function bound(
  what: string,
  call: Pick<Call, 'args' | 'named'>,
  names: readonly string[],
): (Value | undefined)[] {
  const { args, named } = call;
  if (args.length > names.length) {
    throw wrongValue(`${what} takes ${names.length === 0 ? 'no arguments' : `${names.join(', ')} and no more`}.`);
  }
  for (const name of named.keys()) {
    const place = names.indexOf(name);
    if (place < 0) throw wrongValue(`${what} has no argument ${name}.`);
    if (place < args.length) throw wrongValue(`${what} is given ${name} twice.`);
  }
  return names.map((name, index) => (index < args.length ? args[index] : named.get(name)));
}

/** The arguments of a call that takes as many as there are, and none by name. */
export function unnamed(what: string, { args, named }: Pick<Call, 'args' | 'named'>): readonly Value[] {
  for (const name of named.keys()) throw wrongValue(`${what} has no argument ${name}.`);
  return args;
}

/** Python's `dict()`, and what else takes the same: a dict or pairs, and more keys by name. */
export function pairArguments(what: string, { args, named }: Pick<Call, 'args' | 'named'>): [Value, Value][] {
  if (args.length > 1) throw wrongValue(`${what} takes a dict or a list of pairs, and keys by name.`);
  const given = args.length === 0 ? [] : present(args[0]);
  const pairs = given instanceof Map ? [...given] : itemsOf(given).map((pair) => pairOf(what, pair));
  return [...pairs, ...named].map(([key, value]) => [key, settled(value)]);
}

function pairOf(what: string, pair: Value): [Value, Value] {
  const items = itemsOf(pair);
  if (items.length !== 2) throw wrongValue(`${what} needs pairs, and is given ${items.length} in place of 2.`);
  return [keyArgument(items[0]), items[1]];
}

/** What can be the key of a dict. */
export function keyArgument(value: Value): Value {
  const key = present(value);
  if (key === null || typeof key === 'string' || typeof key === 'boolean' || isNumber(key)) return key;
  throw wrongValue(`${capital(kindOf(key))} cannot be the key of a dict.`);
}

export function textArgument(what: string, value: Value | undefined, fallback?: string): string {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value === 'string') return value;
  throw wrongValue(`${what} needs a text, not ${value === undefined ? 'nothing' : kindOf(value)}.`);
}

export function wholeArgument(what: string, value: Value | undefined, fallback?: number): number {
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  throw wrongValue(`${what} needs a whole number, not ${value === undefined ? 'nothing' : kindOf(value)}.`);
}

export const flagArgument = (value: Value | undefined) => value !== undefined && isTrue(value);
