import type { SyntaxNode } from '../sql/walk.ts';
import { call, constant } from './tree.ts';

/** A name of ours for the one that a lambda is given. */
const NAME = 'column name';

/** The expression whose value is those of the names that a regular expression finds, wherever it stands in them. */
export function namesFound(regularExpression: SyntaxNode, names: readonly string[]): SyntaxNode {
  return filter(call('list_value', names.map(constant)), call('regexp_matches', [reference, regularExpression]));
}

/** An expression over the names of columns, with the names that each star stands for in its place. */
export function withNames<Value>(expression: Value, namesOf: (star: SyntaxNode) => readonly string[]): Value {
  if (typeof expression !== 'object' || expression === null) return expression;
  if (Array.isArray(expression)) return expression.map((one) => withNames(one, namesOf)) as Value;
  const node = expression as SyntaxNode;
  if (node.class === 'STAR') return call('list_value', namesOf(node).map(constant)) as Value;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withNames(value, namesOf)])) as Value;
}

/** What `* LIKE`, `* ILIKE`, `* GLOB`, `* SIMILAR TO` and their opposites are called in the syntax tree. */
const FILTERS = /^(!?~~\*?|~~~|(not_)?i?like_escape|regexp_full_match)$/;

/**
 * `* LIKE '...'` and its like as the COLUMNS() that DuckDB makes of it: over the names that are like it, or, of
 * `* SIMILAR TO '...'` without NOT and EXCLUDE, with the regular expression itself, which may stand anywhere in a name.
 */
export function columnsOfFilter(expression: SyntaxNode): SyntaxNode | undefined {
  const isNot = expression.type === 'OPERATOR_NOT';
  const [condition] = isNot ? (expression.children as SyntaxNode[]) : [expression];
  const { class: kind, function_name, children } = condition;
  if (kind !== 'FUNCTION' || !FILTERS.test(String(function_name))) return undefined;
  const [star, pattern, ...others] = children as SyntaxNode[];
  if (star?.class !== 'STAR' || star.columns === true) return undefined;
  const isOfName = { ...condition, alias: '', children: [reference, pattern, ...others] };
  const chosen = isNot ? { ...expression, alias: '', children: [isOfName] } : isOfName;
  const isPattern = function_name === 'regexp_full_match' && !isNot && !excludes(star);
  const expr = isPattern ? pattern : filter({ ...star, alias: '' }, chosen);
  return {
    class: 'STAR',
    type: 'STAR',
    alias: expression.alias,
    relation_name: star.relation_name,
    columns: true,
    expr,
  };
}

const excludes = ({ exclude_list = [], qualified_exclude_list = [] }: SyntaxNode) =>
  (exclude_list as unknown[]).length + (qualified_exclude_list as unknown[]).length > 0;

/** The names where they are written as a list: COLUMNS(['a', 'b']). */
export function listOfNames({ function_name, children }: SyntaxNode): string[] | undefined {
  if (function_name !== 'list_value' || !(children as SyntaxNode[]).every(isText)) return undefined;
  return (children as SyntaxNode[]).map(({ value }) => String((value as SyntaxNode).value));
}

export function isText({ class: kind, value }: SyntaxNode): boolean {
  return kind === 'CONSTANT' && typeof (value as SyntaxNode).value === 'string';
}

function filter(list: SyntaxNode, expr: SyntaxNode): SyntaxNode {
  return call('list_filter', [list, { class: 'LAMBDA', type: 'LAMBDA', alias: '', lhs: reference, expr }]);
}

const reference: SyntaxNode = { class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', column_names: [NAME] };
