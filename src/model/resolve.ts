import { WarehouseError } from '../lib/errors.ts';
import { nearest } from '../project/nearest.ts';
import type { TableReference } from './references.ts';
import { errorAt, placeOf, type SqlText } from './sql-error.ts';

/** The tables that SQL may read: models and what else the file holds, as lower-case `schema.name`. */
export interface KnownTables {
  readonly names: ReadonlySet<string>;
  /** Name of the database, which a reference may begin with. */
  readonly database: string;
}

/**
 * The `schema.name` that each reference means, in order of names, each once. A name without a schema is one of `main`.
 * @throws usage MODEL_UNKNOWN_TABLE, with the nearest name that is known.
 */
export function resolveTables(text: SqlText, tables: readonly TableReference[], known: KnownTables): string[] {
  return [...new Set(tables.map((table) => resolveTable(text, table, known)))].sort();
}

function resolveTable(text: SqlText, { parts, position }: TableReference, { names, database }: KnownTables): string {
  const lower = parts.map((part) => part.toLowerCase());
  const local = lower.length === 3 && lower[0] === database.toLowerCase() ? lower.slice(1) : lower;
  const name = local.length === 1 ? `main.${local[0]}` : local.join('.');
  if (names.has(name)) return name;
  const written = parts.join('.');
  const near = nearestTable(local, names);
  const detail = {
    kind: 'usage',
    code: 'MODEL_UNKNOWN_TABLE',
    message: `There is no model and no table ${written}.`,
    next: near === undefined ? 'Name a model of the project or a table of the file.' : `Did you mean ${near}?`,
  } as const;
  if (position !== undefined) throw errorAt(text, position, detail);
  throw new WarehouseError({ ...detail, place: placeOf(text) });
}

/** For `ae`, a table of that name in another schema; else the nearest by spelling, with the schema or without. */
export function nearestTable(local: readonly string[], names: ReadonlySet<string>): string | undefined {
  const sorted = [...names].sort();
  const short = local.at(-1)!;
  const named = (name: string | undefined) => sorted.find((one) => one.endsWith(`.${name}`));
  const shorts = sorted.map((name) => name.slice(name.indexOf('.') + 1));
  return named(short) ?? nearest(local.join('.'), sorted) ?? named(nearest(short, shorts));
}
