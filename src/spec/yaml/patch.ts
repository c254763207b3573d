import { isDeepStrictEqual } from 'node:util';
import { isMapping } from '../../lib/mapping.ts';
import { type Aligned, align } from './align.ts';

export type Mapping = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

/** Of the mappings of properties, the one whose order says something. */
const isOrdered = (path: Path) => path.length === 1 && path[0] === 'columns';

/** Whether two values say the same. */
export function isSame(before: unknown, after: unknown, path: Path): boolean {
  if (!isDeepStrictEqual(before, after)) return false;
  if (!isMapping(before) || !isMapping(after)) return true;
  if (isOrdered(path)) return isDeepStrictEqual(Object.keys(before), Object.keys(after));
  return path.length > 0 || isSame(before.columns, after.columns, ['columns']);
}

/** The keys that a mapping is to have, in their order, each with the key that it had before. */
export interface Key {
  readonly now: string;
  /** Absent where it is new. */
  readonly was?: string;
}

/**
 * What becomes of the keys of a mapping where it changes from `before` to `after`. A key that neither has stays. The order
 * stays too, and new keys stand behind the one that they follow, unless the order says something. A column that was
 * renamed and says the same as before is not a new one.
 * @param have the keys that are there
 */
export function keysAfter(have: readonly string[], before: Mapping, after: Mapping, path: Path): Key[] {
  const there = new Set(have);
  const was = isOrdered(path) ? renamed(before, after) : new Map<string, string>();
  const keyOf = (now: string): Key => ({ now, was: was.get(now) ?? (there.has(now) ? now : undefined) });
  const wanted = Object.keys(after);
  if (isOrdered(path)) return wanted.map(keyOf);
  const keys = have.filter((key) => Object.hasOwn(after, key) || !Object.hasOwn(before, key)).map(keyOf);
  for (const [i, key] of wanted.entries()) {
    if (there.has(key)) continue;
    const follows = keys.findIndex(({ now }) => now === wanted[i - 1]);
    keys.splice(i === 0 ? 0 : follows + 1, 0, keyOf(key));
  }
  return keys;
}

/** New names of columns, each with the one that is gone and said the same. */
function renamed(before: Mapping, after: Mapping): Map<string, string> {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const names = new Map<string, string>();
  for (const key of Object.keys(after)) {
    if (Object.hasOwn(before, key)) continue;
    const i = gone.findIndex((old) => isDeepStrictEqual(before[old], after[key]));
    if (i >= 0) names.set(key, gone.splice(i, 1)[0]);
  }
  return names;
}

/** Which items of a list became which; undefined where the list that is there is not the one that was compared. */
export function itemsAfter(have: number, before: readonly unknown[], after: readonly unknown[]): Aligned[] | undefined {
  return have === before.length ? align(before, after) : undefined;
}

/**
 * What `current` is where what it says of `before` is to say `after` instead. `before` and `after` are of one form, of
 * which `current` may be another way of writing: an explicit default, `{not_null: true}` for `not_null`.
 */
export function patched(current: unknown, before: unknown, after: unknown, path: Path = []): unknown {
  if (isSame(before, after, path)) return current;
  if (isMapping(current) && isMapping(before) && isMapping(after)) {
    const pairs = keysAfter(Object.keys(current), before, after, path).map(({ now, was }): [string, unknown] => {
      if (was === undefined) return [now, after[now]];
      if (!Object.hasOwn(after, now)) return [now, current[was]];
      return [now, patched(current[was], before[was], after[now], [...path, now])];
    });
    return Object.fromEntries(pairs);
  }
  if (!Array.isArray(current) || !Array.isArray(before) || !Array.isArray(after)) return after;
  const items = itemsAfter(current.length, before, after);
  if (items === undefined) return after;
  return items
    .filter((item) => item.after !== undefined)
    .map((item) => {
      if (item.before === undefined) return after[item.after!];
      return patched(current[item.before], before[item.before], after[item.after!], [...path, item.after!]);
    });
}
