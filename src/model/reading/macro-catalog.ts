import { canonicalJson } from '../../lib/canonical-json.ts';
import { WarehouseError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { shortName } from '../../project/model-name.ts';
import type { SqlFile } from '../../project/sql-file.ts';
import type { Connection } from '../../store/connection.ts';
import { eachParsed, parseSelect } from '../sql/syntax.ts';
import type { SyntaxNode } from '../sql/walk.ts';
import { refusedInMacro } from './macro-files.ts';
import {
  type FileReference,
  type HiddenReference,
  type MachineReference,
  type References,
  referencesOf,
  type TableReference,
} from './references.ts';
import { localName } from './resolve.ts';

/** What one overload of a macro consists of. */
export interface MacroBody {
  readonly parameters: readonly string[];
  readonly isTable: boolean;
  /** The syntax tree of its query, or of `SELECT` and its expression; undefined for a PIVOT without IN. */
  readonly tree: SyntaxNode | undefined;
}

/** A macro of the file, all its overloads together. */
export interface Macro {
  readonly name: string;
  /** SHA-256 of its definition: that of run.macro, where a file defines it. */
  readonly hash: string;
  readonly references: readonly References[];
  readonly bodies: readonly MacroBody[];
}

/** By lower-case name without schema: calls do not always tell the schema. */
export type MacroCatalog = ReadonlyMap<string, Macro>;

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly parameters: string;
  readonly definition: string;
  readonly said: string;
}

/**
 * The macros that the file holds, and what each reads. The hash of one that a file defines is that of its statement,
 * which has what DuckDB does not show (default values); any other's is that of what DuckDB shows.
 */
export async function readMacros(connection: Connection): Promise<MacroCatalog> {
  const rows = await connection.rows<Row>(`
    SELECT lower(function_name) AS name, function_type AS kind, to_json(parameters)::VARCHAR AS parameters,
      macro_definition AS definition,
      concat_ws(' ', schema_name, parameters, parameter_types, macro_definition) AS said
    FROM duckdb_functions()
    WHERE NOT internal AND database_name = current_database() AND function_type IN ('macro', 'table_macro')
    ORDER BY ALL`);
  const stated = await statedHashes(connection);
  const read = new Map<Row, Overload>();
  await eachParsed(connection, rows, sqlOf, async (row) => {
    read.set(row, await readOverload(connection, row));
  });
  const macros = new Map<string, Macro>();
  for (const name of new Set(rows.map((row) => row.name))) {
    const overloads = rows.filter((row) => row.name === name);
    const own = overloads.map((row) => read.get(row)!);
    const [references, bodies] = [own.map((one) => one.references), own.map((one) => one.body)];
    macros.set(name, { name, hash: hashOf(stated.get(name), overloads), references, bodies });
  }
  return macros;
}

/** Several files may define macros of one name, in several schemas. */
function hashOf(stated: readonly string[] | undefined, overloads: readonly Row[]): string {
  if (stated?.length === 1) return stated[0];
  return sha256Hex(canonicalJson(stated ?? overloads.map(({ said }) => said)));
}

async function statedHashes(connection: Connection): Promise<Map<string, string[]>> {
  const rows = await connection.rows<{ macro: string; hash: string }>('SELECT macro, hash FROM run.macro ORDER BY ALL');
  const hashes = new Map<string, string[]>();
  for (const { macro, hash } of rows) {
    const name = macro.slice(macro.indexOf('.') + 1).toLowerCase();
    hashes.set(name, [...(hashes.get(name) ?? []), hash]);
  }
  return hashes;
}

const sqlOf = ({ kind, definition }: Row) => (kind === 'table_macro' ? definition : `SELECT ${definition}`);

interface Overload {
  readonly references: References;
  readonly body: MacroBody;
}

async function readOverload(connection: Connection, row: Row): Promise<Overload> {
  const { name, kind, parameters } = row;
  const isTable = kind === 'table_macro';
  const sql = sqlOf(row);
  try {
    const syntax = await parseSelect(connection, { path: name, sql });
    const body = { parameters: JSON.parse(parameters) as string[], isTable, tree: syntax.tree };
    return { references: referencesOf(syntax, sql), body };
  } catch (cause) {
    throw new WarehouseError({
      kind: 'usage',
      code: 'MACRO_UNREADABLE',
      message: `DuckDB cannot read back its own definition of the macro ${name}, so what it reads is not known.`,
      next: 'Write the macro in another way.',
      cause,
    });
  }
}

/** What a SELECT reads through its macros. */
interface Reach {
  readonly macros: readonly Macro[];
  readonly tables: readonly TableReference[];
  readonly hidden: readonly HiddenReference[];
  readonly changing: readonly HiddenReference[];
  readonly files: readonly FileReference[];
  readonly ofMachine: readonly MachineReference[];
}

/** All macros that these functions reach, at any distance, by name, and what they read. */
export function reach(functions: ReadonlySet<string>, catalog: MacroCatalog): Reach {
  const reached = new Map<string, Macro>();
  const stack = [...functions];
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    const macro = catalog.get(name);
    if (macro === undefined || reached.has(name)) continue;
    reached.set(name, macro);
    for (const { functions } of macro.references) stack.push(...functions);
  }
  const macros = [...reached.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const all = macros.flatMap(({ references }) => references);
  return {
    macros,
    tables: all.flatMap(({ tables }) => tables.map(({ parts }) => ({ parts }))),
    hidden: all.flatMap(({ hidden }) => hidden),
    changing: all.flatMap(({ changing }) => changing),
    files: all.flatMap(({ files }) => files.map(({ path }) => ({ path }))),
    ofMachine: all.flatMap(({ ofMachine }) => ofMachine.map(({ what }) => ({ what }))),
  };
}

/**
 * DuckDB binds a macro when it is created, which is before any model is built: one that reads a model could be created
 * in a file that has been built before, and not in a new one.
 * @throws usage MACRO_READS_MODEL.
 */
export function refuseMacrosOfModels(
  catalog: MacroCatalog,
  { names, database, files }: { names: ReadonlySet<string>; database: string; files: readonly SqlFile[] },
): void {
  for (const { name, references } of catalog.values()) {
    const tables = references.flatMap((read) => read.tables.map(({ parts }) => localName(parts, database)));
    const model = tables.find((table) => names.has(table));
    if (model === undefined) continue;
    throw refusedInMacro(name, shortName(model), files, {
      kind: 'usage',
      code: 'MACRO_READS_MODEL',
      message: `The macro ${name} reads the model ${model}, which is built after macros are created.`,
      next: 'Pass what it needs as arguments, or read the model in the models that use it.',
    });
  }
}
