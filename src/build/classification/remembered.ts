import { type Cell, highest, UNCLASSIFIED, wayTo } from '../../model/classification/cell.ts';
import type { Classification } from '../../project/classification.ts';
import type { Connection } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { standingNames } from './standing-names.ts';

/** What the last run recorded. */
export interface Remembered {
  /** A column of a table, or the highest of it and its rows; undefined where nothing of the table was more than none. */
  readonly of: (table: string, column?: string) => Cell | undefined;
  /** A column of a table, or its rows (null), whatever was declassified; where only DuckDB could name it (`*`), any. */
  readonly before: (table: string, column: string | null) => Cell;
  /** Whether nothing was more than none. */
  readonly isEmpty: boolean;
  /** The highest of all. */
  readonly any: Cell;
}

/** Where there was no run, or nothing was classified. */
export const NOTHING_REMEMBERED: Remembered = {
  of: () => undefined,
  before: () => UNCLASSIFIED,
  isEmpty: true,
  any: UNCLASSIFIED,
};

const EARLIER = ' as of an earlier run';
const nameOf = (table: string) => `${table}${EARLIER}`;

/** The table that something is what it is by only because that was so in an earlier run. */
export const rememberedIn = (cell: Cell): string | undefined =>
  [cell.name, ...wayTo(cell)].find((name) => name.endsWith(EARLIER))?.slice(0, -EARLIER.length);

// A type, and no interface: as one it could not be read.
type Row = {
  readonly model: string;
  readonly column: string | null;
  readonly inherited: Classification;
  readonly effective: Classification;
};

/** Reads what recon.column_classification has of the tables that are there, for what no SELECT tells any more. */
export async function readRemembered(connection: Connection): Promise<Remembered> {
  if (!(await hasRelation(connection, 'recon.column_classification'))) return NOTHING_REMEMBERED;
  const rows = await connection.rows<Row>(
    'SELECT model, column_name AS "column", inherited, effective FROM recon.column_classification ORDER BY ALL',
  );
  if (rows.length === 0) return NOTHING_REMEMBERED;
  const standing = new Set(await standingNames(connection));
  const byTable = new Map<string, typeof rows>();
  for (const row of rows) if (standing.has(row.model)) byTable.set(row.model, [...(byTable.get(row.model) ?? []), row]);
  const of = (table: string, column?: string): Cell | undefined => {
    const all = byTable.get(table);
    const isMeant = (one: string | null) =>
      column === undefined || one === null || one.toLowerCase() === column.toLowerCase();
    const cells = all
      ?.filter((one) => isMeant(one.column))
      .map(({ effective }): Cell => ({ classification: effective, name: nameOf(table) }));
    return cells && highest(cells);
  };
  const before = (table: string, column: string | null): Cell => {
    const isMeant = (one: string | null) =>
      column === '*' ? one !== null : one?.toLowerCase() === column?.toLowerCase();
    const all = (byTable.get(table) ?? []).filter((one) => isMeant(one.column));
    const classes = all.flatMap(({ inherited, effective }) => [inherited, effective]);
    return highest(classes.map((classification): Cell => ({ classification, name: nameOf(table) })));
  };
  const any = highest([...byTable.keys()].flatMap((table) => of(table) ?? []));
  return { of, before, isEmpty: byTable.size === 0, any };
}
