import type { SyntaxNode } from '../sql/walk.ts';
import { call, constant } from './tree.ts';

/** A name of ours for the one that a lambda is given. */
const NAME = 'column name';

/**
 * The expression whose value is the names that are chosen of these: that of COLUMNS(...), be it a regular expression, a
 * lambda or a list, with all names in the place of its star; of `* LIKE '...'`, the names that are like it.
 */
export function namesChosenBy(expression: SyntaxNode, names: readonly string[]): SyntaxNode {
  const list = call('list_value', names.map(constant));
  if (isText(expression)) return filter(list, call('regexp_matches', [reference, expression]));
  if (isStarFilter(expression)) {
    const [, ...others] = expression.children as SyntaxNode[];
    return filter(list, { ...expression, alias: '', children: [reference, ...others] });
  }
  const children = (expression.children ?? []) as SyntaxNode[];
  return { ...expression, alias: '', children: children.map((child) => (child.class === 'STAR' ? list : child)) };
}

/** What `* LIKE`, `* ILIKE`, `* GLOB`, `* SIMILAR TO` and their opposites are called in the syntax tree. */
const FILTERS = /^(!?~~\*?|~~~|(not_)?i?like_escape|regexp_full_match)$/;

export function isStarFilter({ class: kind, function_name, children }: SyntaxNode): boolean {
  if (kind !== 'FUNCTION' || !FILTERS.test(String(function_name))) return false;
  const [first] = children as SyntaxNode[];
  return first?.class === 'STAR' && first.columns !== true;
}

/** The names where they are written as a list: COLUMNS(['a', 'b']). */
export function listOfNames({ function_name, children }: SyntaxNode): string[] | undefined {
  if (function_name !== 'list_value' || !(children as SyntaxNode[]).every(isText)) return undefined;
  return (children as SyntaxNode[]).map(({ value }) => String((value as SyntaxNode).value));
}

function isText({ class: kind, value }: SyntaxNode): boolean {
  return kind === 'CONSTANT' && typeof (value as SyntaxNode).value === 'string';
}

function filter(list: SyntaxNode, expr: SyntaxNode): SyntaxNode {
  return call('list_filter', [list, { class: 'LAMBDA', type: 'LAMBDA', alias: '', lhs: reference, expr }]);
}

const reference: SyntaxNode = { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', column_names: [NAME] };
