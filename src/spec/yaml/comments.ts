import { Lexer } from 'yaml';

/** Tokens of the lexer that stand for no character of the source: begin of a document, of a scalar, and a faulty end. */
const EMPTY: ReadonlySet<string> = new Set(['\u0002', '\u001f', '\u0018']);

/** Where the comments of a YAML file begin. */
export function commentsIn(source: string): number[] {
  const found: number[] = [];
  let offset = 0;
  for (const token of new Lexer().lex(source)) {
    if (EMPTY.has(token)) continue;
    if (token.startsWith('#')) found.push(offset);
    offset += token.length;
  }
  return found;
}
