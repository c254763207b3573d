import { hidesTables, readsFiles, tellsOfFiles } from '../reading/own-functions.ts';
import type { SyntaxNode } from '../sql/walk.ts';
import { columnsOf, fileRead } from './files.ts';
import { derivedFrom, type Lineage, NONE, unknown } from './lineage.ts';
import { callOfTableMacro } from './macro.ts';
import { anyQuery, type Query, type Scope } from './scope.ts';
import type { Part } from './shape.ts';

/** What a function in FROM gives: of one of DuckDB, every column comes from all of its arguments. */
export function tableFunction(node: SyntaxNode, scope: Scope): Query {
  const query = ofCall(node, scope);
  return node.with_ordinality === 'WITH_ORDINALITY' ? { ...query, parts: [...query.parts, ORDINALITY] } : query;
}

const ORDINALITY: Part = { name: 'ordinality', lineage: NONE };

function ofCall(node: SyntaxNode, scope: Scope): Query {
  const call = node.function as SyntaxNode;
  const name = String(call.function_name).toLowerCase();
  const macro = callOfTableMacro(call, scope);
  if (macro !== undefined) return macro;
  if (hidesTables(name, 'table') || tellsOfFiles(name)) return anyQuery(unknown(`${name}() hides what it reads`));
  if (readsFiles(name)) return fileRead(call, node, scope);
  const lineage = derivedFrom(scope.walker.expression(call.children, { ...scope, isClause: true }));
  const column = ONE_COLUMN.get(name);
  if (column !== undefined) return { ...anyQuery(lineage), parts: [{ name: column, lineage }] };
  return { ...anyQuery(lineage), parts: described(node, lineage, scope) };
}

/** The functions that give one column, by its name. */
const ONE_COLUMN: ReadonlyMap<string, string> = new Map([
  ['unnest', 'unnest'],
  ['range', 'range'],
  ['generate_series', 'generate_series'],
]);

/** DuckDB can name the columns of a function whose arguments are no columns. */
function described(node: SyntaxNode, lineage: Lineage, scope: Scope): Part[] {
  const names = columnsOf({ ...node, with_ordinality: 'WITHOUT_ORDINALITY' }, scope);
  return names === undefined ? [{ rest: lineage }] : names.map((name) => ({ name, lineage }));
}
