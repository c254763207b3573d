import type { Budget } from './budget.ts';
import { Complaint, wrongValue } from './complaint.ts';

/**
 * A value of a template. Whole numbers are bigint and others number, as Python's int and float; a list is an array, a dict
 * a Map in the order of writing. Nothing of JavaScript's own is reachable from one: members are looked up in tables.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Value[]
  | Tuple
  | Dict
  | Namespace
  | Thing
  | Callable
  | Missing;

export type Dict = Map<Value, Value>;
export type Callable = (call: Call) => Value;

/** What a function, filter or method is called with. */
export interface Call {
  readonly args: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  readonly budget: Budget;
}

export class Tuple {
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** `namespace()`: the one thing that a loop can set so that it stays. */
export class Namespace {
  readonly members = new Map<string, Value>();
}

/** Something of ours with a name: a relation, `target`, `exceptions`. */
export class Thing {
  readonly what: string;
  readonly members: ReadonlyMap<string, Value>;
  /** What it is in SQL; undefined where it is nothing there. */
  readonly sql: string | undefined;

  constructor(what: string, members: Readonly<Record<string, Value>>, sql?: string) {
    this.what = what;
    this.members = new Map(Object.entries(members));
    this.sql = sql;
  }
}

/** What is not there. It may be asked for (`is defined`, `default`), and not used. */
export class Missing {
  readonly complaint: Complaint;

  constructor(message: string, next?: string, code = 'TEMPLATE_UNDEFINED') {
    this.complaint = new Complaint(code, message, next);
  }
}

/** The value, which has to be there. @throws TEMPLATE_UNDEFINED */
export function present(value: Value): Exclude<Value, Missing> {
  if (value instanceof Missing) throw value.complaint;
  return value;
}

/**
 * What `x if y` is where y is false: not there, and yet empty where it is printed, looped over or asked for its truth. In
 * Jinja it is so too where every other use of what is not there is an error.
 */
export const NOTHING = new Missing(
  'What stands before an if without else is used, and the if is false.',
  'Write else and what it is then.',
);

/** The value, which has to be there or to be nothing. @throws TEMPLATE_UNDEFINED */
export function settled(value: Value): Value {
  return value === NOTHING ? value : present(value);
}

/** What it is called in messages. */
export function kindOf(value: Value): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Tuple) return 'a tuple';
  if (value instanceof Map) return 'a dict';
  if (value instanceof Namespace) return 'a namespace';
  if (value instanceof Thing) return value.what;
  if (value instanceof Missing) return 'undefined';
  const kinds: Record<string, string> = { bigint: 'a whole number', number: 'a number', boolean: 'true or false' };
  return kinds[typeof value] ?? (typeof value === 'string' ? 'a text' : 'a function');
}

/** As Python has it: nothing, zero and what is empty are false. */
export function isTrue(value: Value): boolean {
  if (value === NOTHING) return false;
  const there = present(value);
  if (Array.isArray(there)) return there.length > 0;
  if (there instanceof Tuple) return there.items.length > 0;
  if (there instanceof Map) return there.size > 0;
  return Boolean(there);
}

/** The items of a list, a tuple, a text (its characters) or a dict (its keys). */
export function itemsOf(value: Value): readonly Value[] {
  if (value === NOTHING) return [];
  const there = present(value);
  if (Array.isArray(there)) return there;
  if (there instanceof Tuple) return there.items;
  if (there instanceof Map) return [...there.keys()];
  if (typeof there === 'string') return [...there];
  throw wrongValue(`A list is needed, not ${kindOf(there)}.`);
}

export const isNumber = (value: Value): value is bigint | number =>
  typeof value === 'bigint' || typeof value === 'number';

/** Python's ==: numbers by their value, lists and dicts by what they hold. */
export function isEqual(a: Value, b: Value): boolean {
  const [left, right] = [asNumber(settled(a)), asNumber(settled(b))];
  // biome-ignore lint/suspicious/noDoubleEquals: of 1 and 1n, which are equal
  if (isNumber(left) && isNumber(right)) return left == right;
  if (Array.isArray(a) && Array.isArray(b)) return areEqual(a, b);
  if (a instanceof Tuple && b instanceof Tuple) return areEqual(a.items, b.items);
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && isEqual(value, b.get(key)!));
  }
  if (a instanceof Thing && b instanceof Thing) return a.sql !== undefined && a.sql === b.sql;
  return a === b;
}

const asNumber = (value: Value) => (typeof value === 'boolean' ? BigInt(value) : value);

const areEqual = (a: readonly Value[], b: readonly Value[]) =>
  a.length === b.length && a.every((item, index) => isEqual(item, b[index]));

/** Negative, zero or positive, of two numbers or two texts. */
export function compare(a: Value, b: Value): number {
  const [left, right] = [present(a), present(b)];
  if ((isNumber(left) && isNumber(right)) || (typeof left === 'string' && typeof right === 'string')) {
    if (left === right) return 0;
    return left < right ? -1 : left > right ? 1 : 0;
  }
  throw wrongValue(`${capital(kindOf(left))} and ${kindOf(right)} have no order.`);
}

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
