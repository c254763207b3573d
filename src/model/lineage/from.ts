import type { SyntaxNode } from '../sql/walk.ts';
import { fileNamed } from './files.ts';
import { joined } from './join.ts';
import { copyOf, derivedFrom, either, type Lineage, NONE, unknown } from './lineage.ts';
import { pivoted } from './pivot.ts';
import { NO_TABLES, relation, type Tables, tablesOf } from './relation.ts';
import { anyQuery, type Query, type Scope, within } from './scope.ts';
import { atPlace, type Column, type Part } from './shape.ts';
import { tableFunction } from './table-function.ts';

/** What a FROM clause gives. @param outer the scope around it, in which a lateral subquery finds the tables before it */
export function tablesIn(node: SyntaxNode, outer: Scope): Tables {
  switch (node.type) {
    case 'EMPTY':
      return NO_TABLES;
    case 'BASE_TABLE':
      return baseTable(node, outer);
    case 'SUBQUERY':
      return ofQuery(node, outer.walker.query((node.subquery as SyntaxNode).node as SyntaxNode, outer));
    case 'JOIN':
      return joined(node, outer, tablesIn);
    case 'TABLE_FUNCTION':
      return ofQuery({ alias: (node.function as SyntaxNode).function_name, ...node }, tableFunction(node, outer));
    case 'EXPRESSION_LIST':
      return ofQuery(node, values(node, outer));
    case 'PIVOT':
      return ofQuery(node, pivoted(node, outer, tablesIn(node.source as SyntaxNode, outer)));
    default:
      return ofQuery(node, anyQuery(unknown(`what ${String(node.type)} reads is not known`)));
  }
}

function ofQuery(node: SyntaxNode, { parts, rows, order, touched }: Query): Tables {
  const all = { rows: derivedFrom(rows, order), touched };
  return tablesOf(relation(aliasOf(node), parts, columnAliases(node)), all);
}

const aliasOf = ({ alias }: SyntaxNode) => (alias as string | undefined) || undefined;

const columnAliases = ({ column_name_alias: names = [] }: SyntaxNode) => names as string[];

/** A WITH clause hides a table of its name. */
function baseTable(node: SyntaxNode, scope: Scope): Tables {
  const name = String(node.table_name);
  const path = [node.catalog_name, node.schema_name].filter(Boolean).map(String);
  const clause = clauseNamed(path, name, scope);
  if (clause !== undefined) return ofQuery({ ...node, alias: aliasOf(node) ?? name }, { ...clause, touched: NONE });
  const table = scope.walker.facts.table([...path, name]);
  if (table === undefined) return ofQuery({ ...node, alias: aliasOf(node) ?? name }, fileOrUnknown(path, node, scope));
  const parts = table.columns.map((column): Column => ({ name: column.column, lineage: copyOf(column) }));
  const alias = aliasOf(node);
  return tablesOf(relation(alias ?? name, parts, columnAliases(node), alias === undefined ? table.path : []));
}

function fileOrUnknown(path: readonly string[], node: SyntaxNode, scope: Scope): Query {
  const name = String(node.table_name);
  const file = path.length === 0 ? fileNamed(name, node, scope) : undefined;
  return file ?? anyQuery(unknown(`the table ${[...path, name].join('.')} is not known`));
}

/** What a recursive clause has gathered is called `recurring.name`. */
function clauseNamed(path: readonly string[], name: string, { clauses }: Scope): Query | undefined {
  const isClause = path.length === 0 || (path.length === 1 && path[0].toLowerCase() === 'recurring');
  return isClause ? clauses.get(name.toLowerCase())?.query : undefined;
}

/** VALUES: each column comes from all that stands in it. */
function values({ values: rows }: SyntaxNode, scope: Scope): Query {
  const lists = rows as SyntaxNode[][];
  const parts = lists[0].map((_, index): Part => {
    const lineage = either(...lists.map((list) => scope.walker.expression(list[index], within(scope))));
    return { name: `col${index}`, lineage };
  });
  const touched = derivedFrom(NONE, ...parts.map((_, index): Lineage => atPlace(parts, index)));
  return { parts, rows: NONE, order: NONE, touched };
}
