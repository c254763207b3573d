import { type SyntaxNode, walk } from '../sql/walk.ts';
import { chosen } from './chosen.ts';
import { derivedFrom, either, type Lineage, NONE } from './lineage.ts';
import { findColumn, settled, type Tables } from './relation.ts';
import { type Query, type Scope, within } from './scope.ts';
import { isRest, lineageOfPart, type Part } from './shape.ts';
import { starParts } from './star.ts';
import { columnsOfFilter } from './star-names.ts';

/** What PIVOT or UNPIVOT gives of its source. */
export function pivoted(node: SyntaxNode, outer: Scope, source: Tables): Query {
  const scope = within(outer, source);
  const isUnpivot = ((node.unpivot_names ?? []) as string[]).length > 0;
  const { parts, rows } = isUnpivot ? unpivot(node, scope) : pivot(node, scope);
  const all = derivedFrom(source.rows, rows);
  return { parts, rows: all, order: NONE, touched: derivedFrom(source.touched, all, ...parts.map(lineageOfPart)) };
}

type Result = Pick<Query, 'parts' | 'rows'>;

/** Each cell is an aggregate over the rows that have the values of its column; the other columns are its groups. */
function pivot(node: SyntaxNode, scope: Scope): Result {
  const pivots = node.pivots as SyntaxNode[];
  const aggregates = (node.aggregates ?? []) as SyntaxNode[];
  const by = pivots.map(({ pivot_expressions }) => pivot_expressions);
  const over = scope.walker.expression(by, scope);
  const groups = groupsOf(node, columnNamesIn([by, aggregates]), scope);
  const values = aggregates.map((aggregate) => derivedFrom(over, scope.walker.expression(aggregate, scope)));
  // Only the type itself tells the values of an ENUM.
  const isOfEnum = pivots.some(({ pivot_enum: name }) => Boolean(name));
  const cells = isOfEnum
    ? [{ rest: derivedFrom(...values) }]
    : combinations(pivots).flatMap((name) =>
        values.map((lineage, i): Part => ({ name: cellName(name, aggregates[i], aggregates.length), lineage })),
      );
  return { parts: [...groups, ...cells], rows: derivedFrom(NONE, ...groups.map(lineageOfPart)) };
}

/** Those that GROUP BY names, or else all that are neither pivoted nor aggregated. */
function groupsOf({ groups = [] }: SyntaxNode, used: ReadonlySet<string>, scope: Scope): Part[] {
  const names = groups as string[];
  if (names.length > 0) {
    return names.map((name) => ({
      name,
      lineage: settled(findColumn(scope.tables, name), `there is no column ${name}`),
    }));
  }
  return othersThan(used, scope);
}

/** The columns of the source that are not called so. @param names lower-case */
function othersThan(names: ReadonlySet<string>, scope: Scope): Part[] {
  return starParts({}, scope).filter((part) => isRest(part) || !names.has(String(part.name).toLowerCase()));
}

/** Lower-case names of the columns that stand somewhere in these. */
function columnNamesIn(nodes: unknown): Set<string> {
  const names = new Set<string>();
  walk(nodes, undefined, (node) => {
    if (node.class === 'COLUMN_REF') names.add((node.column_names as string[]).at(-1)!.toLowerCase());
    return node.class === 'SUBQUERY' ? [] : undefined;
  });
  return names;
}

/** The names of the cells: one entry of each pivot, with `_` between. */
function combinations(pivots: readonly SyntaxNode[]): (string | undefined)[] {
  const lists = pivots.map(({ entries }) => (entries as SyntaxNode[]).map(entryName));
  return lists.reduce<(string | undefined)[]>(
    (before, names) => before.flatMap((one) => names.map((name) => joinedName(one, name))),
    [''],
  );
}

function joinedName(before: string | undefined, name: string | undefined): string | undefined {
  if (before === undefined || name === undefined) return undefined;
  return before === '' ? name : `${before}_${name}`;
}

/** What the column of an entry is called: by its alias, or after its values. */
function entryName({ alias, values }: SyntaxNode): string | undefined {
  const all = ((values ?? []) as SyntaxNode[]).map(({ value }) => value);
  const isPlain = all.every((value) => typeof value === 'string' || typeof value === 'number');
  return (alias as string) || (isPlain ? all.join('_') : undefined);
}

/** An aggregate names its cells where it has a name, or where there are several. */
function cellName(name: string | undefined, { alias }: SyntaxNode, aggregates: number): string | undefined {
  if (alias) return name === undefined ? undefined : `${name}_${String(alias)}`;
  return aggregates === 1 ? name : undefined;
}

/** Each group of columns becomes rows of one: the name of the group, and its values. */
function unpivot(node: SyntaxNode, scope: Scope): Result {
  const [{ entries, unpivot_names: nameColumns }] = node.pivots as SyntaxNode[];
  const groups = (entries as SyntaxNode[]).flatMap((entry) => unpivoted(entry, scope));
  const used = new Set(groups.flatMap(({ names }) => names.map((name) => name.toLowerCase())));
  const others = othersThan(used, scope);
  const names = (nameColumns as string[]).map((name): Part => ({ name, lineage: NONE }));
  const values = (node.unpivot_names as string[]).map((name, index): Part => {
    return { name, lineage: either(...groups.map((group) => group.values[index] ?? NONE)) };
  });
  // Rows of NULL are left out.
  const rows = node.include_nulls === true ? NONE : derivedFrom(...values.map(lineageOfPart));
  return { parts: [...others, ...names, ...values], rows };
}

interface Unpivoted {
  readonly names: readonly string[];
  readonly values: readonly Lineage[];
}

/** Columns by name, those that a star stands for, each by itself, or an expression. */
function unpivoted({ values = [], star_expr: star }: SyntaxNode, scope: Scope): Unpivoted[] {
  const written = star as SyntaxNode | undefined;
  const node = written && (columnsOfFilter(written) ?? written);
  if (node?.class === 'STAR') {
    const replacing = [...columnNamesIn(node.replace_list)];
    return chosen(node, scope, true).map((part) => {
      const own = isRest(part) || part.name === undefined ? [] : [part.name];
      return { names: [...own, ...replacing], values: [lineageOfPart(part)] };
    });
  }
  if (node) return [{ names: [...columnNamesIn(node)], values: [scope.walker.expression(node, scope)] }];
  const names = (values as SyntaxNode[]).map(({ value }) => String(value));
  const find = (name: string) => settled(findColumn(scope.tables, name), `there is no column ${name}`);
  return [{ names, values: names.map(find) }];
}
