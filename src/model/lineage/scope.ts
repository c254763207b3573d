import type { SyntaxNode } from '../sql/walk.ts';
import type { Facts } from './facts.ts';
import { type Lineage, NONE } from './lineage.ts';
import { NO_TABLES, type Tables } from './relation.ts';
import type { Part } from './shape.ts';

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
  /** Columns of the select list that come before, by lower-case alias: of several of one name, the last. */
  readonly aliases: ReadonlyMap<string, Lineage>;
  /** Columns of the select list that come before, with a pattern for an alias: any name may be theirs. */
  readonly patterned?: readonly Lineage[] | undefined;
  /** Those that come before columns of their name: in HAVING, what stands in no aggregate. */
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
