import { type Cell, highest } from '../../model/classification/cell.ts';
import type { Classification } from '../../project/classification.ts';
import type { Connection } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';

/** What the last run recorded. */
export interface Remembered {
  /** A column of a table, or the highest of it and its rows; undefined where nothing of the table was more than none. */
  readonly of: (table: string, column?: string) => Cell | undefined;
}

/** Reads what recon.column_classification has, for what no SELECT tells any more. */
export async function readRemembered(connection: Connection): Promise<Remembered> {
  if (!(await hasRelation(connection, 'recon.column_classification'))) return { of: () => undefined };
  const rows = await connection.rows<{ model: string; column: string | null; effective: Classification }>(
    'SELECT model, column_name AS "column", effective FROM recon.column_classification ORDER BY ALL',
  );
  const byTable = new Map<string, typeof rows>();
  for (const row of rows) byTable.set(row.model, [...(byTable.get(row.model) ?? []), row]);
  const of = (table: string, column?: string): Cell | undefined => {
    const all = byTable.get(table);
    const isMeant = (one: string | null) =>
      column === undefined || one === null || one.toLowerCase() === column.toLowerCase();
    const cells = all
      ?.filter((one) => isMeant(one.column))
      .map(({ effective }): Cell => ({ classification: effective, name: `${table} as of an earlier run` }));
    return cells && highest(cells);
  };
  return { of };
}
