import { sha256Hex } from '../lib/hash.ts';
import { type Connection, literal } from './connection.ts';
import { textOf } from './sql-files.ts';

/** Whose definitions stand. Made where the first of them is. */
const DEFINITION = `
  CREATE SCHEMA IF NOT EXISTS run;
  CREATE TABLE IF NOT EXISTS run.definition (name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL);`;

const COMMENTS = `
  COMMENT ON TABLE run.definition IS 'Groups of views and macros that the warehouse itself defines, and by what they stand: they are defined anew when that changes. A row that is deleted has its group defined anew by the next build.';
  COMMENT ON COLUMN run.definition.name IS 'The group: a file of the SQL of the warehouse, or recon, finding or macros.';
  COMMENT ON COLUMN run.definition.sha256 IS 'SHA-256 of its SQL.';`;

/**
 * Runs SQL that creates or replaces views and macros, unless what stands was defined by the very same: to define all that
 * the warehouse has takes longer than most builds. What it defines must have the same columns and types whatever the
 * tables under it hold, since DuckDB keeps those of a view.
 */
export async function defineOnce(connection: Connection, name: string, sql: string): Promise<void> {
  await defining(connection, name, sql, () => connection.run(sql));
}

/** The same of a file of sql/. */
export function defineFile(connection: Connection, name: string): Promise<void> {
  return defineOnce(connection, name, textOf(name));
}

/**
 * Does `work` unless it was done for the same `text` before. Cut short, it is done again the next time, whatever is asked
 * for then.
 */
export async function defining(
  connection: Connection,
  name: string,
  text: string,
  work: () => Promise<void>,
): Promise<void> {
  const sha256 = sha256Hex(text);
  await connection.run(DEFINITION);
  const row = `name = ${literal(name)}`;
  const standing = await connection.row<{ sha256: string }>(`SELECT sha256 FROM run.definition WHERE ${row}`);
  if (standing?.sha256 === sha256) return;
  await connection.run(`${COMMENTS} DELETE FROM run.definition WHERE ${row}`);
  await work();
  await connection.run(`INSERT INTO run.definition VALUES (${literal(name)}, ${literal(sha256)})`);
}
