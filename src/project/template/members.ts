import { nearest } from '../nearest.ts';
import { DICT_METHODS, LIST_METHODS, type Method, TEXT_METHODS, TUPLE_METHODS } from './methods.ts';
import { capital, isEqual, kindOf, Missing, Namespace, present, Thing, Tuple, type Value } from './value.ts';

/** `value.name`: as in Python a method goes before a key of the same name, which `value['name']` gives. */
export function attributeOf(of: Value, name: string): Value {
  const method = of instanceof Map ? DICT_METHODS.get(name) : undefined;
  return method === undefined ? memberOf(of, name) : bind(method, of);
}

/**
 * `value[key]`, and `value.name` that is no method: the item of a list, a text or a dict, or a method. Nothing else is to
 * be had: a member is looked up in the tables here, never in JavaScript's objects.
 */
export function memberOf(of: Value, key: Value): Value {
  const value = present(of);
  if (value instanceof Map) return dictMember(value, key);
  if (value instanceof Thing || value instanceof Namespace) {
    const there = [...value.members].flatMap(([name, member]) => (member instanceof Missing ? [] : [name]));
    return (
      value.members.get(key as string) ??
      missing(value, key, there, there.length > 0 ? `It has ${there.join(', ')}.` : undefined)
    );
  }
  const items = value instanceof Tuple ? value.items : value;
  if ((Array.isArray(items) || typeof items === 'string') && typeof key === 'bigint') {
    const all = typeof items === 'string' ? [...items] : items;
    return all.at(Number(key)) ?? new Missing(`${capital(kindOf(value))} of ${all.length} has no item ${key}.`);
  }
  const methods = methodsOf(value);
  const method = methods.get(key as string);
  return method === undefined ? missing(value, key, methods.keys()) : bind(method, value);
}

/** A key of the dict, which goes before a method. */
function dictMember(dict: Map<Value, Value>, key: Value): Value {
  const found = dict.get(key) ?? [...dict].find(([other]) => isEqual(other, key))?.[1];
  if (found !== undefined) return found;
  const method = DICT_METHODS.get(key as string);
  if (method !== undefined) return bind(method, dict);
  return missing(
    dict,
    key,
    [...dict.keys()].filter((other) => typeof other === 'string'),
  );
}

function methodsOf(value: Value): ReadonlyMap<string, Method> {
  if (typeof value === 'string') return TEXT_METHODS;
  if (Array.isArray(value)) return LIST_METHODS;
  return value instanceof Tuple ? TUPLE_METHODS : new Map();
}

const bind =
  (method: Method, value: Value): Value =>
  (call) =>
    method(value as never, call);

function missing(value: Value, key: Value, known: Iterable<string>, otherwise?: string): Missing {
  const name = typeof key === 'string' ? key : kindOf(key);
  const near = typeof key === 'string' ? nearest(key, known) : undefined;
  return new Missing(
    `${capital(kindOf(value))} has no ${name}.`,
    near === undefined ? otherwise : `Did you mean ${near}?`,
  );
}

/** `value[from:to:step]`, as Python has it. */
export function sliceOf(value: Value, from: number | undefined, to: number | undefined, step: number): Value {
  const there = present(value);
  const items = typeof there === 'string' ? [...there] : there instanceof Tuple ? there.items : there;
  if (!Array.isArray(items) || step === 0) return new Missing(`${capital(kindOf(there))} has no such slice.`);
  const picked: Value[] = [];
  const at = (index: number | undefined, otherwise: number, low: number, high: number) => {
    if (index === undefined) return otherwise;
    return Math.min(Math.max(index < 0 ? index + items.length : index, low), high);
  };
  if (step > 0) {
    const end = at(to, items.length, 0, items.length);
    for (let i = at(from, 0, 0, items.length); i < end; i += step) picked.push(items[i]);
  } else {
    const end = at(to, -1, -1, items.length - 1);
    for (let i = at(from, items.length - 1, -1, items.length - 1); i > end; i += step) picked.push(items[i]);
  }
  if (typeof there === 'string') return picked.join('');
  return there instanceof Tuple ? new Tuple(picked) : picked;
}
