import { either, type Lineage, unknown } from './lineage.ts';

/** One column of what a SELECT gives. */
export interface Column {
  /** undefined where only DuckDB knows it: that of `count(*)` is its text as DuckDB would write it. */
  readonly name: string | undefined;
  readonly lineage: Lineage;
  /** Whether the name that only DuckDB knows is made of a pattern, as that of `COLUMNS(...) AS 'x_\\1'` is. */
  readonly isPatterned?: boolean;
  /** Whether the SELECT gives it the name, other than by naming a column: ORDER BY takes it before one of its tables. */
  readonly isAlias?: boolean;
}

/** Columns of which not even the number is known: the fields of a struct, a table that nobody has described. */
export interface Rest {
  /** Where the values of any of them come from. */
  readonly rest: Lineage;
  /** Whether there is at least one. */
  readonly isSome?: boolean;
  /** Whether the SELECT gives them names, which may be any. */
  readonly isPatterned?: boolean;
}

/** What stands at a place in the list of columns. */
export type Part = Column | Rest;

export const isRest = (part: Part): part is Rest => 'rest' in part;

export const lineageOfPart = (part: Part): Lineage => (isRest(part) ? part.rest : part.lineage);

export const isOpen = (parts: readonly Part[]): boolean => parts.some(isRest);

/** Whether DuckDB can tell more of the names. */
export const isVague = (parts: readonly Part[]): boolean => parts.some((part) => isRest(part) || part.isPatterned);

export const sameName = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();

/** The column at a place, from 0; any of those that it may be, where it comes behind columns of unknown number. */
export function atPlace(parts: readonly Part[], index: number): Lineage {
  const open = parts.findIndex(isRest);
  if (open >= 0 && open <= index) return either(...parts.slice(open).map(lineageOfPart));
  const part = parts[index];
  return part === undefined ? unknown(`there is no column ${index + 1}`) : lineageOfPart(part);
}

/**
 * The columns that DuckDB says a SELECT has, with what is known of each. Nothing is shifted in silence: where number or
 * name differ, what cannot be told is unknown. Between the first and the last place that is open, a column may be any,
 * unless there are no more of them than places.
 *
 * @param names all of them, in order, as DESCRIBE gives them
 */
export function fitted(parts: readonly Part[], names: readonly string[]): (Column & { readonly name: string })[] {
  const first = parts.findIndex(isRest);
  if (first < 0 || (parts.length === names.length && parts.every(isOne))) {
    if (parts.length !== names.length) return names.map((name) => ({ name, lineage: unknown(OTHER_NUMBER) }));
    return names.map((name, index) => named(parts[index], name));
  }
  const behind = parts.length - 1 - parts.findLastIndex(isRest);
  if (names.length < first + behind) return names.map((name) => ({ name, lineage: unknown(OTHER_NUMBER) }));
  const between = either(...parts.slice(first, parts.length - behind).map(lineageOfPart));
  return names.map((name, index) => {
    if (index < first) return named(parts[index], name);
    const fromEnd = names.length - index;
    return fromEnd <= behind ? named(parts[parts.length - fromEnd], name) : { name, lineage: between };
  });
}

/** Whether a place stands for one column where there are as many columns as places. */
const isOne = (part: Part) => !isRest(part) || part.isSome === true;

const OTHER_NUMBER = 'DuckDB gives the SELECT another number of columns';

function named(part: Part, name: string): Column & { readonly name: string } {
  const isOther = !isRest(part) && part.name !== undefined && !sameName(part.name, name);
  return { name, lineage: isOther ? unknown('DuckDB gives the column another name') : lineageOfPart(part) };
}

/** Names as DuckDB makes them different for what reads the SELECT: `a`, `a_1`. */
export function deduplicated(parts: readonly Part[]): Part[] {
  const seen = new Map<string, number>();
  return parts.map((part) => {
    if (isRest(part) || part.name === undefined) return part;
    const name = freeName(part.name, seen);
    seen.set(name.toLowerCase(), 1);
    return name === part.name ? part : { ...part, name };
  });
}

function freeName(name: string, seen: Map<string, number>): string {
  const key = name.toLowerCase();
  let free = name;
  while (seen.has(free.toLowerCase())) {
    const number = seen.get(key)!;
    seen.set(key, number + 1);
    free = `${name}_${number}`;
  }
  return free;
}

/** The columns under other names: those that `AS t(a, b)` gives the first of them. */
export function renamed(parts: readonly Part[], names: readonly string[]): Part[] {
  if (names.length === 0) return [...parts];
  const open = parts.findIndex(isRest);
  const known = open < 0 ? parts.length : open;
  const given = names.map((name, index): Column => ({ name, lineage: atPlace(parts, index) }));
  if (given.length <= known) return [...given, ...parts.slice(given.length)];
  return open < 0 ? given.slice(0, known) : [...given, ...parts.slice(open)];
}
