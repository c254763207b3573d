import type { SyntaxNode } from '../sql/walk.ts';
import { multiplies } from './calls.ts';
import { derivedFrom, type Lineage, NONE } from './lineage.ts';
import { numbered, placeOf } from './ordinal.ts';
import { isAmbiguous } from './relation.ts';
import type { Scope } from './scope.ts';
import { atPlace, isRest, lineageOfPart, type Part, sameName } from './shape.ts';

/** What DISTINCT, ORDER BY and LIMIT have to do with the rows. */
interface Modifiers {
  /** What decides which rows there are. */
  readonly rows: Lineage;
  /** What decides nothing but their order. */
  readonly order: Lineage;
}

/** @param parts what the query gives: ORDER BY names its columns first */
export function modifiersLineage(node: SyntaxNode, parts: readonly Part[], scope: Scope): Modifiers {
  const modifiers = (node.modifiers ?? []) as SyntaxNode[];
  const orders = modifiers.flatMap(ordersOf);
  const order = derivedFrom(NONE, ...orders.map((one) => orderedBy(one, parts, scope)));
  const distinct = modifiers.filter(({ type }) => type === 'DISTINCT_MODIFIER');
  const limits = modifiers.filter(({ type }) => String(type).startsWith('LIMIT'));
  const isOrdered = limits.length > 0 || distinct.some((one) => targetsOf(one).length > 0);
  const rows = derivedFrom(
    ...distinct.map((one) => distinctOn(targetsOf(one), parts, scope)),
    ...limits.map(({ limit, offset }) => scope.walker.expression([limit, offset], scope)),
    scope.walker.expression(
      orders.filter((one) => multiplies(one, scope.walker.facts)),
      scope,
    ),
    isOrdered ? order : NONE,
  );
  return { rows, order };
}

const ordersOf = ({ orders = [] }: SyntaxNode) =>
  (orders as SyntaxNode[]).map(({ expression }) => expression as SyntaxNode);

const targetsOf = ({ distinct_on_targets = [] }: SyntaxNode) => distinct_on_targets as SyntaxNode[];

/** DISTINCT compares all columns, DISTINCT ON those that it names. */
function distinctOn(targets: readonly SyntaxNode[], parts: readonly Part[], scope: Scope): Lineage {
  if (targets.length === 0) return derivedFrom(...parts.map(lineageOfPart));
  return derivedFrom(...targets.map((target) => orderedBy(target, parts, scope)));
}

/** A column of the result by its place or its name, all of them (ORDER BY ALL), or an expression. */
function orderedBy(expression: SyntaxNode, parts: readonly Part[], scope: Scope): Lineage {
  const { class: kind, column_names, expr, child } = expression;
  if (kind === 'COLLATE') return orderedBy(child as SyntaxNode, parts, scope);
  const place = placeOf(expression) ?? expression.index;
  if (typeof place === 'number') return atPlace(parts, place - 1);
  if (kind === 'STAR' && !expr) return derivedFrom(...parts.map(lineageOfPart));
  const names = kind === 'COLUMN_REF' ? (column_names as string[]) : [];
  const own = () => scope.walker.expression(expression, scope);
  if (names.length !== 1) return own();
  return derivedFrom(named(names[0], parts, scope, own), numbered(expression, parts, scope));
}

/** An alias comes before a column. Of columns, one of the select list may be meant, or that of a table. */
function named(name: string, parts: readonly Part[], scope: Scope, own: () => Lineage): Lineage {
  const { aliases, patterned = [] } = scope;
  const alias = aliases.get(name.toLowerCase());
  if (alias !== undefined) return derivedFrom(alias, ...patterned);
  const listed = parts.filter((part) => !isRest(part) && sameName(part.name, name)).map(lineageOfPart);
  return listed.length > 0 && isAmbiguous(scope.tables, name)
    ? derivedFrom(...listed)
    : derivedFrom(...listed, ...patterned, own());
}
