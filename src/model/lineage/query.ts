import type { SyntaxNode } from '../sql/walk.ts';
import { tablesIn } from './from.ts';
import { derivedFrom, type Lineage, NONE, unknown } from './lineage.ts';
import { modifiersLineage } from './modifiers.ts';
import { numbered, placeOf } from './ordinal.ts';
import { anyQuery, type Query, type Scope, within } from './scope.ts';
import { groupedBy, selectItems, unnested } from './select-list.ts';
import { setOperation } from './set-operation.ts';
import { atPlace, fitted, isVague, lineageOfPart, type Part } from './shape.ts';
import { withClauses } from './with.ts';

/** What a query gives: SELECT, set operation, whatever the syntax tree has as a query node. */
export function queryLineage(node: SyntaxNode, outer: Scope): Query {
  const { scope, touched } = withClauses(node, outer);
  const query = ofNode(node, scope);
  const named = isVague(query.parts) ? { ...query, parts: asked(node, query.parts, scope) } : query;
  return { ...named, touched: derivedFrom(named.touched, touched) };
}

function ofNode(node: SyntaxNode, scope: Scope): Query {
  if (node.type === 'SELECT_NODE') return select(node, scope);
  if (node.type === 'SET_OPERATION_NODE') return setOperation(node, scope);
  return anyQuery(unknown(`${String(node.type)} is not known`));
}

function select(node: SyntaxNode, outer: Scope): Query {
  const tables = tablesIn(node.from_table as SyntaxNode, outer);
  const { items, scope } = selectItems(node.select_list as SyntaxNode[], within(outer, tables));
  const parts = items.flatMap((item) => item.parts);
  const clause = { ...scope, isClause: true };
  const ordering = modifiersLineage(node, parts, clause);
  const rows = derivedFrom(
    tables.rows,
    scope.walker.expression([node.where_clause, node.qualify], clause),
    // Where HAVING takes a group before an alias of its name, GROUP BY has said it.
    scope.walker.expression(node.having, { ...clause, preferred: scope.aliases }),
    grouping(node, parts, clause),
    node.aggregate_handling === 'FORCE_AGGREGATES' ? groupedBy(items, scope) : NONE,
    unnested(items, scope),
    ordering.rows,
  );
  const touched = derivedFrom(...parts.map(lineageOfPart), rows, tables.touched, ordering.order);
  return { parts, rows, order: ordering.order, touched };
}

/** `GROUP BY 1` names a column of the select list. */
function grouping({ group_expressions: groups = [] }: SyntaxNode, parts: readonly Part[], scope: Scope): Lineage {
  const of = (expression: SyntaxNode) => {
    const place = placeOf(expression);
    if (place !== undefined) return atPlace(parts, place - 1);
    return derivedFrom(scope.walker.expression(expression, scope), numbered(expression, parts, scope));
  };
  return derivedFrom(NONE, ...(groups as SyntaxNode[]).map(of));
}

/** What DuckDB says of the columns, with the WITH clauses that hold around the query. */
function asked(node: SyntaxNode, parts: readonly Part[], scope: Scope): readonly Part[] {
  // A parameter of a macro is no column, and DuckDB would take it for one.
  if (scope.variables.size > 0) return parts;
  const map = [...scope.clauses].map(([key, { entry }]) => ({ key, value: entry }));
  const names = scope.walker.facts.ask({ kind: 'columns', query: { ...node, cte_map: { map } } });
  return names === undefined ? parts : fitted(parts, names);
}
