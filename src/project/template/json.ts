import type { Budget } from './budget.ts';
import { wrongValue } from './complaint.ts';
import type { Dict, Value } from './value.ts';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{}]/g;
const WORDS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * Python's `json.loads()`: whole numbers of any size are int, those with a point or an exponent float, and the keys of a
 * dict stand in the order of the text. Undefined for what is no JSON, of which NaN and Infinity are.
 * @throws TEMPLATE_LIMIT for a whole number of more than 128 bits, TEMPLATE_VALUE for a float that has no finite value
 */
export function fromJson(text: string, budget: Budget): Value | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const root: Value[] = [];
  const open: { into: Value[] | Dict; key?: string }[] = [{ into: root }];
  for (const [token] of text.matchAll(TOKEN)) {
    const here = open.at(-1)!;
    if (token === ']' || token === '}') {
      open.pop();
    } else if (here.into instanceof Map && here.key === undefined) {
      here.key = JSON.parse(token);
    } else {
      const value = partOf(token, budget);
      if (here.into instanceof Map) here.into.set(here.key!, value);
      else here.into.push(value);
      here.key = undefined;
      if (Array.isArray(value) || value instanceof Map) open.push({ into: value });
    }
  }
  return root[0];
}

/** What a token says; an empty list or dict where one begins. */
function partOf(token: string, budget: Budget): Value {
  if (token === '[') return [];
  if (token === '{') return new Map();
  if (token.startsWith('"')) return JSON.parse(token);
  if (/^-?\d{1,40}$/.test(token)) return budget.integer(BigInt(token));
  if (/^-?\d+$/.test(token)) return budget.integer(10n ** 40n);
  const word = WORDS.get(token);
  if (word !== undefined) return word;
  const number = Number(token);
  if (!Number.isFinite(number)) throw wrongValue('fromjson is given a number that is too large.');
  return number;
}
