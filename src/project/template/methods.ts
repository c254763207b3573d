import { bound, pairArguments, textArgument, wholeArgument } from './arguments.ts';
import { wrongValue } from './complaint.ts';
import { braceFormat, zeroFilled } from './format.ts';
import { printed } from './print.ts';
import { trimmed } from './trim.ts';
import { type Call, type Dict, isEqual, itemsOf, settled, Tuple, type Value } from './value.ts';
import { capitalized, titledByLetter } from './words.ts';

export type Method<Self extends Value = never> = (self: Self, call: Call) => Value;
type Methods<Self extends Value> = ReadonlyMap<string, Method<Self>>;

/** A method without arguments. */
const plain = <Self extends Value>(name: string, work: (self: Self) => Value): [string, Method<Self>] => [
  name,
  (self, call) => {
    bound(name, call, []);
    return work(self);
  },
];

/** A method of one text. */
const ofOne = (name: string, work: (self: string, text: string) => Value): [string, Method<string>] => [
  name,
  (self, call) => work(self, textArgument(name, bound(name, call, ['text'])[0])),
];

/** Whether a text begins, or ends, with a text or one of a tuple of them. */
const edge = (name: string, holds: (self: string, text: string) => boolean): [string, Method<string>] => [
  name,
  (self, call) => {
    const [text] = bound(name, call, ['text']);
    const texts = text instanceof Tuple ? text.items : [text];
    return texts.some((one) => holds(self, textArgument(name, one)));
  },
];

export const TEXT_METHODS: Methods<string> = new Map<string, Method<string>>([
  plain('upper', (self) => self.toUpperCase()),
  plain('lower', (self) => self.toLowerCase()),
  plain('title', titledByLetter),
  plain('capitalize', capitalized),
  plain('isdigit', (self) => /^\p{Nd}+$/u.test(self)),
  plain('isnumeric', (self) => /^\p{N}+$/u.test(self)),
  plain('isupper', (self) => self !== self.toLowerCase() && self === self.toUpperCase()),
  plain('islower', (self) => self !== self.toUpperCase() && self === self.toLowerCase()),
  plain('splitlines', (self) => self.replace(/\r?\n$/, '').split(/\r?\n/)),
  ['strip', (self, call) => trimmed(self, bound('strip', call, ['chars'])[0])],
  ['lstrip', (self, call) => trimmed(self, bound('lstrip', call, ['chars'])[0], 'start')],
  ['rstrip', (self, call) => trimmed(self, bound('rstrip', call, ['chars'])[0], 'end')],
  edge('startswith', (self, text) => self.startsWith(text)),
  edge('endswith', (self, text) => self.endsWith(text)),
  ofOne('count', (self, text) => BigInt(partsAt(self, text).length - 1)),
  ofOne('find', (self, text) =>
    BigInt([...self.slice(0, Math.max(self.indexOf(text), 0))].length - Number(!self.includes(text))),
  ),
  ofOne('removeprefix', (self, text) => (self.startsWith(text) ? self.slice(text.length) : self)),
  ofOne('removesuffix', (self, text) => (text !== '' && self.endsWith(text) ? self.slice(0, -text.length) : self)),
  ['split', split],
  ['replace', replace],
  ['join', join],
  ['zfill', zfill],
  ['format', (self, { args, named, budget }) => braceFormat(self, args, named, budget)],
]);

export const LIST_METHODS: Methods<Value[]> = new Map<string, Method<Value[]>>([
  ['append', (self, call) => grow(self, [one('append', call)], call)],
  ['extend', (self, call) => grow(self, itemsOf(one('extend', call)), call)],
  ['insert', insert],
  ['pop', pop],
  ['index', (self, call) => indexIn(self, one('index', call))],
  ['count', (self, call) => countIn(self, one('count', call))],
  plain('copy', (self: Value[]) => [...self]),
]);

export const TUPLE_METHODS: Methods<Tuple> = new Map<string, Method<Tuple>>([
  ['index', (self, call) => indexIn(self.items, one('index', call))],
  ['count', (self, call) => countIn(self.items, one('count', call))],
]);

export const DICT_METHODS: Methods<Dict> = new Map<string, Method<Dict>>([
  plain('items', (self: Dict) => [...self].map((pair) => new Tuple(pair))),
  plain('keys', (self: Dict) => [...self.keys()]),
  plain('values', (self: Dict) => [...self.values()]),
  plain('copy', (self: Dict) => new Map(self)),
  ['get', get],
  ['update', update],
  ['setdefault', setDefault],
]);

const one = (name: string, call: Call) => {
  const [value] = bound(name, call, ['value']);
  if (value === undefined) throw wrongValue(`${name} needs a value.`);
  return settled(value);
};

function split(self: string, call: Call): Value {
  const [separator, most] = bound('split', call, ['sep', 'maxsplit']);
  const limit = wholeArgument('split', most, -1);
  if (separator !== undefined && separator !== null && separator !== '') {
    return limited(self.split(textArgument('split', separator)), limit, textArgument('split', separator));
  }
  if (separator === '') throw wrongValue('split needs a text to split at.');
  const words = [...self.matchAll(/\S+/g)];
  const first = words.map(([word]) => word).slice(0, limit < 0 ? undefined : limit);
  return first.length === words.length ? first : [...first, self.slice(words[first.length].index)];
}

function limited(parts: string[], limit: number, separator: string): string[] {
  if (limit < 0 || parts.length <= limit + 1) return parts;
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

export function replace(self: string, call: Call): Value {
  const [old, by] = bound('replace', call, ['old', 'new']);
  const parts = partsAt(self, textArgument('replace', old));
  const text = textArgument('replace', by);
  call.budget.text(parts.reduce((sum, part) => sum + part.length + text.length, 0));
  return parts.join(text);
}

/** What a text parts; the empty text stands before, between and behind all characters. */
const partsAt = (self: string, text: string) => (text === '' ? ['', ...self, ''] : self.split(text));

function join(self: string, call: Call): Value {
  const texts = itemsOf(one('join', call)).map(printed);
  call.budget.text(texts.reduce((sum, text) => sum + text.length + self.length, 0));
  return texts.join(self);
}

function zfill(self: string, call: Call): Value {
  const width = wholeArgument('zfill', bound('zfill', call, ['width'])[0]);
  call.budget.text(width);
  return zeroFilled(self, width);
}

function grow(self: Value[], items: readonly Value[], { budget }: Call): null {
  budget.list(self.length + items.length);
  self.push(...items);
  return null;
}

function insert(self: Value[], call: Call): null {
  const [index, value] = bound('insert', call, ['index', 'value']);
  call.budget.list(self.length + 1);
  self.splice(wholeArgument('insert', index), 0, settled(value ?? null));
  return null;
}

function pop(self: Value[], call: Call): Value {
  const index = wholeArgument('pop', bound('pop', call, ['index'])[0], -1);
  const [value] = index < -self.length ? [] : self.splice(index, 1);
  if (value === undefined) throw wrongValue('pop finds no such item.');
  return value;
}

function indexIn(items: readonly Value[], value: Value): Value {
  const index = items.findIndex((item) => isEqual(item, value));
  if (index < 0) throw wrongValue('index does not find the value.');
  return BigInt(index);
}

const countIn = (items: readonly Value[], value: Value) => BigInt(items.filter((item) => isEqual(item, value)).length);

function get(self: Dict, call: Call): Value {
  const [key, fallback = null] = bound('get', call, ['key', 'default']);
  return self.get(key ?? null) ?? fallback;
}

function update(self: Dict, call: Call): null {
  for (const [key, value] of pairArguments('update', call)) self.set(key, value);
  call.budget.list(self.size);
  return null;
}

function setDefault(self: Dict, call: Call): Value {
  const [key = null, fallback = null] = bound('setdefault', call, ['key', 'default']);
  const value = self.get(key) ?? fallback;
  self.set(key, value);
  return value;
}
