import { WarehouseError } from '../../lib/errors.ts';
import type { Connection } from '../../store/connection.ts';
import { placeOf, type SqlText } from '../sql/sql-error.ts';
import { seedsRead } from './files-read.ts';
import { type MacroCatalog, reach } from './macro-catalog.ts';
import { CHANGING_NEXT, type FileReference, readSelect, type TableReference } from './references.ts';
import { type KnownTables, resolveTables } from './resolve.ts';
import type { SeedFiles } from './seed-files.ts';
import { GETVARIABLE, type Variables, variablesOf } from './variables.ts';

/** What SQL may name. */
export interface Known extends KnownTables {
  readonly variables: Variables;
  readonly seeds: SeedFiles;
}

/** What a SELECT of the project reads. */
export interface Reading {
  readonly sqlHash: string;
  /** Hash of each macro reached, by name. */
  readonly macros: Readonly<Record<string, string>>;
  /** Tables read, through macros too and as declared: `schema.name`, in order. */
  readonly reads: readonly string[];
  /** Whether it may read more than these: what hides its tables is believed as declared. */
  readonly hides: boolean;
  /** Hash of the value of each variable read, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** SHA-256 of each seed read, by its path from the project. */
  readonly seeds: Readonly<Record<string, string>>;
  /** Where it reads them. */
  readonly files: readonly FileReference[];
}

/**
 * What a SELECT reads.
 * @param declared the tables it is said to read; where there are any, it may hide what it reads.
 * @throws MODEL_CHANGES, those of `readSelect`, `resolveTables`, `variablesOf` and `seedsRead`; MODEL_HIDDEN_TABLES for a macro that hides what it reads.
 */
export async function readingOf(
  connection: Connection,
  text: SqlText,
  macros: MacroCatalog,
  known: Known,
  declared: readonly TableReference[] = [],
): Promise<Reading> {
  const { syntax, references } = await readSelect(connection, text, declared.length > 0);
  // Calls in a SELECT that DuckDB cannot serialise are not known: any macro may be among them.
  const functions = syntax.tree === undefined ? new Set(macros.keys()) : references.functions;
  const reached = reach(functions, macros);
  if (reached.hidden.length > 0 && declared.length === 0) throw hiddenInMacro(text, reached.hidden[0].what);
  if (reached.changing.length > 0) throw changesInMacro(text, reached.changing[0].what);
  const readsVariables = syntax.tree === undefined || references.functions.has(GETVARIABLE);
  const throughMacros = syntax.tree === undefined ? [] : reached.tables;
  const files = [...references.files, ...reached.files];
  const ofMachine = [...references.ofMachine, ...reached.ofMachine];
  return {
    sqlHash: syntax.hash,
    macros: Object.fromEntries(reached.macros.map(({ name, hash }) => [name, hash])),
    reads: resolveTables(text, [...references.tables, ...throughMacros, ...declared], known),
    hides: references.hidden.length + reached.hidden.length > 0,
    variables: readsVariables ? variablesOf(text, syntax, known.variables) : {},
    seeds: await seedsRead(text, { files, ofMachine }, known.seeds),
    files,
  };
}

function changesInMacro(text: SqlText, what: string): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'MODEL_CHANGES',
    message: `A macro that it uses gives another value in every run: ${what}.`,
    place: placeOf(text),
    next: CHANGING_NEXT,
  });
}

function hiddenInMacro(text: SqlText, what: string): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'MODEL_HIDDEN_TABLES',
    message: `A macro that it uses hides which tables are read: ${what}.`,
    place: placeOf(text),
    next: 'Declare the tables under depends_on: in the properties.',
  });
}
