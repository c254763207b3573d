import { nearest } from '../nearest.ts';
import { bound, flagArgument, textArgument, unnamed, wholeArgument } from './arguments.ts';
import { ASKS, askedWith, asksTruth } from './asks.ts';
import { Complaint, wrongValue } from './complaint.ts';
import { percentFormat } from './format.ts';
import { memberOf } from './members.ts';
import { replace } from './methods.ts';
import { fixedText } from './numbers.ts';
import { operate } from './operators.ts';
import { jsonText, printed } from './print.ts';
import { trimmed } from './trim.ts';
import {
  type Call,
  compare,
  isEqual,
  isNumber,
  isTrue,
  itemsOf,
  kindOf,
  Missing,
  present,
  settled,
  Tuple,
  type Value,
} from './value.ts';
import { capitalized, titled } from './words.ts';

type Filter = (value: Value, call: Call) => Value;

/** A filter without arguments. */
const plain =
  (name: string, work: (value: Value, call: Call) => Value): Filter =>
  (value, call) => {
    bound(name, call, []);
    return work(value, call);
  };

const ofText = (name: string, work: (text: string) => string): [string, Filter] => [
  name,
  plain(name, (value, { budget }) => {
    const text = work(printed(value));
    budget.text(text.length);
    return text;
  }),
];

/** Jinja's filters, by name, and those of dbt. What is not here is refused by name. */
const FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ofText('upper', (text) => text.toUpperCase()),
  ofText('lower', (text) => text.toLowerCase()),
  ofText('title', titled),
  ofText('capitalize', capitalized),
  ofText('string', (text) => text),
  ['trim', (value, call) => trimmed(printed(value), bound('trim', call, ['chars'])[0])],
  ['replace', (value, call) => replace(printed(value), call)],
  ['indent', indented],
  ['format', (value, call) => percentFormat(textArgument('format', value), unnamed('format', call), call.budget)],
  ['length', plain('length', length)],
  ['count', plain('count', length)],
  ['default', withDefault],
  ['d', withDefault],
  ['list', plain('list', (value) => [...itemsOf(value)])],
  ['first', plain('first', (value) => itemsOf(value)[0] ?? nothing('first'))],
  ['last', plain('last', (value) => itemsOf(value).at(-1) ?? nothing('last'))],
  [
    'reverse',
    plain('reverse', (value) =>
      typeof value === 'string' ? [...value].reverse().join('') : [...itemsOf(value)].reverse(),
    ),
  ],
  ['unique', plain('unique', (value) => unique(itemsOf(value)))],
  ['join', join],
  ['sort', sorted],
  ['min', plain('min', (value) => extreme('min', value, -1))],
  ['max', plain('max', (value) => extreme('max', value, 1))],
  [
    'sum',
    plain('sum', (value, { budget }) => itemsOf(value).reduce((sum, item) => operate('+', sum, item, budget), 0n)),
  ],
  ['map', mapped],
  ['select', (value, call) => itemsOf(value).filter(asking(unnamed('select', call)))],
  ['reject', (value, call) => itemsOf(value).filter(not(asking(unnamed('reject', call))))],
  ['selectattr', (value, call) => itemsOf(value).filter(askingMember(unnamed('selectattr', call)))],
  ['rejectattr', (value, call) => itemsOf(value).filter(not(askingMember(unnamed('rejectattr', call))))],
  ['items', plain('items', pairsOf)],
  [
    'dictsort',
    plain('dictsort', (value) => pairsOf(value).sort((a, b) => compare(folded(a.items[0]), folded(b.items[0])))),
  ],
  ['int', toWhole],
  ['float', toFloat],
  ['round', rounded],
  [
    'abs',
    plain('abs', (value) =>
      typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(numberOf('abs', value)),
    ),
  ],
  ['tojson', plain('tojson', (value) => jsonText(value, true).replace(/[<>&']/g, escaped))],
  ['safe', plain('safe', (value) => value)],
  ['as_text', plain('as_text', (value) => value)],
  ['as_number', plain('as_number', (value) => value)],
  ['as_bool', plain('as_bool', (value) => value)],
  ['as_native', plain('as_native', (value) => value)],
]);

/** @throws TEMPLATE_UNDEFINED for a filter that there is not, and for a value that there is not. */
export function filtered(name: string, value: Value, call: Call): Value {
  const filter = FILTERS.get(name);
  if (filter === undefined) {
    const near = nearest(name, FILTERS.keys());
    const next = near === undefined ? `There are ${[...FILTERS.keys()].sort().join(', ')}.` : `Did you mean ${near}?`;
    throw new Complaint('TEMPLATE_UNDEFINED', `There is no filter ${name}.`, next);
  }
  return filter(filter === withDefault ? value : settled(value), call);
}

const nothing = (which: string) => new Missing(`The ${which} of an empty list is used.`);

function withDefault(value: Value, call: Call): Value {
  const [fallback = '', boolean] = bound('default', call, ['default_value', 'boolean']);
  if (value instanceof Missing) return fallback;
  return flagArgument(boolean) && !isTrue(value) ? fallback : value;
}

function length(value: Value): Value {
  return BigInt(itemsOf(value).length);
}

function indented(value: Value, call: Call): Value {
  const [width, first, blank] = bound('indent', call, ['width', 'first', 'blank']);
  const indent = typeof width === 'string' ? width : blanks(wholeArgument('indent', width, 4), call);
  const lines = printed(present(value)).split('\n');
  const [everyFirst, everyBlank] = [flagArgument(first), flagArgument(blank)];
  call.budget.text(lines.length * indent.length);
  return lines
    .map((line, at) => ((at === 0 ? everyFirst : line !== '' || everyBlank) ? indent + line : line))
    .join('\n');
}

function blanks(width: number, { budget }: Call): string {
  budget.text(Math.max(width, 0));
  return ' '.repeat(Math.max(width, 0));
}

/** As Jinja's tojson writes what HTML has a meaning for. */
const escaped = (character: string) => `\\u00${character.charCodeAt(0).toString(16)}`;

function join(value: Value, call: Call): Value {
  const [separator = '', attribute] = bound('join', call, ['d', 'attribute']);
  const items = itemsOf(value);
  const texts = (attribute === undefined ? items : items.map((item) => memberAt(item, attribute))).map(printed);
  const between = printed(separator);
  call.budget.text(texts.reduce((sum, text) => sum + text.length + between.length, 0));
  return texts.join(between);
}

function unique(items: readonly Value[]): Value[] {
  return items.filter((item, index) => items.findIndex((other) => isEqual(folded(other), folded(item))) === index);
}

/** As texts are compared, unless it is asked for: regardless of case. */
const folded = (item: Value) => (typeof item === 'string' ? item.toLowerCase() : item);

function sorted(value: Value, call: Call): Value {
  const [reverse, caseSensitive, attribute] = bound('sort', call, ['reverse', 'case_sensitive', 'attribute']);
  const fold = (item: Value) => (flagArgument(caseSensitive) ? item : folded(item));
  const key = (item: Value) => fold(attribute === undefined ? item : memberAt(item, attribute));
  const sign = flagArgument(reverse) ? -1 : 1;
  return [...itemsOf(value)].sort((a, b) => sign * compare(key(a), key(b)));
}

function extreme(name: string, value: Value, sign: number): Value {
  const items = itemsOf(value);
  if (items.length === 0) return new Missing(`The ${name} of an empty list is used.`);
  return items.reduce((best, item) => (sign * compare(folded(item), folded(best)) > 0 ? item : best));
}

/** `map('upper')`, or `map(attribute='name')`. */
function mapped(value: Value, call: Call): Value {
  const items = itemsOf(value);
  if (call.args.length === 0) {
    const [attribute, fallback] = bound('map', call, ['attribute', 'default']);
    if (attribute === undefined) throw wrongValue('map needs the name of a filter, or attribute.');
    return items.map((item) => {
      const member = memberAt(item, attribute);
      return member instanceof Missing ? (fallback ?? member) : member;
    });
  }
  const [name, ...args] = call.args;
  const filter = textArgument('map', name);
  return items.map((item) => filtered(filter, item, { ...call, args }));
}

const not = (asks: (item: Value) => boolean) => (item: Value) => !asks(item);

function asking([name, ...others]: readonly Value[]): (item: Value) => boolean {
  if (name === undefined) return asksTruth;
  const ask = ASKS.get(textArgument('select', name));
  if (ask === undefined) throw wrongValue(`There is no test ${printed(name)}.`);
  return askedWith(printed(name), ask, others);
}

function askingMember([attribute, ...ask]: readonly Value[]): (item: Value) => boolean {
  const test = asking(ask);
  return (item) => {
    const member = memberAt(item, textArgument('selectattr', attribute));
    return ask.length === 0 && member instanceof Missing ? false : test(member);
  };
}

/** `name`, or `name.first` of a dict in a dict. */
function memberAt(item: Value, attribute: Value): Value {
  if (typeof attribute !== 'string') return memberOf(item, attribute);
  return attribute.split('.').reduce((value: Value, name) => memberOf(value, name), item);
}

function pairsOf(value: Value): Tuple[] {
  if (!(value instanceof Map)) throw wrongValue(`A dict is needed, not ${kindOf(value)}.`);
  return [...value].map((pair) => new Tuple(pair));
}

function toWhole(given: Value, call: Call): Value {
  const [fallback = 0n] = bound('int', call, ['default']);
  const value = present(given);
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  const text = digitsOf(value);
  if (/^[+-]?\d{1,38}$/.test(text)) return BigInt(text.replace('+', ''));
  const number = FLOAT.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : fallback;
}

function toFloat(given: Value, call: Call): Value {
  const [fallback = 0] = bound('float', call, ['default']);
  const value = present(given);
  if (isNumber(value) || typeof value === 'boolean') return Number(value);
  const text = digitsOf(value);
  return FLOAT.test(text) ? Number(text) : fallback;
}

/** A text as Python reads it for a number: `1_000` is 1000. */
const digitsOf = (value: Value) => (typeof value === 'string' ? value.trim().replace(/(?<=\d)_(?=\d)/g, '') : '');

const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function rounded(value: Value, call: Call): Value {
  const [precision, method = 'common'] = bound('round', call, ['precision', 'method']);
  const digits = Math.min(wholeArgument('round', precision, 0), 15);
  if (digits < 0) throw wrongValue('round takes no negative precision.', 'Divide, round, and multiply again.');
  if (method === 'common' && typeof value === 'bigint') return value;
  const scaled = numberOf('round', value) * 10 ** digits;
  if (method === 'ceil') return Math.ceil(scaled) / 10 ** digits;
  if (method === 'floor') return Math.floor(scaled) / 10 ** digits;
  if (method !== 'common') throw wrongValue('round knows the methods common, ceil and floor.');
  return Number(fixedText(numberOf('round', value), digits));
}

function numberOf(what: string, value: Value): number {
  if (isNumber(value)) return Number(value);
  throw wrongValue(`${what} needs a number, not ${kindOf(value)}.`);
}
