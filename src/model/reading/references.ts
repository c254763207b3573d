import type { ErrorPlace } from '../../lib/errors.ts';
import type { Position } from '../../lib/excerpt.ts';
import type { Connection } from '../../store/connection.ts';
import { positionOfByte } from '../sql/position.ts';
import { errorAt, type SqlText } from '../sql/sql-error.ts';
import { parseSelect, pivotPosition, type Syntax } from '../sql/syntax.ts';
import { type Onward, type SyntaxNode, walk } from '../sql/walk.ts';
import { type Called, changesByRun, hidesTables, isClockWord, readsFiles, tellsOfFiles } from './own-functions.ts';

/** A table or view that a SELECT reads, as written: `ae`, `sdtm.ae` or `warehouse.sdtm.ae`, without quotes. */
export interface TableReference {
  readonly parts: readonly string[];
  /** Where it stands; undefined where the SQL does not show it (`depends_on`, inside a macro). */
  readonly position?: Position;
  /** Where it is declared, if it is. */
  readonly place?: ErrorPlace;
}

/** A file that a SELECT reads. */
export interface FileReference {
  /** undefined where the path is computed. */
  readonly path: string | undefined;
  readonly position?: Position;
}

/** Something that reads tables which the syntax tree does not name. */
export interface HiddenReference {
  /** `query_table()`, `PIVOT without IN (...)`. */
  readonly what: string;
  readonly position: Position;
}

/** Something that gives of a file what is not in it: where it lies, when it was written. */
export interface MachineReference {
  /** `read_text()`, `the column filename`. */
  readonly what: string;
  readonly position?: Position;
}

/** What a SELECT reads. Names of functions are lower-case, without schema, and include macros. */
export interface References {
  readonly tables: readonly TableReference[];
  readonly functions: ReadonlySet<string>;
  readonly files: readonly FileReference[];
  readonly hidden: readonly HiddenReference[];
  /** What gives another value in every run: `now()`, a sample without a seed. */
  readonly changing: readonly HiddenReference[];
  readonly ofMachine: readonly MachineReference[];
}

/** What DuckDB takes for a file where a table is expected. */
const FILE_NAME = /\.(csv|tsv|txt|json|jsonl|ndjson|parquet|duckdb|db|xlsx)(\.(gz|zst))?$|[/\\*?]/i;

/** The names of WITH clauses that hold at a node, as `nameOf` writes them. */
type Scope = ReadonlySet<string>;

interface Found {
  tables: Map<string, TableReference>;
  functions: Set<string>;
  files: FileReference[];
  hidden: HiddenReference[];
  changing: HiddenReference[];
  ofMachine: MachineReference[];
  /** Where a column or an argument is called `filename`: of a file, DuckDB gives its path under that name. */
  filenames: MachineReference[];
}

/**
 * What a parsed SELECT reads, from DuckDB's syntax tree: WITH clauses (recursive too) hide tables of their name where
 * they hold, in subqueries, joins, laterals and arguments alike.
 */
export function referencesOf(syntax: Syntax, sql: string): References {
  const found: Found = {
    tables: new Map(),
    functions: new Set(),
    files: [],
    hidden: [],
    changing: [],
    ofMachine: [],
    filenames: [],
  };
  if (syntax.tree === undefined) {
    found.hidden.push({ what: 'PIVOT without IN (...)', position: pivotPosition(sql) });
  }
  walk<Scope>(syntax.tree, new Set(), (node, scope) => {
    const scoped = withClauses(node, scope);
    if (scoped) return scoped;
    note(node, scope, sql, found);
    return undefined;
  });
  const { functions, files, hidden, changing, filenames } = found;
  const ofMachine = [...found.ofMachine, ...(files.length > 0 ? filenames : [])];
  return { tables: [...found.tables.values()], functions, files, hidden, changing, ofMachine };
}

/** Parses a SELECT and refuses one that hides what it reads, unless `declared`, and one that differs from run to run. */
export async function readSelect(
  connection: Connection,
  text: SqlText,
  declared: boolean,
): Promise<{ syntax: Syntax; references: References }> {
  const syntax = await parseSelect(connection, text);
  const references = referencesOf(syntax, text.sql);
  if (references.hidden.length > 0 && !declared) throw hiddenError(text, references.hidden[0]);
  if (references.changing.length > 0) throw changingError(text, references.changing[0]);
  return { syntax, references };
}

function hiddenError(text: SqlText, { what, position }: HiddenReference): Error {
  const pivot = what.startsWith('PIVOT');
  return errorAt(text, position, {
    kind: 'usage',
    code: 'MODEL_HIDDEN_TABLES',
    message: `${what} hides which tables are read.`,
    next: `${pivot ? 'List the values with IN (...)' : 'Name the tables in FROM'}, or declare them under depends_on: in the properties.`,
  });
}

function changingError(text: SqlText, { what, position }: HiddenReference): Error {
  return errorAt(text, position, {
    kind: 'usage',
    code: 'MODEL_CHANGES',
    message: `${what} gives another value in every run.`,
    next: CHANGING_NEXT,
  });
}

export const CHANGING_NEXT =
  'The same inputs have to give the same table: take a variable (vars: in warehouse.yml), or a time that arrived with the data (raw.delivery). A column of that name is written in quotes, or with its table.';

/** Where a node has WITH clauses: each is gone into with those before it, then the node itself with all of them. */
function withClauses(node: SyntaxNode, scope: Scope): Onward<Scope> | undefined {
  if (node.type === 'RECURSIVE_CTE_NODE') return recursiveClause(node, scope);
  const clauses = (node.cte_map as { map?: { key: string; value: unknown }[] } | undefined)?.map ?? [];
  if (clauses.length === 0) return undefined;
  const onward: [unknown, Scope][] = [];
  let inner = scope;
  for (const { key, value } of clauses) {
    onward.push([value, inner]);
    inner = new Set([...inner, nameOf([key])]);
  }
  return [...onward, [{ ...node, cte_map: undefined }, inner]];
}

/** Only what follows UNION sees the clause itself, under its name and under `recurring`. */
function recursiveClause(node: SyntaxNode, scope: Scope): Onward<Scope> {
  const name = String(node.cte_name);
  const { left, right, ...rest } = node;
  const inner = new Set([...scope, nameOf([name]), nameOf(['recurring', name])]);
  return [
    [left, scope],
    [right, inner],
    [Object.values(rest), inner],
  ];
}

/** One text for a name of several parts, whatever their case; a dot may stand within a part. */
const nameOf = (parts: readonly string[]) => JSON.stringify(parts).toLowerCase();

function note(node: SyntaxNode, scope: Scope, sql: string, found: Found): void {
  if (node.type === 'BASE_TABLE') noteTable(node, scope, sql, found);
  if (node.type === 'TABLE_FUNCTION') noteTableFunction(node, sql, found);
  if (node.type === 'SHOW_REF' && !node.query) {
    noteHidden('SHOW', node, sql, found);
  }
  const { seed } = (node.sample ?? {}) as SyntaxNode;
  if (seed === -1) found.changing.push({ what: 'A sample without REPEATABLE (...)', position: START });
  if (node.class === 'COLUMN_REF') {
    noteWord(node, sql, found);
    if (isFilename((node.column_names as string[]).at(-1))) noteFilename(node, sql, found);
  }
  if (node.class === 'FUNCTION') {
    found.functions.add(nameOfCall(node));
    noteCall(node, 'value', sql, found);
  }
}

const nameOfCall = (call: SyntaxNode) => String(call.function_name).toLowerCase();

function noteCall(call: SyntaxNode, called: Called, sql: string, found: Found): void {
  const name = nameOfCall(call);
  if (hidesTables(name, called)) noteHidden(`${name}()`, call, sql, found);
  // Of one argument, age() is the time from there to today.
  const isAge = name === 'age' && (call.children as unknown[]).length === 1;
  if (changesByRun(name) || isAge) {
    found.changing.push({ what: `${name}()`, position: positionIn(sql, call) ?? START });
  }
}

/** `current_date` is written without parentheses, and stands in the tree as a column would. */
function noteWord(node: SyntaxNode, sql: string, found: Found): void {
  const [word, ...more] = node.column_names as string[];
  if (more.length === 0 && isClockWord(word) && !isQuoted(sql, node)) {
    found.changing.push({ what: word, position: positionIn(sql, node) ?? START });
  }
}

/** In quotes it is meant as a column: so the warehouse writes all of them, and so does who has one of that name. */
function isQuoted(sql: string, { query_location: byte }: SyntaxNode): boolean {
  return typeof byte === 'number' && byte < 2 ** 32 && Buffer.from(sql)[byte] === '"'.charCodeAt(0);
}

/** Where there is no place to name. */
const START: Position = { line: 1, column: 1 };

function noteHidden(what: string, node: SyntaxNode, sql: string, found: Found): void {
  found.hidden.push({ what, position: positionIn(sql, node) ?? START });
}

function noteTable(node: SyntaxNode, scope: Scope, sql: string, found: Found): void {
  const parts = [node.catalog_name, node.schema_name, node.table_name].filter(Boolean).map(String);
  const key = nameOf(parts);
  if (scope.has(key)) return;
  const position = positionIn(sql, node);
  if (parts.length === 1 && FILE_NAME.test(parts[0])) found.files.push({ path: parts[0], position });
  else if (!found.tables.has(key)) found.tables.set(key, { parts, position });
}

function noteTableFunction(node: SyntaxNode, sql: string, found: Found): void {
  const call = node.function as SyntaxNode;
  noteCall(call, 'table', sql, found);
  const name = nameOfCall(call);
  const position = positionIn(sql, node);
  if (tellsOfFiles(name)) found.ofMachine.push({ what: `${name}()`, position });
  if (!readsFiles(name)) return;
  const [argument, ...settings] = (call.children ?? []) as SyntaxNode[];
  for (const path of pathsIn(argument)) found.files.push({ path, position });
  // `filename := true`; `filename = true` stands there as a comparison with a column.
  if (settings.some(({ alias }) => isFilename(alias))) noteFilename(node, sql, found);
}

const isFilename = (name: unknown) => String(name).toLowerCase() === 'filename';

function noteFilename(node: SyntaxNode, sql: string, found: Found): void {
  found.filenames.push({ what: 'The column filename', position: positionIn(sql, node) });
}

/** The paths that an argument names, alone or in a list; undefined for one that is computed. */
function pathsIn(argument: SyntaxNode | undefined): (string | undefined)[] {
  if (argument?.class === 'FUNCTION' && argument.function_name === 'list_value') {
    return (argument.children as SyntaxNode[]).flatMap(pathsIn);
  }
  const constant = argument?.class === 'CONSTANT' ? (argument.value as SyntaxNode).value : undefined;
  return [typeof constant === 'string' ? constant : undefined];
}

/** Where a node stands; DuckDB gives 2^64 - 1 where it knows no place. */
export function positionIn(sql: string, node: SyntaxNode): Position | undefined {
  const byte = node.query_location;
  return typeof byte === 'number' && byte < 2 ** 32 ? positionOfByte(sql, byte) : undefined;
}
