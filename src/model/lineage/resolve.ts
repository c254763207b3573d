import type { SyntaxNode } from '../sql/walk.ts';
import { derivedFrom, type Lineage, NONE, unknown } from './lineage.ts';
import { type Found, findColumn, findIn, type Relation, wholeRow } from './relation.ts';
import type { Scope } from './scope.ts';
import { sameName } from './shape.ts';

/** What DuckDB takes for a call where no column has the name. */
const VALUES = /^(current_(date|time|timestamp|user|role|catalog|schema)|localtime(stamp)?|(session_)?user)$/i;

/** What a name of one or more parts means: `a`, `t.a`, `schema.t.a`, each perhaps with fields of a struct behind it. */
export function resolve(names: readonly string[], scope: Scope): Lineage {
  return tryResolve(names, scope) ?? notFound(names);
}

/** The same; undefined where nothing has the name. */
export function tryResolve(names: readonly string[], scope: Scope): Lineage | undefined {
  const variable = scope.variables.get(names[0].toLowerCase());
  if (variable !== undefined) return field(variable(scope), names.length - 1);
  return column(names, scope);
}

function notFound(names: readonly string[]): Lineage {
  return names.length === 1 && VALUES.test(names[0]) ? NONE : unknown(`no table has the column ${names.join('.')}`);
}

function column(names: readonly string[], scope: Scope): Lineage | undefined {
  const { certain, possible } = ofLevel(names, scope);
  if (certain !== undefined) return certain;
  const outside = scope.outer && column(names, scope.outer);
  if (possible.length === 0) return outside;
  return derivedFrom(...possible, ...(outside === undefined ? [] : [outside]));
}

/** Columns come before aliases, and these before whole rows; a column with its table before a field of a struct. */
function ofLevel(names: readonly string[], scope: Scope): Found {
  const { tables, preferred, patterned = [] } = scope;
  const first = names.length === 1 ? preferred?.get(names[0].toLowerCase()) : undefined;
  if (first !== undefined) return { certain: first, possible: [] };
  const ofTables = tables.relations.map((relation) => ofRelation(names, relation));
  const qualified = ofTables.find((found) => found.certain !== undefined);
  if (qualified !== undefined) return qualified;
  const plain = behind(findColumn(tables, names[0]), names.length - 1);
  const before = ofTables.flatMap((found) => found.possible);
  if (plain.certain !== undefined) return unless(plain.certain, before);
  const possible = [...before, ...plain.possible, ...patterned];
  const other = ofNoColumn(names, scope);
  return other === undefined ? { possible } : unless(other, possible);
}

/** What a name means, if none of those that come before it has it. */
function unless(lineage: Lineage, possible: readonly Lineage[]): Found {
  return { certain: possible.length > 0 ? derivedFrom(lineage, ...possible) : lineage, possible };
}

function ofNoColumn([first, ...fields]: readonly string[], { tables, aliases }: Scope): Lineage | undefined {
  const alias = aliases.get(first.toLowerCase());
  if (alias !== undefined) return field(alias, fields.length);
  // `t.a` of a table without the column is one of a table of that name further out.
  const called = fields.length === 0 ? tables.relations.find((one) => sameName(one.alias, first)) : undefined;
  return called && wholeRow(called);
}

const NOTHING: Found = { possible: [] };

/** A column with its table before it, and that perhaps with its schema. */
function ofRelation(names: readonly string[], relation: Relation): Found {
  for (let length = Math.min(names.length - 1, relation.path.length + 1); length > 0; length--) {
    const called = [...relation.path, relation.alias].slice(-length);
    if (!called.every((name, index) => sameName(name, names[index]))) continue;
    const found = behind(findIn(relation, names[length]), names.length - length - 1);
    if (found.certain !== undefined || found.possible.length > 0) return found;
  }
  return NOTHING;
}

function behind({ certain, possible }: Found, fields: number): Found {
  return { ...(certain && { certain: field(certain, fields) }), possible };
}

/** A field of a struct comes from the struct. */
const field = (lineage: Lineage, fields: number) => (fields > 0 ? derivedFrom(lineage) : lineage);

/** `a.upper()` is `upper(a)`: the column before the dot; undefined where a schema stands there, or nothing. */
export function methodOf({ catalog, schema }: SyntaxNode, scope: Scope): Lineage | undefined {
  const names = [catalog, schema].filter(Boolean).map(String);
  return names.length === 0 ? undefined : tryResolve(names, scope);
}
