/** A column of a table, a view or a file: where a chain of SELECTs ends. Each is one object: two of them are compared as such. */
export interface BaseColumn {
  /** `schema.table`, or the path of a file. */
  readonly table: string;
  readonly column: string;
}

/** The columns from which a value comes. */
export interface Lineage {
  readonly from: ReadonlySet<BaseColumn>;
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
  const reason = lineages.find((one) => one.unknown !== undefined)?.unknown;
  const isCopy = lineages.length > 0 && lineages.every((one) => one.isCopy);
  return { from, isCopy, ...(reason !== undefined && { unknown: reason }) };
}

/** Whether two say the same; of what is unknown, whatever the reason. */
export function isSame(a: Lineage, b: Lineage): boolean {
  const isUnknown = (one: Lineage) => one.unknown !== undefined;
  if (a.isCopy !== b.isCopy || isUnknown(a) !== isUnknown(b)) return false;
  return a.from.size === b.from.size && [...a.from].every((column) => b.from.has(column));
}
