import type { SyntaxNode } from '../sql/walk.ts';
import type { Facts } from './facts.ts';
import { derivedFrom, type Lineage, NONE, unknown } from './lineage.ts';
import { type Found, findColumn, findIn, NO_TABLES, type Relation, type Tables, wholeRow } from './relation.ts';
import { type Part, sameName } from './shape.ts';

/** What a query gives. */
export interface Query {
  readonly parts: readonly Part[];
  /** What decides which rows there are and how they are grouped. */
  readonly rows: Lineage;
  /** What decides nothing but the order of the rows; for who reads it, that may decide a value. */
  readonly order: Lineage;
  /** All that it names, wherever: what the value of a subquery in an expression comes from. */
  readonly touched: Lineage;
}

/** What the parts of the walk call of one another. */
export interface Walker {
  readonly facts: Facts;
  query(node: SyntaxNode, scope: Scope): Query;
  /** Of an expression, of several in a list, or of none. */
  expression(node: unknown, scope: Scope): Lineage;
}

/** What names mean at a place. */
export interface Scope {
  readonly walker: Walker;
  /** Around a subquery. */
  readonly outer: Scope | undefined;
  readonly tables: Pick<Tables, 'relations' | 'merged'>;
  /** Columns of the select list that come before, by lower-case alias. */
  readonly aliases: ReadonlyMap<string, Lineage>;
  /** Those that come before columns of their name: in HAVING, what is no group and stands in no aggregate. */
  readonly preferred?: ReadonlyMap<string, Lineage> | undefined;
  /** WITH clauses, by lower-case name. */
  readonly clauses: ReadonlyMap<string, Clause>;
  /** Parameters of macros and of lambdas, by lower-case name: they come before columns. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** The column that COLUMNS() stands for. */
  readonly column?: Lineage | undefined;
  /** Whether it is that of WHERE, ON and the like rather than of a select list. */
  readonly isClause?: boolean | undefined;
  /** The macros that are being gone into. */
  readonly macros: readonly string[];
}

/** A WITH clause, with its columns named. */
export interface Clause {
  readonly query: Query;
  /** As it stands in the tree, for DuckDB to read. */
  readonly entry: SyntaxNode;
}

/** What a parameter stands for, at the place where it stands. */
export type Variable = (at: Scope) => Lineage;

/** A query of which nothing is known: every column may come from these. */
export function anyQuery(lineage: Lineage): Query {
  return { parts: [{ rest: lineage }], rows: lineage, order: NONE, touched: lineage };
}

export function rootScope(walker: Walker): Scope {
  const none = new Map();
  return { walker, outer: undefined, tables: NO_TABLES, aliases: none, clauses: none, variables: none, macros: [] };
}

/** The scope of what stands in this one. */
export function within(outer: Scope, tables: Scope['tables'] = NO_TABLES): Scope {
  const { walker, clauses, variables, macros } = outer;
  return { walker, outer, tables, aliases: new Map(), clauses, variables, macros };
}

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

/** Columns come before aliases, and these before whole rows. */
function ofLevel(names: readonly string[], scope: Scope): Found {
  const { tables, preferred } = scope;
  const first = names.length === 1 ? preferred?.get(names[0].toLowerCase()) : undefined;
  if (first !== undefined) return { certain: first, possible: [] };
  const columns = [
    ...tables.relations.map((relation) => ofRelation(names, relation)),
    behind(findColumn(tables, names[0]), names.length - 1),
  ];
  const certain = columns.find((found) => found.certain !== undefined)?.certain;
  const possible = columns.flatMap((found) => found.possible);
  if (certain !== undefined) return { certain, possible };
  const other = ofNoColumn(names, scope);
  return other === undefined
    ? { possible }
    : { certain: possible.length > 0 ? derivedFrom(other, ...possible) : other, possible };
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
