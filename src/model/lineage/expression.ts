import { hidesTables } from '../reading/own-functions.ts';
import { type SyntaxNode, walk } from '../sql/walk.ts';
import { chosen } from './chosen.ts';
import { derivedFrom, type Lineage, NONE, orderedBy, unknown } from './lineage.ts';
import { callOfMacro } from './macro.ts';
import { methodOf, resolve, tryResolve } from './resolve.ts';
import type { Scope } from './scope.ts';
import { atPlace, lineageOfPart } from './shape.ts';

/**
 * What the value of an expression comes from: every column that is named anywhere in it. What a node is that is not
 * treated here does not matter: what stands in it counts. So a new kind of expression may say too much, never too little.
 *
 * @param expression an expression, a list of them, or nothing
 */
export function expressionLineage(expression: unknown, scope: Scope): Lineage {
  const all: Lineage[] = [];
  walk(expression, undefined, (node) => {
    const own = ofNode(node, scope);
    if (own === undefined) return undefined;
    all.push(own);
    return [];
  });
  const isColumn = all.length === 1 && COPIES.has(String((expression as SyntaxNode | null)?.class));
  return isColumn ? all[0] : derivedFrom(...all);
}

/** The expressions that may pass a value on as it is. */
const COPIES: ReadonlySet<string> = new Set(['COLUMN_REF', 'POSITIONAL_REFERENCE', 'STAR']);

function ofNode(node: SyntaxNode, scope: Scope): Lineage | undefined {
  switch (node.class) {
    case 'COLUMN_REF':
      return resolve(node.column_names as string[], scope);
    case 'POSITIONAL_REFERENCE':
      return atPlace(columnsOf(scope), Number(node.index) - 1);
    case 'STAR':
      return starLineage(node, scope);
    case 'OPERATOR':
      return node.type === 'OPERATOR_UNPACK' ? inner(node.children, { ...scope, column: undefined }) : undefined;
    case 'SUBQUERY':
      return derivedFrom(inner(node.child, scope), subquery(node.subquery as SyntaxNode, scope));
    case 'LAMBDA':
      return derivedFrom(ofArrow(node.lhs, scope), lambdaBody(node, scope));
    case 'FUNCTION':
      return call(node, scope);
    case 'WINDOW':
      return overWindow(node, scope);
    default:
      return undefined;
  }
}

/** What `#1` counts: the columns of all tables, those too that USING makes one. */
const columnsOf = ({ tables }: Scope) => tables.relations.flatMap(({ parts }) => parts);

const inner = (node: unknown, scope: Scope) => scope.walker.expression(node, scope);

/** One column of those that COLUMNS() stands for; all of them where it stands for them at once, as in `count(t.*)`. */
function starLineage(node: SyntaxNode, scope: Scope): Lineage {
  if (node.columns === true && scope.column !== undefined) return scope.column;
  return derivedFrom(...chosen(node, scope).map(lineageOfPart));
}

/** The value of a subquery depends on its rows too. */
function subquery({ node }: SyntaxNode, scope: Scope): Lineage {
  return scope.walker.query(node as SyntaxNode, scope).touched;
}

function call(node: SyntaxNode, scope: Scope): Lineage {
  const name = String(node.function_name).toLowerCase();
  if (hidesTables(name, 'value')) return unknown(`${name}() hides what it reads`);
  const isAggregate = scope.walker.facts.aggregates.has(name);
  const at = isAggregate ? { ...scope, preferred: undefined } : scope;
  const method = methodOf(node, at);
  const ordering = inner(node.order_bys, at);
  const order = ORDERED_SET.test(name) ? ordering : orderedBy(ordering);
  const own = derivedFrom(method ?? NONE, inner(node.filter, at), order);
  const macro = callOfMacro(node, at);
  if (macro !== undefined) return derivedFrom(own, macro, inAggregate(node, scope));
  const lambda = TAKES_LAMBDA.test(name) ? lambdaOf(node, method) : undefined;
  const values = (node.children as SyntaxNode[]).map((child) =>
    child === lambda ? lambdaBody(child, at) : inner(child, at),
  );
  return derivedFrom(own, ...values);
}

/** Of these, what stands in WITHIN GROUP (ORDER BY ...) is the argument. */
const ORDERED_SET = /^(mode|quantile)/;

/** What a window parts and orders rows by decides which of them a value is made of; that value is not made of it. */
function overWindow(node: SyntaxNode, scope: Scope): Lineage {
  const { partitions, orders, start_expr, end_expr, arg_orders, ...others } = node;
  const order = orderedBy(inner([partitions, orders, start_expr, end_expr, arg_orders], scope));
  return derivedFrom(inner(Object.values(others), scope), order);
}

/** Of a macro in HAVING, the arguments may come to stand in an aggregate. */
function inAggregate(node: SyntaxNode, scope: Scope): Lineage {
  if (scope.preferred === undefined) return NONE;
  return callOfMacro(node, { ...scope, preferred: undefined }) ?? NONE;
}

const TAKES_LAMBDA = /^((list|array)_(transform|apply|filter|reduce)|apply|filter|reduce)$/;

/** What stands behind the list; in the place of the list, an arrow leads into JSON. */
function lambdaOf({ children }: SyntaxNode, method: Lineage | undefined): SyntaxNode | undefined {
  const child = (children as SyntaxNode[])[method === undefined ? 1 : 0];
  return child?.class === 'LAMBDA' ? child : undefined;
}

/** `a -> '$.b'` takes the value of a column; of a lambda, what stands there is no column. */
function ofArrow(lhs: unknown, scope: Scope): Lineage {
  const node = lhs as SyntaxNode;
  if (node.class !== 'COLUMN_REF') return parametersOf(node).length > 0 ? NONE : inner(node, scope);
  return tryResolve(node.column_names as string[], scope) ?? NONE;
}

/** The elements that a lambda is given are those of a list that stands beside it. */
function lambdaBody({ lhs, expr }: SyntaxNode, scope: Scope): Lineage {
  const own = parametersOf(lhs as SyntaxNode).map((name) => [name.toLowerCase(), () => NONE] as const);
  return inner(expr, { ...scope, variables: new Map([...scope.variables, ...own]) });
}

/** `x`, or `(x, i)`, which the parser takes for a row. */
function parametersOf(lhs: SyntaxNode): string[] {
  if (lhs.class === 'COLUMN_REF') return (lhs.column_names as string[]).slice(-1);
  return lhs.function_name === 'row' ? (lhs.children as SyntaxNode[]).flatMap(parametersOf) : [];
}
