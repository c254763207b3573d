import { WarehouseError } from './errors.ts';

/** How deep values may nest: far beyond honest use, well before the stack ends. */
const MAX_DEPTH = 500;

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The one text of a JSON value, by RFC 8785 (JSON Canonicalization Scheme): no white space, properties in the order
 * of their names' UTF-16 code units (3.2.3), numbers and strings as ECMAScript writes them (3.2.2). Hashed as UTF-8.
 *
 * Takes null, booleans, finite numbers, well-formed strings, arrays and plain objects. Refuses all that JSON cannot
 * hold rather than dropping or changing it: undefined (as a property's value too), NaN, infinities, bigint, symbols,
 * functions, lone surrogates, holes in arrays, dates and other class instances, circles. -0 is written 0 (3.2.2.3).
 *
 * @throws WarehouseError `JSON_NOT_CANONICAL`, naming the place as a path from `$`.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0);
}

function write(value: unknown, path: string, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeString(value, path);
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : refuse(path, `the number ${value}`);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === MAX_DEPTH) return refuse(path, `a value nested over ${MAX_DEPTH} deep, or in a circle`);
      return Array.isArray(value) ? writeArray(value, path, depth + 1) : writeObject(value, path, depth + 1);
    default:
      return refuse(path, `a value of type ${typeof value}`);
  }
}

function writeString(text: string, path: string): string {
  return LONE_SURROGATE.test(text) ? refuse(path, 'a text with a lone surrogate') : JSON.stringify(text);
}

function writeArray(values: readonly unknown[], path: string, depth: number): string {
  return `[${Array.from(values, (value, index) => write(value, `${path}[${index}]`, depth)).join(',')}]`;
}

function writeObject(object: object, path: string, depth: number): string {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype) return refuse(path, 'an object that is not plain');
  if (Object.getOwnPropertySymbols(object).length > 0) return refuse(path, 'a property named by a symbol');
  const members = Object.keys(object)
    .sort()
    .map((name) => {
      const place = `${path}.${name}`;
      return `${writeString(name, place)}:${write((object as Record<string, unknown>)[name], place, depth)}`;
    });
  return `{${members.join(',')}}`;
}

function refuse(path: string, what: string): never {
  throw new WarehouseError({
    kind: 'fault',
    code: 'JSON_NOT_CANONICAL',
    message: `${path} is ${what}, which JSON cannot hold.`,
    next: 'Turn it into a text, a number or null before it is written down.',
  });
}
