import type { SyntaxNode } from '../sql/walk.ts';
import { derivedFrom, either, type Lineage, NONE, unknown } from './lineage.ts';
import { findColumn, type Merged, settled, type Tables } from './relation.ts';
import { type Scope, within } from './scope.ts';
import { type Column, isOpen, isRest, type Part, sameName } from './shape.ts';

/** A join of any kind. What stands on its right may name the tables on its left. */
export function joined(node: SyntaxNode, outer: Scope, tablesIn: (node: SyntaxNode, outer: Scope) => Tables): Tables {
  const left = tablesIn(node.left as SyntaxNode, outer);
  const right = tablesIn(node.right as SyntaxNode, within(outer, left));
  const isFilter = node.join_type === 'SEMI' || node.join_type === 'ANTI';
  const both = {
    relations: [...left.relations, ...right.relations],
    merged: new Map([...right.merged, ...left.merged]),
  };
  const names = usingNames(node, left, right);
  const using = names.map((name) => sides(name, left, right));
  const merged = new Map([
    ...both.merged,
    ...using.map((side) => [side.name.toLowerCase(), merge(node, side)] as const),
  ]);
  const condition = outer.walker.expression(node.condition, { ...within(outer, both), isClause: true });
  const compared = using.flatMap((side) => [side.left, side.right]);
  const rows = derivedFrom(left.rows, right.rows, condition, ...compared, naturalOfUnknown(node, left, right));
  const touched = derivedFrom(left.touched, right.touched);
  return isFilter ? { ...left, rows, touched } : { relations: both.relations, merged, rows, touched };
}

/** One name of USING on both sides. */
interface Side {
  readonly name: string;
  readonly left: Lineage;
  readonly right: Lineage;
  readonly members: ReadonlySet<Part>;
}

function sides(name: string, left: Tables, right: Tables): Side {
  const of = (tables: Tables) => settled(findColumn(tables, name), `there is no column ${name}`);
  return {
    name,
    left: of(left),
    right: of(right),
    members: new Set([...members(left, name), ...members(right, name)]),
  };
}

function members({ relations, merged }: Tables, name: string): readonly Part[] {
  const one = merged.get(name.toLowerCase());
  if (one !== undefined) return [...one.members];
  return relations.flatMap(({ parts }) => parts.filter((part) => !isRest(part) && sameName(part.name, name)));
}

/** The value is that of the side of which every row is kept; of a FULL join, that of the one that has a row. */
function merge({ join_type: type }: SyntaxNode, { left, right, members }: Side): Merged {
  if (type === 'FULL' || type === 'OUTER') return { lineage: derivedFrom(left, right), members, isAlias: true };
  return { lineage: type === 'RIGHT' ? right : left, members };
}

function usingNames({ using_columns: using = [], ref_type }: SyntaxNode, left: Tables, right: Tables): string[] {
  if (ref_type !== 'NATURAL') return using as string[];
  const names = columnNames(right).map((name) => name.toLowerCase());
  return [...new Set(columnNames(left).filter((name) => names.includes(name.toLowerCase())))];
}

function columnNames({ relations }: Tables): string[] {
  const columns = relations.flatMap(({ parts }) => parts.filter((part): part is Column => !isRest(part)));
  return columns.flatMap(({ name }) => name ?? []);
}

/** Of tables whose columns are not known, NATURAL does not tell what it compares. */
function naturalOfUnknown({ ref_type }: SyntaxNode, left: Tables, right: Tables): Lineage {
  const isUnknown = [...left.relations, ...right.relations].some(({ parts }) => isOpen(parts));
  return ref_type === 'NATURAL' && isUnknown ? unknown('what NATURAL JOIN compares is not known') : either(NONE);
}
