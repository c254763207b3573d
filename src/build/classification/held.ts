import { type Classification, isAbove } from '../../project/classification.ts';
import type { Connection } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { insertRows } from '../../store/insert-rows.ts';
import { runSqlFile } from '../../store/sql-files.ts';
import type { Classes } from './classify.ts';

const TABLE = 'run.held_class';

/**
 * Keeps for good that the file is going to hold something of these classes. Call it before any of it is written: what
 * rolled back may be in the bytes of the file too.
 */
export async function rememberHeld(connection: Connection, classes: Iterable<Classification>): Promise<void> {
  const given = [...new Set(classes)].filter((one) => one !== 'none');
  if (given.length === 0) return;
  const held = await heldClasses(connection);
  const fresh = given.filter((one) => !held.includes(one));
  if (fresh.length === 0) return;
  if (!(await hasRelation(connection, TABLE))) await runSqlFile(connection, 'held-class.sql');
  await insertRows(
    connection,
    TABLE,
    fresh.map((classification) => ({ classification })),
  );
}

/** The classes of sources and of models, built or not. */
export function classesOf({ all, models }: Classes): Classification[] {
  const cells = [...models.values()].flatMap(({ rows, columns }) => [rows, ...columns]);
  return [all, ...cells].map(({ classification }) => classification);
}

/** Whether the bytes of the file may hold what is above a level, whatever its tables hold now. */
export async function mayHoldAbove(connection: Connection, level: Classification): Promise<boolean> {
  return (await heldClasses(connection)).some((one) => isAbove(one, level));
}

async function heldClasses(connection: Connection): Promise<Classification[]> {
  if (!(await hasRelation(connection, TABLE))) return [];
  const rows = await connection.rows<{ classification: Classification }>(`FROM ${TABLE}`);
  return rows.map(({ classification }) => classification);
}
