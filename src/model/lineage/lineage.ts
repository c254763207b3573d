/** A column of a table, a view or a file: where a chain of SELECTs ends. Each is one object: two of them are compared as such. */
export interface BaseColumn {
  /** `schema.table`, or the path of a file. */
  readonly table: string;
  readonly column: string;
}

/** The columns from which a value comes. */
export interface Lineage {
  readonly from: ReadonlySet<BaseColumn>;
  /** Those of them that only part and order rows, as those of a window do: the value is not made of theirs. */
  readonly ordering?: ReadonlySet<BaseColumn>;
  /** Whether each value is one of such a column, unchanged. */
  readonly isCopy: boolean;
  /** Why there may be columns that are not among `from`; undefined where there are none. */
  readonly unknown?: string;
}

/** What a constant comes from. */
export const NONE: Lineage = { from: new Set(), isCopy: false };

export const copyOf = (column: BaseColumn): Lineage => ({ from: new Set([column]), isCopy: true });

export const unknown = (reason: string): Lineage => ({ from: new Set(), isCopy: false, unknown: reason });

/** What is computed from all of these. */
export function derivedFrom(...lineages: readonly Lineage[]): Lineage {
  return { ...either(...lineages), isCopy: false };
}

/** What is one of these, as the rows of a UNION are: a copy if each of them is. */
export function either(...lineages: readonly Lineage[]): Lineage {
  if (lineages.length === 1) return lineages[0];
  const from = new Set(lineages.flatMap((one) => [...one.from]));
  const ordering = orderingOf(lineages);
  const reason = lineages.find((one) => one.unknown !== undefined)?.unknown;
  const isCopy = lineages.length > 0 && lineages.every((one) => one.isCopy);
  return { from, isCopy, ...(ordering && { ordering }), ...(reason !== undefined && { unknown: reason }) };
}

/** What rows are parted and ordered by, which is no more of the value than that. */
export function orderedBy(lineage: Lineage): Lineage {
  const { from } = lineage;
  return { ...derivedFrom(lineage), ...(from.size > 0 && { ordering: from }) };
}

/** Of all these, the columns that give none of them its value. */
function orderingOf(lineages: readonly Lineage[]): ReadonlySet<BaseColumn> | undefined {
  const ordering = new Set(lineages.flatMap((one) => [...(one.ordering ?? [])]));
  if (ordering.size === 0) return undefined;
  for (const one of lineages) {
    for (const column of one.from) if (!one.ordering?.has(column)) ordering.delete(column);
  }
  return ordering.size === 0 ? undefined : ordering;
}

/** Whether two say the same; of what is unknown, whatever the reason. */
export function isSame(a: Lineage, b: Lineage): boolean {
  const isUnknown = (one: Lineage) => one.unknown !== undefined;
  if (a.isCopy !== b.isCopy || isUnknown(a) !== isUnknown(b)) return false;
  return isSameSet(a.from, b.from) && isSameSet(a.ordering, b.ordering);
}

function isSameSet(a: ReadonlySet<BaseColumn> = new Set(), b: ReadonlySet<BaseColumn> = new Set()): boolean {
  return a.size === b.size && [...a].every((column) => b.has(column));
}
