/** Line and column, both from 1; columns count characters (code points). */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The line of a text with a caret under the column, as two lines of text. */
export function excerpt(source: string, { line, column }: Position): string {
  const text = (source.split('\n')[line - 1] ?? '').replace(/\r$/, '');
  const indent = [...text]
    .slice(0, column - 1)
    .map((character) => (character === '\t' ? '\t' : ' '))
    .join('');
  return `  ${text}\n  ${indent}^`;
}
