/** An object of DuckDB's syntax tree (json_serialize_sql). */
export type SyntaxNode = { readonly [key: string]: unknown };

/** Where to go on from a node: other nodes (or lists of nodes), each with the context that holds in it. */
export type Onward<Context> = readonly (readonly [node: unknown, context: Context])[];

/**
 * Called for each object of the tree, parents before children. What it returns says how to go on:
 *
 * - nothing: into every value of the node, with the same context;
 * - a list of nodes with contexts: into exactly these, in this order. `[]` goes no deeper.
 */
type Visitor<Context> = (node: SyntaxNode, context: Context) => Onward<Context> | undefined;

/** Visits the objects of a tree depth first. Arrays are gone through in order and not visited themselves. */
export function walk<Context>(tree: unknown, context: Context, visit: Visitor<Context>): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (Array.isArray(tree)) {
    for (const element of tree) walk(element, context, visit);
    return;
  }
  const onward = visit(tree as SyntaxNode, context);
  if (onward === undefined) walk(Object.values(tree), context, visit);
  else for (const [node, inner] of onward) walk(node, inner, visit);
}
