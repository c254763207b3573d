import { WarehouseError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/hash.ts';
import type { Connection } from '../../store/connection.ts';
import { statementsOf, type Token, withoutLayout } from './lexer.ts';
import { positionOf, positionOfCharacter } from './position.ts';
import { errorAt, placeOf, type SqlText } from './sql-error.ts';
import type { SyntaxNode } from './walk.ts';

/** A single SELECT, parsed. */
export interface Syntax {
  /** Its syntax tree; undefined for a PIVOT without IN, which DuckDB cannot serialise. */
  readonly tree: SyntaxNode | undefined;
  /** SHA-256 of what it says, whatever its comments and layout. */
  readonly hash: string;
}

interface Serialized {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly { readonly node: SyntaxNode }[];
}

/**
 * Parses a single SELECT with DuckDB's own parser.
 *
 * @throws usage MODEL_SQL (does not parse), MODEL_EMPTY, MODEL_TWO_STATEMENTS, MODEL_NOT_SELECT.
 */
export async function parseSelect(connection: Connection, text: SqlText): Promise<Syntax> {
  const row = await connection.row<{ json: string }>('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR AS json', [
    text.sql,
  ]);
  const json = row!.json;
  const serialized = JSON.parse(json) as Serialized;
  if (serialized.error && serialized.error_type !== 'not implemented') throw parserError(text, serialized);
  const statements = statementsOf(text.sql);
  assertSingle(text, statements);
  if (serialized.error) return unserializable(text, statements[0]);
  return { tree: serialized.statements![0].node, hash: sha256Hex(withoutPositions(json)) };
}

/** In a JSON text a key is the only place where a quote, this name, a quote and a colon follow one another. */
function withoutPositions(json: string): string {
  return json.replace(/,?"query_location":\d+/g, '');
}

function parserError(text: SqlText, { error_message = '', position }: Serialized): WarehouseError {
  const detail = { kind: 'usage', code: 'MODEL_SQL', message: `Parser Error: ${error_message}` } as const;
  const next = 'Correct the SQL.';
  if (position === undefined) return new WarehouseError({ ...detail, next, place: placeOf(text) });
  return errorAt(text, positionOfCharacter(text.sql, Number(position)), { ...detail, next });
}

function assertSingle(text: SqlText, statements: readonly Token[][]): void {
  if (statements.length === 1) return;
  if (statements.length === 0) {
    throw new WarehouseError({
      kind: 'usage',
      code: 'MODEL_EMPTY',
      message: 'The file holds no SELECT.',
      place: placeOf(text),
      next: 'Write the SELECT, or remove the file.',
    });
  }
  throw errorAt(text, positionOf(text.sql, statements[1][0].start), {
    kind: 'usage',
    code: 'MODEL_TWO_STATEMENTS',
    message: 'A second statement begins here: a file holds a single SELECT.',
    next: 'Move it to a file of its own, or make it a WITH clause of the first.',
  });
}

const PIVOT_WORDS = /^(pivot|pivot_wider)$/i;

/** Only a PIVOT that finds its columns in the data is a SELECT that DuckDB cannot serialise. */
function unserializable(text: SqlText, tokens: readonly Token[]): Syntax {
  const isSelect = /^(select|with|from|pivot|pivot_wider|\()$/i.test(tokens[0].text);
  if (isSelect && tokens.some(({ kind, text }) => kind === 'word' && PIVOT_WORDS.test(text))) {
    return { tree: undefined, hash: sha256Hex(withoutLayout(tokens)) };
  }
  throw errorAt(text, positionOf(text.sql, tokens[0].start), {
    kind: 'usage',
    code: 'MODEL_NOT_SELECT',
    message: `${tokens[0].text.toUpperCase()} is not a SELECT: a file holds a single SELECT.`,
    next: 'Write what the result is; the warehouse creates the table or view.',
  });
}

/** Where the PIVOT stands that could not be serialised. */
export function pivotPosition(sql: string): { line: number; column: number } {
  const [tokens] = statementsOf(sql);
  const pivot = tokens.find(({ kind, text }) => kind === 'word' && PIVOT_WORDS.test(text))!;
  return positionOf(sql, pivot.start);
}
