import type { SyntaxNode } from '../sql/walk.ts';
import { expressionLineage } from './expression.ts';
import type { Facts } from './facts.ts';
import { queryLineage } from './query.ts';
import { type Query, rootScope } from './scope.ts';

/** What a SELECT gives, by its syntax tree and what is known beside it. */
export function selectLineage(tree: SyntaxNode, facts: Facts): Query {
  const walker = { facts, query: queryLineage, expression: expressionLineage };
  return queryLineage(tree, rootScope(walker));
}
