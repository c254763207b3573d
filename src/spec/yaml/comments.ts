import { Lexer } from 'yaml';

/** The comments of a YAML file in their order, each from its `#`. */
function commentsIn(source: string): string[] {
  const found: string[] = [];
  for (const token of new Lexer().lex(source)) {
    if (token.startsWith('#')) found.push(token.trimEnd());
  }
  return found;
}

/** Whether a comment of a file is not in what becomes of it, wherever it might stand there. */
export function losesComments(before: string, after: string): boolean {
  const has = new Map<string, number>();
  for (const comment of commentsIn(after)) has.set(comment, (has.get(comment) ?? 0) + 1);
  return commentsIn(before).some((comment) => {
    const left = has.get(comment) ?? 0;
    has.set(comment, left - 1);
    return left === 0;
  });
}
