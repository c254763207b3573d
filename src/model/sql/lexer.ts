/** One token of SQL text. Comments and white space are none. */
export interface Token {
  /** Exactly as written. */
  readonly text: string;
  readonly kind: 'word' | 'identifier' | 'string' | 'symbol';
  /** Where it begins, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const SPACE = /(?:\s+|--[^\r\n]*)/y;
const TOKENS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['string', /[eE]'(?:[^'\\]|\\.|'')*'/sy],
  ['string', /'(?:[^']|'')*'/y],
  ['string', /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$.*?\$\1\$/sy],
  ['identifier', /"(?:[^"]|"")*"/y],
  ['word', /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ['word', /\d[\w.]*/y],
  ['symbol', /./sy],
];

/**
 * The tokens of SQL as DuckDB's lexer cuts it, as far as it takes to tell statements and words apart from what stands
 * in quotes and comments (block comments nest). What is not closed becomes single symbols: the parser will refuse it.
 */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const skipped = blankEnd(sql, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const token = tokenAt(sql, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** Whether each parenthesis, quote and comment is closed after it was opened, and no statement ends. */
export function isClosed(sql: string): boolean {
  let depth = 0;
  for (const { text, start } of tokensOf(sql)) {
    if (text === '(') depth++;
    if (text === ')') depth--;
    if (depth < 0 || text === ';' || OPENED.has(text) || sql.startsWith('/*', start)) return false;
  }
  return depth === 0;
}

/** What is not closed is a token by itself. */
const OPENED: ReadonlySet<string> = new Set(["'", '"']);

/** The statements between semicolons, each as its tokens; empty ones are left out. */
export function statementsOf(sql: string): Token[][] {
  const statements: Token[][] = [[]];
  for (const token of tokensOf(sql)) {
    if (token.text === ';') statements.push([]);
    else statements.at(-1)!.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

/** The SQL without comments and with one space between tokens: the same for every way of laying it out. */
export function withoutLayout(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join(' ');
}

/** The text up to the end of the first statement, without its semicolon: lines and columns stay those of the file. */
export function statementText(sql: string): string {
  const [first = []] = statementsOf(sql);
  return sql.slice(0, first.at(-1)?.end ?? 0);
}

function tokenAt(sql: string, start: number): Token {
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = start;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) return { text, kind, start, end: start + text.length };
  }
  throw new RangeError(`no token at ${start}`);
}

function blankEnd(sql: string, start: number): number {
  if (sql.startsWith('/*', start)) return blockCommentEnd(sql, start);
  SPACE.lastIndex = start;
  return start + (SPACE.exec(sql)?.[0].length ?? 0);
}

/** Where a block comment ends; its start where it is not closed. */
function blockCommentEnd(sql: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let found = mark.exec(sql); found; found = mark.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return start;
}
