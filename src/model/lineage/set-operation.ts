import type { SyntaxNode } from '../sql/walk.ts';
import { derivedFrom, either, NONE } from './lineage.ts';
import { modifiersLineage } from './modifiers.ts';
import { relation, tablesOf } from './relation.ts';
import { type Query, type Scope, within } from './scope.ts';
import { atPlace, isOpen, isRest, lineageOfPart, type Part, sameName } from './shape.ts';

/** UNION, UNION BY NAME, EXCEPT and INTERSECT. */
export function setOperation(node: SyntaxNode, scope: Scope): Query {
  const sides = [node.left, node.right].map((side) => scope.walker.query(side as SyntaxNode, scope));
  const parts = combined(node, sides[0].parts, sides[1].parts);
  const result = relation(undefined, parts);
  // ORDER BY may take a name from the right side, never from outside.
  const inner = { ...within(scope, tablesOf(result)), outer: undefined, isClause: true };
  const ordering = modifiersLineage(node, result.parts, inner);
  const compared = sides.flatMap((side) => side.parts.map(lineageOfPart));
  const isCompared = node.setop_type === 'EXCEPT' || node.setop_type === 'INTERSECT' || node.setop_all !== true;
  const rows = derivedFrom(...sides.map((side) => side.rows), ordering.rows, ...(isCompared ? compared : [NONE]));
  const touched = derivedFrom(...sides.map((side) => side.touched), rows, ordering.order);
  const order = derivedFrom(...sides.map((side) => side.order), ordering.order);
  return { parts, rows, order, touched };
}

function combined({ setop_type: type }: SyntaxNode, left: readonly Part[], right: readonly Part[]): readonly Part[] {
  if (type === 'UNION_BY_NAME') return byName(left, right);
  return type === 'UNION' ? byPlace(left, right) : left;
}

/** The names are those of the left side. */
export function byPlace(left: readonly Part[], right: readonly Part[]): Part[] {
  if (isOpen(left)) return [{ rest: either(...[...left, ...right].map(lineageOfPart)) }];
  return left.map((part, index) => ({ ...part, lineage: either(lineageOfPart(part), atPlace(right, index)) }));
}

function byName(left: readonly Part[], right: readonly Part[]): Part[] {
  const isNamed = (part: Part) => !isRest(part) && part.name !== undefined;
  if (![...left, ...right].every(isNamed)) return [{ rest: either(...[...left, ...right].map(lineageOfPart)) }];
  const find = (parts: readonly Part[], part: Part) => parts.find((one) => sameName(nameOf(one), nameOf(part)!));
  const both = left.map((part) => {
    const other = find(right, part);
    return other === undefined ? part : { ...part, lineage: either(lineageOfPart(part), lineageOfPart(other)) };
  });
  return [...both, ...right.filter((part) => find(left, part) === undefined)];
}

const nameOf = (part: Part) => (isRest(part) ? undefined : part.name);
