import { sha256Hex } from '../../lib/hash.ts';
import { nearest } from '../../project/nearest.ts';
import type { SqlFile } from '../../project/sql-file.ts';
import type { Scalar } from '../../project/vocabulary.ts';
import { type Connection, identifier, literal } from '../../store/connection.ts';
import { errorAt, type SqlText } from '../sql/sql-error.ts';
import type { Syntax } from '../sql/syntax.ts';
import { type SyntaxNode, walk } from '../sql/walk.ts';
import type { MacroCatalog } from './macro-catalog.ts';
import { refusedInMacro } from './macro-files.ts';
import { positionIn } from './references.ts';

/** `vars:` of warehouse.yml. DuckDB does not heed the case of their names. */
export type Variables = Readonly<Record<string, Scalar>>;

/** A call of getvariable(): how SQL reads a variable. */
export const GETVARIABLE = 'getvariable';

/** `SET VARIABLE "cutoff" = '2026-03-31'`: texts are VARCHAR, whole numbers BIGINT, other numbers DOUBLE. */
export function variableStatement(name: string, value: Scalar): string {
  return `SET VARIABLE ${identifier(name)} = ${valueSql(value)}`;
}

/** A value as SQL of its own type: text is VARCHAR, a whole number BIGINT, any other number DOUBLE. */
export function valueSql(value: Scalar): string {
  if (typeof value === 'string') return literal(value);
  if (typeof value === 'boolean') return String(value);
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  return `CAST(${value} AS ${isWhole ? 'BIGINT' : 'DOUBLE'})`;
}

/** Gives the connection the variables; a variable is the connection's own, and a locked instance takes it. */
export async function setVariables(connection: Connection, variables: Variables): Promise<void> {
  for (const [name, value] of Object.entries(variables)) await connection.run(variableStatement(name, value));
}

/**
 * The variables that a SELECT reads, by name as warehouse.yml has it, and the hash of each value. All of them, where
 * DuckDB could not serialise the SELECT.
 *
 * @throws usage MODEL_VARIABLE: DuckDB would give NULL for a variable that there is not, and a computed name does not
 * tell which variables are read.
 */
export function variablesOf(text: SqlText, syntax: Syntax, variables: Variables): Record<string, string> {
  const names = syntax.tree === undefined ? Object.keys(variables) : namesIn(text, syntax.tree, variables);
  return Object.fromEntries([...names].sort().map((name) => [name, sha256Hex(valueSql(variables[name]))]));
}

function namesIn(text: SqlText, tree: SyntaxNode, variables: Variables): Set<string> {
  const names = new Set<string>();
  walk(tree, undefined, (node) => {
    if (node.class !== 'FUNCTION' || String(node.function_name).toLowerCase() !== GETVARIABLE) return undefined;
    names.add(nameRead(text, node, variables));
    return undefined;
  });
  return names;
}

function nameRead(text: SqlText, call: SyntaxNode, variables: Variables): string {
  const [argument] = (call.children ?? []) as SyntaxNode[];
  const written = argument?.class === 'CONSTANT' ? (argument.value as SyntaxNode).value : undefined;
  const refused = (message: string, next: string) =>
    errorAt(text, positionIn(text.sql, call) ?? { line: 1, column: 1 }, {
      kind: 'usage',
      code: 'MODEL_VARIABLE',
      message,
      next,
    });
  if (typeof written !== 'string') {
    throw refused('A variable is read by a name that is computed.', "Write its name: getvariable('name').");
  }
  const known = Object.keys(variables);
  const name = known.find((one) => one.toLowerCase() === written.toLowerCase());
  if (name !== undefined) return name;
  const near = nearest(written, known);
  const next = near === undefined ? 'Add it under vars: in warehouse.yml.' : `Did you mean '${near}'?`;
  throw refused(`There is no variable '${written}' in warehouse.yml.`, next);
}

/**
 * A macro stays in the published file, where the variable is not: it would be NULL there.
 * @throws usage MACRO_READS_VARIABLE.
 */
export function refuseMacrosOfVariables(catalog: MacroCatalog, files: readonly SqlFile[]): void {
  for (const { name, references } of catalog.values()) {
    if (!references.some(({ functions }) => functions.has(GETVARIABLE))) continue;
    throw refusedInMacro(name, GETVARIABLE, files, {
      kind: 'usage',
      code: 'MACRO_READS_VARIABLE',
      message: `The macro ${name} calls getvariable(), which is NULL for those who read the published file.`,
      next: 'Give the macro a parameter, and pass it getvariable() in the models that use it.',
    });
  }
}
