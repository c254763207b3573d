import type { SyntaxNode } from '../sql/walk.ts';
import { calls, multiplies, UNNEST } from './calls.ts';
import { chosen } from './chosen.ts';
import { derivedFrom, either, type Lineage, NONE } from './lineage.ts';
import type { Scope } from './scope.ts';
import { type Column, isRest, lineageOfPart, type Part } from './shape.ts';
import { starParts } from './star.ts';
import { columnsOfFilter } from './star-names.ts';

/** An entry of a select list and the columns that it gives. */
export interface Item {
  readonly expression: SyntaxNode;
  readonly parts: readonly Part[];
}

/** What a select list gives. An entry may name those before it by their aliases. */
export function selectItems(list: readonly SyntaxNode[], scope: Scope): { items: Item[]; scope: Scope } {
  const items: Item[] = [];
  const aliases = new Map<string, Lineage>();
  const patterned: Lineage[] = [];
  const inner = { ...scope, aliases, patterned };
  for (const expression of list) {
    const parts = itemParts(expression, inner);
    items.push({ expression, parts });
    for (const [alias, lineage] of aliasesOf(expression, parts)) aliases.set(alias.toLowerCase(), lineage);
    patterned.push(...parts.filter((part) => part.isPatterned).map(lineageOfPart));
  }
  return { items, scope: inner };
}

/** The names that an entry gives. Of several that are the same, DuckDB takes the last, whoever asks for it. */
function aliasesOf({ alias }: SyntaxNode, parts: readonly Part[]): (readonly [string, Lineage])[] {
  if (alias) return [[String(alias), either(...parts.map(lineageOfPart))]];
  const named = parts.filter((part): part is Column => !isRest(part) && part.isAlias === true);
  return named.flatMap(({ name, lineage }) => (name === undefined ? [] : [[name, lineage] as const]));
}

function itemParts(written: SyntaxNode, scope: Scope): Part[] {
  if (written.class === 'STAR' && written.columns !== true) return starParts(written, scope);
  const expression = columnsOfFilter(written) ?? written;
  const alias = (expression.alias as string | undefined) || undefined;
  const star = columnsIn(expression);
  if (star !== undefined) {
    return chosen(star, scope, star !== expression).map((part) => applied(expression, part, alias, scope));
  }
  const own = scope.walker.expression(expression, scope);
  // unnest() of a struct gives its fields.
  if (isUnnest(expression)) return [{ rest: derivedFrom(own), isSome: true }];
  return [{ name: alias ?? nameOf(expression), lineage: own }];
}

/** The COLUMNS() of an expression, which makes as many of it as there are columns; `*COLUMNS()` is but its arguments. */
function columnsIn(node: unknown): SyntaxNode | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const { class: kind, type, columns } = node as SyntaxNode;
  if (kind === 'STAR') return columns === true ? (node as SyntaxNode) : undefined;
  if (kind === 'SUBQUERY' || type === 'OPERATOR_UNPACK') return undefined;
  for (const value of Object.values(node)) {
    const found = columnsIn(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function applied(expression: SyntaxNode, part: Part, alias: string | undefined, scope: Scope): Part {
  const value = scope.walker.expression(expression, { ...scope, column: lineageOfPart(part) });
  return isRest(part) ? { ...part, rest: value } : under({ ...part, lineage: value }, alias);
}

/** Under a name, be it that of all; one with `\1` in it is made of each column's own. */
function under(part: Column, alias: string | undefined): Part {
  if (alias === undefined) return part;
  const isPatterned = alias.includes('\\');
  return isPatterned ? { ...part, name: undefined, isPatterned } : { ...part, name: alias };
}

function nameOf({ class: kind, column_names }: SyntaxNode): string | undefined {
  return kind === 'COLUMN_REF' ? (column_names as string[]).at(-1) : undefined;
}

function isUnnest({ class: kind, function_name }: SyntaxNode): boolean {
  return kind === 'FUNCTION' && UNNEST.has(String(function_name).toLowerCase());
}

/** The lists whose elements become rows. */
export function unnested(items: readonly Item[], { walker }: Scope): Lineage {
  const lists = items.filter(({ expression }) => multiplies(expression, walker.facts));
  return derivedFrom(NONE, ...lists.flatMap(({ parts }) => parts.map(lineageOfPart)));
}

/** What GROUP BY ALL groups by: all that is not made of many rows. */
export function groupedBy(items: readonly Item[], { walker }: Scope): Lineage {
  const { facts } = walker;
  const groups = items.filter(({ expression }) => !calls(expression, facts.aggregates, facts));
  return derivedFrom(NONE, ...groups.flatMap(({ parts }) => parts.map(lineageOfPart)));
}
