import { WarehouseError } from '../lib/errors.ts';
import { FOUND } from '../load/state.ts';
import { nearestTable } from '../model/reading/nearest-table.ts';
import { setVariables } from '../model/reading/variables.ts';
import { statementsOf, tokensOf } from '../model/sql/lexer.ts';
import { readCatalog } from '../model/table/catalog.ts';
import type { Project } from '../project/project.ts';
import { SUBMISSION } from '../project/submission.ts';
import type { Connection } from '../store/connection.ts';
import { findingsAreThere } from './findings.ts';
import { type Context, commandFor, type OpenOptions, withReadOnly } from './warehouse.ts';

interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Runs one SELECT against the working file, with the variables of warehouse.yml. The file is opened read-only, without
 * access to other files and with its configuration locked, so that nothing can be changed or written whatever is asked.
 *
 * @throws usage NOT_BUILT; QUERY_NOT_SELECT; QUERY with DuckDB's words and, for an unknown table, the nearest.
 */
export async function query(
  project: Project,
  options: OpenOptions & { sql: string },
  _context: Context,
): Promise<QueryResult> {
  const { sql } = options;
  assertOneSelect(sql);
  return withReadOnly(project, options, async (connection) => {
    await setVariables(connection, project.vars);
    try {
      const reader = await connection.duck.runAndReadAll(sql);
      return { columns: reader.columnNames(), rows: reader.getRows() };
    } catch (error) {
      throw await queryError(connection, project, { sql, error });
    }
  });
}

/** What a statement begins with that only reads. */
const READS =
  /^(select|from|with|values|table|pivot|pivot_wider|unpivot|pivot_longer|show|describe|desc|summarize|explain|\()$/i;

function assertOneSelect(sql: string): void {
  const statements = statementsOf(sql);
  const refused = (message: string) => {
    const next = 'query reads and changes nothing: give it one SELECT, FROM, SHOW, DESCRIBE, SUMMARIZE or EXPLAIN.';
    return new WarehouseError({ kind: 'usage', code: 'QUERY_NOT_SELECT', message, next });
  };
  if (statements.length !== 1) throw refused(`These are ${statements.length || 'no'} statements, not one.`);
  const [[first]] = statements;
  if (!READS.test(first.text)) throw refused(`${first.text.toUpperCase()} is not a SELECT.`);
}

/** DuckDB names a table that it does not find with its schema only where there is no such schema. */
const UNKNOWN_TABLE = /^Catalog Error: Table with name "?([^\s"]+)"? does not exist/;

const OTHER_FILE = /disabled by configuration/;

async function queryError(
  connection: Connection,
  project: Project,
  { sql, error }: { readonly sql: string; readonly error: unknown },
): Promise<WarehouseError> {
  const message = error instanceof Error ? error.message : String(error);
  const detail = { kind: 'usage', code: 'QUERY', cause: error } as const;
  const [, table] = UNKNOWN_TABLE.exec(message) ?? [];
  if (table === undefined) {
    const next = OTHER_FILE.test(message) ? 'query reads the working file and no other.' : 'Correct the SQL.';
    return new WarehouseError({ ...detail, message, next });
  }
  if (FOUND.includes(table) && !(await findingsAreThere(connection))) {
    const next = `Run ${commandFor(project.target, 'build')}: it goes on from there.`;
    const not = 'What is live has not been checked yet: the last run stopped before that.';
    return new WarehouseError({ ...detail, message: not, next });
  }
  const said = message.replace(/\nDid you mean .*/, '');
  return new WarehouseError({ ...detail, message: said, next: await otherTables(connection, asWritten(sql, table)) });
}

/** The name of a table in parts, with the schema that stands before it in the SQL. */
function asWritten(sql: string, table: string): string[] {
  const parts = table.toLowerCase().split('.');
  const words = tokensOf(sql).map(({ text }) => text.toLowerCase().replaceAll('"', ''));
  const at = words.findIndex((word, i) => word === parts[0] && words[i - 1] === '.');
  return at < 0 ? parts : [words[at - 2], ...parts];
}

async function otherTables(connection: Connection, parts: readonly string[]): Promise<string> {
  const names = new Set((await readCatalog(connection)).keys());
  const near = nearestTable(parts, names, SUBMISSION);
  const schemas = new Set([...names].map((name) => name.slice(0, name.indexOf('.'))));
  const meant = near === undefined ? '' : `Did you mean ${near}? `;
  return `${meant}Schemas: ${[...schemas].sort().join(', ')}. For their tables: SELECT schema, name FROM (SHOW ALL TABLES).`;
}
