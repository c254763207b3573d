import type { SyntaxNode } from '../sql/walk.ts';
import { derivedFrom, type Lineage, NONE } from './lineage.ts';
import type { Scope } from './scope.ts';
import { lineageOfPart, type Part } from './shape.ts';

/** A parameter of a table macro may be a number where it is called: then it means any column. */
export function numbered({ class: kind, column_names }: SyntaxNode, parts: readonly Part[], scope: Scope): Lineage {
  const [name, ...rest] = kind === 'COLUMN_REF' ? (column_names as string[]) : [];
  const isParameter = name !== undefined && rest.length === 0 && scope.variables.has(name.toLowerCase());
  return isParameter ? derivedFrom(...parts.map(lineageOfPart)) : NONE;
}

/** The number of a column that stands where it is to be grouped or ordered by. */
export function placeOf({ class: kind, value }: SyntaxNode): number | undefined {
  const constant = kind === 'CONSTANT' ? (value as SyntaxNode).value : undefined;
  return typeof constant === 'number' ? constant : undefined;
}
