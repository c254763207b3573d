import { canonicalJson } from '../../lib/canonical-json.ts';
import { characterWidth } from '../../lib/display-width.ts';
import { WarehouseError } from '../../lib/errors.ts';
import type { SqlFile } from '../../project/sql-file.ts';
import { appendRows } from '../../store/append-rows.ts';
import { type Connection, literal, qualified } from '../../store/connection.ts';
import { defining } from '../../store/define-once.ts';
import { DUCKDB_VERSION } from '../../store/warehouse-file.ts';
import { positionOf } from '../sql/position.ts';
import { errorAt, sqlError } from '../sql/sql-error.ts';
import { type MacroStatement, macroStatements } from './macro-files.ts';

/**
 * Brings the macros of the file in line with the files that define them: creates all of them where one is new, has
 * changed, or is not what was left there; drops those that it once created and no file defines any more. Macros may use
 * each other in any order. DuckDB binds a macro when it is created, so the tables it reads must exist before any model
 * runs. Each has the comment above it as its comment.
 *
 * @throws usage MACRO_SHADOWS_BUILTIN, MACRO_NAME_TAKEN (a macro that no file ever defined), MACRO_SQL, and those of
 * `macroStatements`.
 */
export async function installMacros(connection: Connection, files: readonly SqlFile[]): Promise<void> {
  const statements = macroStatements(files);
  const said = statements.map(({ name, hash, comment, text }) => [name, hash, comment ?? null, text.path]);
  // Another DuckDB may have functions of their names, and another client may have put a macro in the place of one.
  const inLine = async () => {
    const shown = (await readShown(connection, statements)).map(({ comment: _, ...macro }) => macro);
    return canonicalJson([DUCKDB_VERSION, said, shown]);
  };
  await defining(connection, 'run.macros', inLine, () => bringInLine(connection, statements));
}

const keyOf = ({ schema = 'main', function: own }: MacroStatement) => `${schema}.${own}`.toLowerCase();

/** An overload of a macro, as DuckDB shows it. */
interface Shown {
  /** As of `keyOf`. */
  readonly name: string;
  readonly kind: string;
  readonly parameters: string;
  readonly definition: string;
  readonly comment: string | null;
}

/**
 * What DuckDB has under their names now. Of a definition the quotes and white space outside of literals are left out, since
 * DuckDB 1.5 prints them in one way for a macro that it made and in another for the same one read from a file:
 * `CAST(x AS DATE)` and `CAST(x AS "DATE")`, `DECIMAL(38,18)` and `DECIMAL(38, 18)`.
 */
async function readShown(connection: Connection, statements: readonly MacroStatement[]): Promise<Shown[]> {
  if (statements.length === 0) return [];
  const names = new Set(statements.map(keyOf));
  const rows = await connection.rows<Shown>(`
    SELECT lower(schema_name || '.' || function_name) AS name, function_type AS kind, parameters::VARCHAR AS parameters,
      regexp_replace(macro_definition, $$('(?:[^']|'')*')|["\\s]+$$, '\\1', 'g') AS definition, comment
    FROM duckdb_functions()
    WHERE NOT internal AND database_name = current_database() AND function_type IN ('macro', 'table_macro')
    ORDER BY ALL`);
  return rows.filter(({ name }) => names.has(name));
}

async function bringInLine(connection: Connection, statements: readonly MacroStatement[]): Promise<void> {
  const installed = await readInstalled(connection);
  const functions = await readFunctions(connection);
  refuseBuiltins(functions, statements);
  refuseTaken(functions, statements, installed);
  await dropAbandoned(connection, statements, installed);
  if (!(await createTogether(connection, statements, installed))) await createEach(connection, statements);
  await commentMacros(connection, statements);
}

async function readInstalled(connection: Connection): Promise<Set<string>> {
  const rows = await connection.rows<{ macro: string }>('SELECT macro FROM run.macro');
  return new Set(rows.map(({ macro }) => macro));
}

/** What there is besides, by its name in lower case: DuckDB's own functions, and macros by schema and name. */
interface Functions {
  readonly builtin: ReadonlySet<string>;
  readonly macros: ReadonlySet<string>;
}

async function readFunctions(connection: Connection): Promise<Functions> {
  const rows = await connection.rows<{ name: string; internal: boolean }>(`
    SELECT DISTINCT internal, lower(if(internal, '', schema_name || '.') || function_name) AS name
    FROM duckdb_functions()
    WHERE internal OR (database_name = current_database() AND function_type IN ('macro', 'table_macro'))`);
  const names = (internal: boolean) => new Set(rows.filter((row) => row.internal === internal).map(({ name }) => name));
  return { builtin: names(true), macros: names(false) };
}

function refuseBuiltins({ builtin }: Functions, statements: readonly MacroStatement[]): void {
  for (const statement of statements) {
    if (!builtin.has(statement.function.toLowerCase())) continue;
    throw errorAt(statement.text, positionOf(statement.text.sql, statement.start), {
      kind: 'usage',
      code: 'MACRO_SHADOWS_BUILTIN',
      message: `${statement.function} is a function of DuckDB: a macro of that name would change what other SQL means.`,
      next: 'Give the macro another name.',
    });
  }
}

function refuseTaken(
  { macros }: Functions,
  statements: readonly MacroStatement[],
  installed: ReadonlySet<string>,
): void {
  for (const statement of statements) {
    const { name, text } = statement;
    if (installed.has(name) || !macros.has(keyOf(statement))) continue;
    throw new WarehouseError({
      kind: 'usage',
      code: 'MACRO_NAME_TAKEN',
      message: `The file holds a macro ${name} that no macro file defined.`,
      place: { file: text.path },
      next: 'Drop it, or give this one another name.',
    });
  }
}

async function dropAbandoned(
  connection: Connection,
  statements: readonly MacroStatement[],
  installed: ReadonlySet<string>,
): Promise<void> {
  const wanted = new Set(statements.map(({ name }) => name));
  for (const name of installed) {
    if (!wanted.has(name)) await connection.transaction(() => drop(connection, name));
  }
}

async function drop(connection: Connection, name: string): Promise<void> {
  await connection.run(`DROP MACRO IF EXISTS ${qualified(name)}`);
  await connection.run(`DROP MACRO TABLE IF EXISTS ${qualified(name)}`);
  await connection.run('DELETE FROM run.macro WHERE macro = $1', [name]);
}

/** Creates all of them in one transaction, which one that comes before another that it uses does not end; or none. */
async function createTogether(
  connection: Connection,
  statements: readonly MacroStatement[],
  installed: ReadonlySet<string>,
): Promise<boolean> {
  if (statements.length === 0) return true;
  try {
    await connection.transaction(async () => {
      for (const { name } of statements.filter((one) => installed.has(one.name))) await drop(connection, name);
      await createAsTheyBind(statements, ({ text, start, end }) => connection.run(text.sql.slice(start, end)));
      const rows = statements.map(({ name, text, hash }) => [name, text.path, hash]);
      await appendRows(connection, 'run', 'macro', rows);
    });
    return true;
  } catch {
    return false;
  }
}

/** Creates each in a transaction of its own. @throws usage MACRO_SQL */
async function createEach(connection: Connection, statements: readonly MacroStatement[]): Promise<void> {
  await createAsTheyBind(statements, async (statement) => {
    await connection
      .transaction(() => create(connection, statement))
      .catch((error: unknown) => {
        throw sqlError(statement.text, error, 'MACRO_SQL');
      });
  });
}

/** Creates each as soon as those that it uses are there. @throws what is wrong with the first, where none can be created. */
async function createAsTheyBind(
  statements: readonly MacroStatement[],
  createOne: (statement: MacroStatement) => Promise<unknown>,
): Promise<void> {
  for (let pending = statements; pending.length > 0; ) {
    const failed: { readonly statement: MacroStatement; readonly error: unknown }[] = [];
    for (const statement of pending) {
      await createOne(statement).catch((error: unknown) => failed.push({ statement, error }));
    }
    if (failed.length === pending.length) throw failed[0].error;
    pending = failed.map(({ statement }) => statement);
  }
}

async function create(connection: Connection, { name, text, start, end, hash }: MacroStatement): Promise<void> {
  await drop(connection, name);
  // What stands before the statement becomes blanks as wide as that, so that DuckDB's places are those of the file.
  const before = text.sql.slice(0, start).replace(/[^\n\t]/gu, (character) => ' '.repeat(characterWidth(character)));
  await connection.run(before + text.sql.slice(start, end));
  await connection.run('INSERT INTO run.macro VALUES ($1, $2, $3)', [name, text.path, hash]);
}

/** A comment may change without the macro: those that are not as the files have them are written. */
async function commentMacros(connection: Connection, statements: readonly MacroStatement[]): Promise<void> {
  const shown = await readShown(connection, statements);
  const wanted = statements.flatMap((statement) => {
    const { name, text, comment = `Of ${text.path}.` } = statement;
    const stale = shown.filter((macro) => macro.name === keyOf(statement) && macro.comment !== comment);
    return stale.map(
      ({ kind }) => `COMMENT ON MACRO ${kind === 'macro' ? '' : 'TABLE '}${qualified(name)} IS ${literal(comment)};`,
    );
  });
  // Overloads have one comment.
  if (wanted.length > 0) await connection.run([...new Set(wanted)].join('\n'));
}
