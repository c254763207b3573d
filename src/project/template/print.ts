import { wrongValue } from './complaint.ts';
import { capital, compare, kindOf, NOTHING, present, Thing, Tuple, type Value } from './value.ts';

/** What a value is in the SQL: as Jinja prints it, which is Python's `str()`. */
export function printed(value: Value): string {
  if (value === NOTHING) return '';
  const there = present(value);
  if (typeof there === 'string') return there;
  if (there instanceof Thing && there.sql !== undefined) return there.sql;
  if (there === null) return 'None';
  if (typeof there === 'boolean') return there ? 'True' : 'False';
  if (typeof there === 'bigint') return String(there);
  if (typeof there === 'number') return floatText(there);
  if (Array.isArray(there)) return `[${there.map(quoted).join(', ')}]`;
  if (there instanceof Tuple) return tupleText(there.items);
  if (there instanceof Map) {
    return `{${[...there].map(([key, member]) => `${quoted(key)}: ${quoted(member)}`).join(', ')}}`;
  }
  const next = typeof there === 'function' ? 'Call it: write () behind its name.' : undefined;
  throw wrongValue(`${capital(kindOf(there))} cannot be printed.`, next);
}

/** Python's `repr()`: within a list, texts are in quotes. */
export function quoted(value: Value): string {
  const there = present(value);
  if (typeof there !== 'string') return printed(there);
  const quote = there.includes("'") && !there.includes('"') ? '"' : "'";
  const inside = there.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return quote + inside.replaceAll(quote, `\\${quote}`) + quote;
}

function tupleText(items: readonly Value[]): string {
  return items.length === 1 ? `(${quoted(items[0])},)` : `(${items.map(quoted).join(', ')})`;
}

/** Python's `repr()` of a float: 1.0, -0.0, 0.1, 1e-07, 1e+16. */
function floatText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** Python's `json.dumps()`, with `sort_keys` as Jinja's filter tojson has it. */
export function jsonText(value: Value, sortsKeys = false): string {
  const there = present(value);
  if (there === null || typeof there === 'boolean') return String(there);
  if (typeof there === 'string') return asciiJson(there);
  if (Array.isArray(there)) return `[${there.map((item) => jsonText(item, sortsKeys)).join(', ')}]`;
  if (there instanceof Tuple) return jsonText([...there.items], sortsKeys);
  if (there instanceof Map) {
    const pairs = sortsKeys ? [...there].sort(([a], [b]) => compare(a, b)) : [...there];
    return `{${pairs.map(([key, member]) => `${asciiJson(keyText(key))}: ${jsonText(member, sortsKeys)}`).join(', ')}}`;
  }
  if (typeof there === 'bigint' || typeof there === 'number') return printed(there);
  throw wrongValue(`${capital(kindOf(there))} is no JSON.`);
}

/** A key of JSON is a text: of none, true and false the word that JSON has. */
const keyText = (key: Value) => (key === null || typeof key === 'boolean' ? String(key) : printed(key));

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value of JSON or YAML as one of templates: whole numbers are int. */
export function fromPlain(plain: unknown): Value {
  if (Array.isArray(plain)) return plain.map(fromPlain);
  if (typeof plain === 'number') return Number.isSafeInteger(plain) ? BigInt(plain) : plain;
  if (typeof plain !== 'object' || plain === null) return plain as Value;
  return new Map(Object.entries(plain).map(([key, member]) => [key, fromPlain(member)]));
}
