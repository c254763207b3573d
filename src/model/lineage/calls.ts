import type { SyntaxNode } from '../sql/walk.ts';
import { walk } from '../sql/walk.ts';
import type { Facts } from './facts.ts';

export const UNNEST: ReadonlySet<string> = new Set(['unnest', 'unlist']);

/** What gives several rows for one: unnest() and the macros of DuckDB itself that call it. */
export const MULTIPLYING: ReadonlySet<string> = new Set([...UNNEST, 'generate_subscripts', 'regexp_split_to_table']);

/** Whether an expression makes several rows of one. */
export const multiplies = (expression: unknown, facts: Facts): boolean => calls(expression, MULTIPLYING, facts);

/**
 * Whether an expression calls one of these functions, itself or through macros; what a subquery calls, and what a window
 * function is, does not count.
 *
 * @param names lower-case
 */
export function calls(
  expression: unknown,
  names: ReadonlySet<string>,
  facts: Facts,
  through: ReadonlySet<string> = new Set(),
): boolean {
  let found = false;
  walk(expression, undefined, (node) => {
    if (found || node.class === 'SUBQUERY') return [];
    if (node.class !== 'FUNCTION') return undefined;
    const name = String(node.function_name).toLowerCase();
    if (!through.has(name)) found = names.has(name) || bodies(name, facts).some((body) => callsIn(body, name));
    return undefined;
  });
  return found;

  function callsIn(body: SyntaxNode, name: string): boolean {
    return calls(body.select_list, names, facts, new Set([...through, name]));
  }
}

function bodies(name: string, facts: Facts): SyntaxNode[] {
  return facts.macros(name).flatMap(({ isTable, tree }) => (isTable || tree === undefined ? [] : [tree]));
}
