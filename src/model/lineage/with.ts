import type { SyntaxNode } from '../sql/walk.ts';
import { derivedFrom, isSame, type Lineage, NONE } from './lineage.ts';
import type { Clause, Query, Scope } from './scope.ts';
import { byPlace } from './set-operation.ts';
import { deduplicated, lineageOfPart, type Part, renamed } from './shape.ts';

/** The scope in which the WITH clauses of a query hold, and all that they name. Each may read those before it. */
export function withClauses(node: SyntaxNode, outer: Scope): { scope: Scope; touched: Lineage } {
  const entries = ((node.cte_map as SyntaxNode | undefined)?.map ?? []) as { key: string; value: SyntaxNode }[];
  let scope = outer;
  const touched: Lineage[] = [NONE];
  for (const { key, value } of entries) {
    const clause = { query: named(clauseQuery(value, scope), value), entry: value };
    touched.push(clause.query.touched);
    scope = withClause(scope, key, clause);
  }
  return { scope, touched: derivedFrom(...touched) };
}

function withClause(scope: Scope, name: string, clause: Clause): Scope {
  return { ...scope, clauses: new Map([...scope.clauses, [name.toLowerCase(), clause]]) };
}

function named(query: Query, { aliases = [] }: SyntaxNode): Query {
  return { ...query, parts: renamed(deduplicated(query.parts), aliases as string[]) };
}

function clauseQuery(entry: SyntaxNode, scope: Scope): Query {
  const node = (entry.query as SyntaxNode).node as SyntaxNode;
  return node.type === 'RECURSIVE_CTE_NODE' ? recursive(node, entry, scope) : scope.walker.query(node, scope);
}

/** What follows UNION is read again with what it gave, until it gives nothing new. */
function recursive(node: SyntaxNode, entry: SyntaxNode, scope: Scope): Query {
  const start = scope.walker.query(node.left as SyntaxNode, scope);
  let query = start;
  for (;;) {
    const inner = withClause(scope, String(node.cte_name), { query: named(query, entry), entry });
    const step = scope.walker.query(node.right as SyntaxNode, inner);
    const next = united(node, entry, start, step, inner);
    if (isSameQuery(query, next)) return next;
    query = next;
  }
}

function united(node: SyntaxNode, entry: SyntaxNode, start: Query, step: Query, scope: Scope): Query {
  const parts = byPlace(start.parts, step.parts);
  const isKeyed = ((node.key_targets ?? []) as unknown[]).length > 0;
  const keys = keysOf(node, renamed(parts, (entry.aliases ?? []) as string[]), scope);
  const compared = node.union_all === true || isKeyed ? [NONE] : parts.map(lineageOfPart);
  const rows = derivedFrom(start.rows, step.rows, keys, ...compared);
  const order = derivedFrom(start.order, step.order);
  return { parts, rows, order, touched: derivedFrom(start.touched, step.touched, rows) };
}

/** USING KEY: of rows with the same key, the last stands. */
function keysOf({ key_targets: keys = [] }: SyntaxNode, parts: readonly Part[], scope: Scope): Lineage {
  const tables = { relations: [{ alias: undefined, path: [], parts }], merged: new Map() };
  return scope.walker.expression(keys, { ...scope, tables });
}

function isSameQuery(a: Query, b: Query): boolean {
  const parts = a.parts.length === b.parts.length && a.parts.every((part, index) => isSamePart(part, b.parts[index]));
  return parts && isSame(a.rows, b.rows) && isSame(a.touched, b.touched);
}

const isSamePart = (a: Part, b: Part) => isSame(lineageOfPart(a), lineageOfPart(b));
