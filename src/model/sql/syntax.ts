import { WarehouseError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/hash.ts';
import type { Connection } from '../../store/connection.ts';
import { LIST, listValue, VARCHAR } from '../../store/duckdb.ts';
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

/** What two SELECTs say that one model is made by: in full, and what is brought into the table that is there. */
export function hashOfBoth(full: string, increment: string): string {
  return sha256Hex(`${full} ${increment}`);
}

interface Serialized {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly { readonly node: SyntaxNode }[];
}

/** What DuckDB's parser made of texts that are about to be asked for, by connection. */
const parsed = new WeakMap<Connection, ReadonlyMap<string, string>>();

/** Texts that are parsed in one query: their syntax trees are in memory together. */
const PARSED_TOGETHER = 64;

/**
 * Goes through things that hold SQL, in order, with the texts of the next ones parsed in one query: to ask DuckDB for each
 * by itself takes several times as long as parsing it.
 */
export async function eachParsed<Thing>(
  connection: Connection,
  things: readonly Thing[],
  sqlOf: (thing: Thing) => string,
  work: (thing: Thing) => Promise<void>,
): Promise<void> {
  try {
    for (let at = 0; at < things.length; at += PARSED_TOGETHER) {
      const some = things.slice(at, at + PARSED_TOGETHER);
      parsed.set(connection, await jsonOfAll(connection, some.map(sqlOf)));
      for (const thing of some) await work(thing);
    }
  } finally {
    parsed.delete(connection);
  }
}

async function jsonOfAll(connection: Connection, texts: readonly string[]): Promise<Map<string, string>> {
  const reader = await connection.duck.runAndReadAll(
    'SELECT text, json_serialize_sql(text)::VARCHAR FROM (SELECT unnest($1) AS text)',
    [listValue([...new Set(texts)])],
    [LIST(VARCHAR)],
  );
  return new Map(reader.getRows() as [text: string, json: string][]);
}

async function jsonOf(connection: Connection, sql: string): Promise<string> {
  const known = parsed.get(connection)?.get(sql);
  if (known !== undefined) return known;
  const row = await connection.row<{ json: string }>('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR AS json', [sql]);
  return row!.json;
}

/**
 * Parses a single SELECT with DuckDB's own parser.
 *
 * @throws usage MODEL_SQL (does not parse), MODEL_EMPTY, MODEL_TWO_STATEMENTS, MODEL_NOT_SELECT, MODEL_PARAMETER.
 */
export async function parseSelect(connection: Connection, text: SqlText): Promise<Syntax> {
  const json = await jsonOf(connection, text.sql);
  const serialized = JSON.parse(json) as Serialized;
  if (serialized.error && serialized.error_type !== 'not implemented') throw parserError(text, serialized);
  const statements = statementsOf(text.sql);
  assertSingle(text, statements);
  refuseParameters(text, statements[0]);
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

/** In what DuckDB has parsed, these characters are nothing else: `?`, `$1`, `$cutoff`. */
function refuseParameters(text: SqlText, tokens: readonly Token[]): void {
  const parameter = tokens.find(({ kind, text: said }) => kind === 'symbol' && (said === '?' || said === '$'));
  if (parameter === undefined) return;
  throw errorAt(text, positionOf(text.sql, parameter.start), {
    kind: 'usage',
    code: 'MODEL_PARAMETER',
    message: 'Here stands a parameter, and nobody gives a value for one.',
    next: "Write the value, or take a variable: vars: of warehouse.yml, and getvariable('name').",
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
