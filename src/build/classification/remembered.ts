import { type Cell, highest, UNCLASSIFIED } from '../../model/classification/cell.ts';
import type { Classification } from '../../project/classification.ts';
import type { Connection } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { standingNames } from './standing-names.ts';

/** What the last run recorded. */
export interface Remembered {
  /** A column of a table, or the highest of it and its rows; undefined where nothing of the table was more than none. */
  readonly of: (table: string, column?: string) => Cell | undefined;
  /** The highest of all. */
  readonly any: Cell;
}

const NOTHING: Remembered = { of: () => undefined, any: UNCLASSIFIED };

const nameOf = (table: string) => `${table} as of an earlier run`;

/** Whether a table is what it is only because it was that before. */
export const isRemembered = ({ name, from }: Cell): boolean => from?.name === nameOf(name);

/** Reads what recon.column_classification has of the tables that are there, for what no SELECT tells any more. */
export async function readRemembered(connection: Connection): Promise<Remembered> {
  if (!(await hasRelation(connection, 'recon.column_classification'))) return NOTHING;
  const rows = await connection.rows<{ model: string; column: string | null; effective: Classification }>(
    'SELECT model, column_name AS "column", effective FROM recon.column_classification ORDER BY ALL',
  );
  if (rows.length === 0) return NOTHING;
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
  return { of, any: highest([...byTable.keys()].flatMap((table) => of(table) ?? [])) };
}
