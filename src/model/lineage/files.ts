import type { SyntaxNode } from '../sql/walk.ts';
import { copyOf, NONE, unknown } from './lineage.ts';
import { anyQuery, type Query, type Scope } from './scope.ts';
import type { Part } from './shape.ts';
import { selectOf } from './tree.ts';

/** A file in the place of a table: `FROM 'data/x.csv'`; undefined where DuckDB finds none. */
export function fileNamed(path: string, node: SyntaxNode, scope: Scope): Query | undefined {
  const names = columnsOf(node, scope);
  return names && ofFile(path, names, scope);
}

/** What read_csv() and its like give of the one file that they name. */
export function fileRead(call: SyntaxNode, node: SyntaxNode, scope: Scope): Query {
  const [argument] = call.children as SyntaxNode[];
  const path = argument?.class === 'CONSTANT' ? (argument.value as SyntaxNode).value : undefined;
  const names = typeof path === 'string' ? columnsOf(node, scope) : undefined;
  if (names !== undefined) return ofFile(String(path), names, scope);
  return anyQuery(unknown(`what ${String(call.function_name)}() reads is not known`));
}

function ofFile(path: string, names: readonly string[], { walker }: Scope): Query {
  const parts = names.map((name): Part => ({ name, lineage: copyOf(walker.facts.elsewhere(path, name)) }));
  return { parts, rows: NONE, order: NONE, touched: NONE };
}

/** What `SELECT *` gives of what stands in FROM and has no arguments of the rows around it. */
export function columnsOf(node: SyntaxNode, { walker }: Scope): readonly string[] | undefined {
  const from = { ...node, alias: '', column_name_alias: [] };
  return walker.facts.ask({ kind: 'columns', query: selectOf([STAR], from) });
}

const STAR = {
  class: 'STAR',
  type: 'STAR',
  alias: '',
  relation_name: '',
  exclude_list: [],
  replace_list: [],
  columns: false,
  expr: null,
};
