import { WarehouseError } from '../../lib/errors.ts';
import { sha256Hex } from '../../lib/hash.ts';
import type { SqlFile } from '../../project/sql-file.ts';
import { statementsOf, type Token, tokensOf, withoutLayout } from '../sql/lexer.ts';
import { positionOf } from '../sql/position.ts';
import { errorAt, type SqlText } from '../sql/sql-error.ts';

/** A CREATE MACRO statement of a file. */
export interface MacroStatement {
  /** As written, without quotes, with its schema if it names one. */
  readonly name: string;
  readonly schema: string | undefined;
  readonly function: string;
  readonly text: SqlText;
  /** Where it begins and ends in the text of the file. */
  readonly start: number;
  readonly end: number;
  /** SHA-256 of the definition, default values of parameters included; comments and layout do not count. */
  readonly hash: string;
  /** The lines of comment right above it, as one text; undefined where there are none. */
  readonly comment: string | undefined;
}

/**
 * The statements of macro files, each `CREATE [OR REPLACE] MACRO name(...) AS ...`.
 * @throws usage MACRO_NOT_MACRO (another statement), MACRO_DEFINED_TWICE.
 */
export function macroStatements(files: readonly SqlFile[]): MacroStatement[] {
  const seen = new Map<string, MacroStatement>();
  for (const { path, sql } of files) {
    for (const tokens of statementsOf(sql)) {
      const statement = macroStatement({ path, sql }, tokens);
      const other = seen.get(statement.name.toLowerCase());
      if (other) throw definedTwice(statement, other);
      seen.set(statement.name.toLowerCase(), statement);
    }
  }
  return [...seen.values()];
}

function macroStatement(text: SqlText, tokens: readonly Token[]): MacroStatement {
  const words = tokens.slice(0, 4).map((token) => token.text.toUpperCase());
  const replaces = words[1] === 'OR' && words[2] === 'REPLACE';
  const at = replaces ? 3 : 1;
  const [first, dot, second] = tokens.slice(at + 1, at + 4);
  const isMacro = words[0] === 'CREATE' && (words[at] === 'MACRO' || words[at] === 'FUNCTION');
  const path = dot?.text === '.' ? [first, second] : [first];
  const opens = tokens[at + 2 * path.length]?.text === '(';
  if (!isMacro || !opens || !path.every(isName)) throw notMacro(text, tokens[0]);
  const names = path.map(unquoted);
  return {
    name: names.join('.'),
    schema: names.length > 1 ? names[0] : undefined,
    function: names.at(-1)!,
    text,
    start: tokens[0].start,
    end: tokens.at(-1)!.end,
    hash: sha256Hex(withoutLayout(tokens.slice(at))),
    comment: commentAbove(text.sql, tokens[0].start),
  };
}

function commentAbove(sql: string, start: number): string | undefined {
  const lines = sql.slice(0, start).split('\n').slice(0, -1);
  const first = lines.findLastIndex((line) => !/^\s*--/.test(line)) + 1;
  const text = lines.slice(first).map((line) => line.replace(/^\s*--/, '').trim());
  return text.join(' ').trim() || undefined;
}

const isName = (token: Token | undefined) => token?.kind === 'word' || token?.kind === 'identifier';

const unquoted = ({ kind, text }: Token) => (kind === 'identifier' ? text.slice(1, -1).replaceAll('""', '"') : text);

function notMacro(text: SqlText, token: Token): WarehouseError {
  return errorAt(text, positionOf(text.sql, token.start), {
    kind: 'usage',
    code: 'MACRO_NOT_MACRO',
    message: 'A file of macros holds nothing but CREATE OR REPLACE MACRO name(...) AS ... statements.',
    next: 'Move the statement to a model, or remove it.',
  });
}

function definedTwice(statement: MacroStatement, other: MacroStatement): WarehouseError {
  return errorAt(statement.text, positionOf(statement.text.sql, statement.start), {
    kind: 'usage',
    code: 'MACRO_DEFINED_TWICE',
    message: `The macro ${statement.name} is defined in ${other.text.path} too.`,
    next: 'Remove one, or give all its overloads in one statement.',
  });
}

/** An error at a word of a macro, where a file defines it. @param name without its schema, in any case */
export function refusedInMacro(
  name: string,
  word: string,
  files: readonly SqlFile[],
  detail: Parameters<typeof errorAt>[2],
): WarehouseError {
  const isOf = (statement: MacroStatement) => statement.function.toLowerCase() === name.toLowerCase();
  for (const { text, start, end } of macroStatements(files).filter(isOf)) {
    const isWord = (token: Token) => token.start >= start && unquoted(token).toLowerCase() === word.toLowerCase();
    const token = tokensOf(text.sql).find((one) => isWord(one) && one.end <= end);
    if (token !== undefined) return errorAt(text, positionOf(text.sql, token.start), detail);
  }
  return new WarehouseError(detail);
}
