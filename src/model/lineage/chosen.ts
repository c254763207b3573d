import { type SyntaxNode, walk } from '../sql/walk.ts';
import { derivedFrom } from './lineage.ts';
import type { Scope } from './scope.ts';
import { isOpen, isRest, lineageOfPart, type Part, sameName } from './shape.ts';
import { starParts } from './star.ts';
import { isText, listOfNames, namesFound, withNames } from './star-names.ts';

/** The columns that COLUMNS(...) stands for: those whose names its expression gives. It makes an alias of each name. */
export function chosen(star: SyntaxNode, scope: Scope, isWithin = false): Part[] {
  const parts = star.expr ? ofExpression(star, star.expr as SyntaxNode, scope) : starParts(star, scope, isWithin);
  return parts.map((part) => (isRest(part) ? { ...part, isPatterned: true } : { ...part, isAlias: true }));
}

/** Whatever star the names are taken from, all columns are chosen that have one. */
function ofExpression({ relation_name }: SyntaxNode, expression: SyntaxNode, scope: Scope): Part[] {
  const all = starParts({ relation_name }, scope);
  const isPattern = isText(expression);
  const nameOf = isPattern ? nameOfPart : nameInList;
  const names = isPattern ? namesMatching(expression, all, scope) : namesGiven(expression, scope);
  const isGiven = (part: Part, name: string) => (isPattern ? nameOf(part) === name : sameName(nameOf(part), name));
  const isKnown = !isOpen(all) && names?.every((name) => all.some((part) => isGiven(part, name)));
  if (!isKnown) return [{ rest: derivedFrom(...all.map(lineageOfPart)) }];
  return all.filter((part) => names!.some((name) => isGiven(part, name)));
}

function namesMatching(pattern: SyntaxNode, all: readonly Part[], { walker }: Scope): readonly string[] | undefined {
  const names = known(all.map(nameOfPart));
  return names && walker.facts.ask({ kind: 'names', expression: namesFound(pattern, names) });
}

/** Of an expression over the names of all columns, or of those of the stars that stand in it. */
function namesGiven(expression: SyntaxNode, scope: Scope): readonly string[] | undefined {
  const stars = new Map<SyntaxNode, readonly string[] | undefined>();
  walk(expression, undefined, (node) => {
    if (node.class !== 'STAR') return undefined;
    stars.set(node, known(starParts(node, scope).map(nameInList)));
    return [];
  });
  if ([...stars.values()].includes(undefined)) return undefined;
  const question = withNames(expression, (star) => stars.get(star)!);
  return listOfNames(question) ?? scope.walker.facts.ask({ kind: 'names', expression: question });
}

const known = (names: readonly (string | undefined)[]): readonly string[] | undefined =>
  names.includes(undefined) ? undefined : (names as string[]);

const nameOfPart = (part: Part): string | undefined => (isRest(part) ? undefined : part.name);

/** In a list of names, what USING computes of both sides stands as the text of its expression. */
const nameInList = (part: Part): string | undefined => (isRest(part) || part.isAlias ? undefined : part.name);
