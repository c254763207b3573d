import type { Cell } from './table.ts';

/**
 * Rows as CSV by RFC 4180, as the exports write it: a header, line feeds, quotes where they are needed. A missing value
 * is an empty field, an empty text is `""`.
 */
export function csv(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

function field(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  const text = String(cell);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
