/** Line and column, both from 1; columns count characters (code points). */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The position of a byte of the UTF-8 text, as DuckDB's syntax tree counts them. */
export function positionOfByte(sql: string, byte: number): Position {
  return lastPosition(Buffer.from(sql, 'utf8').subarray(0, byte).toString('utf8'));
}

/** The position of a character (code point), as DuckDB's parser counts them in its errors. */
export function positionOfCharacter(sql: string, character: number): Position {
  return lastPosition([...sql].slice(0, character).join(''));
}

/** The position of a UTF-16 unit. */
export function positionOf(sql: string, index: number): Position {
  return lastPosition(sql.slice(0, index));
}

function lastPosition(before: string): Position {
  const lines = before.split('\n');
  return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
}

/** The line with a caret under the column, as two lines of text. */
export function excerpt(sql: string, { line, column }: Position): string {
  const text = (sql.split('\n')[line - 1] ?? '').replace(/\r$/, '');
  const indent = [...text]
    .slice(0, column - 1)
    .map((character) => (character === '\t' ? '\t' : ' '))
    .join('');
  return `  ${text}\n  ${indent}^`;
}
