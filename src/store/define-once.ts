import { sha256Hex } from '../lib/hash.ts';
import { type Connection, literal } from './connection.ts';
import { hasRelation } from './has-relation.ts';
import { textOf } from './sql-files.ts';

/** What is defined in a schema goes with it: so does the record of it, `schema._defined`. */
const record = (schema: string) => `
  CREATE SCHEMA IF NOT EXISTS ${schema};
  CREATE TABLE IF NOT EXISTS ${schema}._defined (name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL);`;

const comments = (schema: string) => `
  COMMENT ON TABLE ${schema}._defined IS 'By which SQL views and macros of the warehouse itself stand: they are defined anew where it has other SQL, or a row is missing here.';
  COMMENT ON COLUMN ${schema}._defined.name IS 'What is defined together.';
  COMMENT ON COLUMN ${schema}._defined.sha256 IS 'SHA-256 of its SQL.';`;

/** What is defined together, by a name of its own in its schema: `schema.name`. */
type Definitions = `${'meta' | 'recon' | 'run' | 'state'}.${string}`;

/** The files of sql/ that hold nothing but definitions and are defined each by itself. */
const FILES = {
  'state-rules.sql': 'state.rules',
  'state-views.sql': 'state.views',
  'definitions.sql': 'meta.definitions',
  'readings.sql': 'meta.readings',
  'sources.sql': 'state.sources',
  'recon/series.sql': 'recon.series',
  'recon/lineage.sql': 'recon.lineage',
  'recon/classification.sql': 'recon.classification',
} as const;

export type DefinitionFile = keyof typeof FILES;

/**
 * Runs SQL that creates or replaces views and macros, unless what stands was defined by the very same: to define all that
 * the warehouse has takes longer than most builds. What it defines must have the same columns and types whatever the
 * tables under it hold, since DuckDB keeps those of a view.
 * @returns whether it was run
 */
export async function defineOnce(connection: Connection, name: Definitions, sql: string): Promise<boolean> {
  return defining(
    connection,
    name,
    async () => sql,
    () => connection.run(sql),
  );
}

/** Has what was defined together be defined anew the next time. */
export async function forget(connection: Connection, definitions: Definitions): Promise<void> {
  const [schema, name] = definitions.split('.', 2);
  await connection.run(`${record(schema)} DELETE FROM ${schema}._defined WHERE name = ${literal(name)}`);
}

/** The same of a file of sql/. */
export function defineFile(connection: Connection, file: DefinitionFile): Promise<boolean> {
  return defineOnce(connection, FILES[file], textOf(file));
}

/** Whether the database has the definitions of a file of sql/, be it of another version of the warehouse. */
export async function isDefined(connection: Connection, file: DefinitionFile): Promise<boolean> {
  const [schema, name] = FILES[file].split('.', 2);
  if (!(await hasRelation(connection, `${schema}._defined`))) return false;
  return (await connection.row(`SELECT 1 FROM ${schema}._defined WHERE name = ${literal(name)}`)) !== undefined;
}

/**
 * Does `work` unless it was done before and left the same `text`. Cut short, it is done again the next time, whatever is
 * asked for then.
 *
 * @param text what tells that it was done: asked for before the work, and once more after it, which may change it
 * @returns whether it did the work
 */
export async function defining(
  connection: Connection,
  definitions: Definitions,
  text: () => Promise<string>,
  work: () => Promise<void>,
): Promise<boolean> {
  const [schema, name] = definitions.split('.', 2);
  const hashed = async () => sha256Hex(await text());
  await connection.run(record(schema));
  const table = `${schema}._defined`;
  const row = `name = ${literal(name)}`;
  const standing = await connection.row<{ sha256: string }>(`SELECT sha256 FROM ${table} WHERE ${row}`);
  if (standing?.sha256 === (await hashed())) return false;
  await connection.run(`${comments(schema)} DELETE FROM ${table} WHERE ${row}`);
  await work();
  await connection.run(`INSERT INTO ${table} VALUES (${literal(name)}, ${literal(await hashed())})`);
  return true;
}
