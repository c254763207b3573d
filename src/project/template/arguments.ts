import { wrongValue } from './complaint.ts';
import { type Call, isTrue, kindOf, type Value } from './value.ts';

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
