import { WarehouseError } from '../lib/errors.ts';
import { reach, readMacros } from '../model/reading/macro-catalog.ts';
import { referencesOf } from '../model/reading/references.ts';
import { localName } from '../model/reading/resolve.ts';
import { setVariables, type Variables, variablesOf } from '../model/reading/variables.ts';
import { placeOf, type SqlText, sqlError } from '../model/sql/sql-error.ts';
import { parseSelect } from '../model/sql/syntax.ts';
import { hashed } from '../model/table/content-hash.ts';
import type { Project, Publication } from '../project/project.ts';
import { copyComments, inDatabase } from '../store/comments.ts';
import { type Connection, identifier, literal } from '../store/connection.ts';
import { describe, type TableColumn } from '../store/describe.ts';
import { errorClass } from '../store/error-class.ts';
import { makeBesideWorking, WORKING } from './beside-working.ts';
import { assertListed, isShown, type Publishable, saidOf } from './publication.ts';

interface Relation extends Publishable {
  readonly comment: string | null;
}

/**
 * Makes a new file at `path` with what a publication shows of the working file, tables and views alike as tables, with
 * their comments: only what is copied is in its bytes, and the order of rows tells nothing but their columns.
 *
 * @param check as of `makeBesideWorking`
 * @throws usage PUBLICATION_UNKNOWN, PUBLICATION_SQL (a condition or a column that the table does not take),
 * PUBLICATION_FILE, PUBLICATION_TABLE; data PUBLICATION_SQL.
 */
export async function projectInto(
  project: Project,
  working: string,
  path: string,
  publication: Publication,
  check: (connection: Connection) => Promise<void>,
): Promise<void> {
  await makeBesideWorking(working, path, check, async (connection, database) => {
    await setVariables(connection, project.vars);
    const there = await relationsOf(connection);
    assertListed(project, publication, there);
    const names = new Set(there.map(({ name }) => name.toLowerCase()));
    for (const relation of there) {
      if (isShown(publication, relation))
        await copyRelation(connection, project, database, relation, publication, names);
    }
  });
}

function relationsOf(connection: Connection): Promise<Relation[]> {
  return connection.rows<Relation>(`
    SELECT name, comment, name IN (SELECT model FROM run.current_model) AS "isModel" FROM (
      SELECT schema_name || '.' || table_name AS name, comment FROM duckdb_tables()
      WHERE database_name = ${literal(WORKING)} AND NOT temporary
      UNION ALL
      SELECT schema_name || '.' || view_name, comment FROM duckdb_views()
      WHERE database_name = ${literal(WORKING)} AND NOT internal AND NOT temporary)
    ORDER BY name`);
}

async function copyRelation(
  connection: Connection,
  { vars }: Project,
  database: string,
  { name, comment }: Relation,
  publication: Publication,
  there: ReadonlySet<string>,
): Promise<void> {
  const from = { database: WORKING, name };
  const into = { database, name };
  const where = saidOf(publication.where, name);
  const path = `warehouse.yml, publications.${publication.name}`;
  const condition = where === undefined ? undefined : { path, sql: `SELECT 1 WHERE\n${where}`, model: name };
  if (condition !== undefined) await checkCondition(connection, condition, vars, there);
  const schema = `${identifier(database)}.${identifier(name.slice(0, name.indexOf('.')))}`;
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  try {
    const columns = (await copiedColumns(connection, inDatabase(from), saidOf(publication.columns, name))).join(', ');
    const select = `SELECT ${columns} FROM ${inDatabase(from)}${where === undefined ? '' : ` WHERE (\n${where}\n)`}`;
    const order = totalOrder(await describe(connection, select));
    await connection.run(`CREATE TABLE ${inDatabase(into)} AS SELECT * FROM (${select}) ORDER BY ${order}`);
  } catch (error) {
    // What SQL in a text reads only DuckDB finds, which opens no file here.
    const isRefused = errorClass((error as Error).message) === 'Permission Error';
    if (condition !== undefined && isRefused) throw readsFile(condition, error);
    throw sqlError({ path, sql: '', model: name }, error, 'PUBLICATION_SQL', Number.POSITIVE_INFINITY);
  }
  if (comment !== null) await connection.run(`COMMENT ON TABLE ${inDatabase(into)} IS ${literal(comment)}`);
  await copyComments(connection, from, into);
}

/**
 * The order in which rows were made may tell of columns that are left out, of those that a window was cut by too. So they
 * are put in order by what is shown: texts bytewise, NULL first. What compares equal and is not, such as 1 month and
 * 30 days, is put in order by what tells it apart.
 */
function totalOrder(columns: readonly TableColumn[]): string {
  const keys = columns.flatMap((column) => {
    const name = identifier(column.name);
    const apart = hashed(column).filter((value) => value !== name);
    return [column.type === 'VARCHAR' ? `${name} COLLATE "binary"` : name, ...apart];
  });
  return keys.map((key) => `${key} ASC NULLS FIRST`).join(', ');
}

/** An ENUM would bring its whole dictionary along, and so values of rows that are left out: its texts alone are copied. */
async function copiedColumns(
  connection: Connection,
  table: string,
  listed: readonly string[] | undefined,
): Promise<string[]> {
  const columns = await describe(connection, table);
  const types = new Map(columns.map(({ name, type }) => [name.toLowerCase(), type]));
  return (listed ?? columns.map(({ name }) => name)).map((name) => {
    const type = types.get(name.toLowerCase()) ?? '';
    const copied = withoutEnums(type);
    return copied === type ? identifier(name) : `${identifier(name)}::${copied} AS ${identifier(name)}`;
  });
}

/** A quoted name, or an ENUM: a name may look like one. */
const NAME_OR_ENUM = /"(?:[^"]|"")*"|ENUM\('(?:[^']|'')*'(?:, '(?:[^']|'')*')*\)/g;

/** A type as DuckDB writes it, with VARCHAR for every ENUM, wherever in it. */
function withoutEnums(type: string): string {
  return type.replace(NAME_OR_ENUM, (found) => (found.startsWith('"') ? found : 'VARCHAR'));
}

/**
 * A condition has to be one by itself, so that no bracket of it closes those around it, to name only variables that
 * there are (DuckDB would give NULL for any other, and so rows that it was to leave out), and to read no file and no
 * table but by its schema and name: by the name of a database, what it reads would have no classification.
 * @throws usage MODEL_SQL, MODEL_VARIABLE, PUBLICATION_FILE, PUBLICATION_TABLE
 */
async function checkCondition(
  connection: Connection,
  text: SqlText,
  vars: Variables,
  there: ReadonlySet<string>,
): Promise<void> {
  const syntax = await parseSelect(connection, text);
  variablesOf(text, syntax, vars);
  const read = referencesOf(syntax, text.sql);
  const reached = reach(read.functions, await readMacros(connection));
  const files = [read, reached].flatMap(({ files, ofMachine }) => [...files, ...ofMachine]);
  if (files.length > 0) throw readsFile(text);
  const unknown = [read, reached].flatMap(({ tables }) => tables).find(({ parts }) => !there.has(localName(parts)));
  if (unknown !== undefined) throw readsUnknown(text, unknown.parts.join('.'));
}

function readsUnknown(text: SqlText, table: string): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'PUBLICATION_TABLE',
    message: `The condition on ${text.model} reads ${table}, which is no table of the file by schema and name.`,
    place: placeOf(text),
    next: 'Write the schema and the name of a table or a view that the file has, and no database.',
  });
}

function readsFile(text: SqlText, cause?: unknown): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'PUBLICATION_FILE',
    message: `The condition on ${text.model} reads a file, which no manifest and no record of the ledger would name.`,
    place: placeOf(text),
    next: 'Read the file in a model, and that model in the condition.',
    cause,
  });
}
