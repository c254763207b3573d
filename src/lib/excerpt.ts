import { graphemesOf } from './display-width.ts';

/** Line and column, both from 1; columns count characters (code points). */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The line of a text with a caret under the column, as two lines of text. A tab is shown as one blank: no terminal sets it alike. */
export function excerpt(source: string, { line, column }: Position): string {
  const text = (source.split('\n')[line - 1] ?? '').replace(/\r$/, '').replaceAll('\t', ' ');
  const before = [...text].slice(0, column - 1).join('');
  let cells = 0;
  for (const { width } of graphemesOf(before)) cells += width;
  return `  ${text}\n  ${' '.repeat(cells)}^`;
}
