import { displayWidth, padEnd, padStart, printable, shorten } from './text.ts';

export type Cell = string | number | bigint | boolean | null | undefined;

export interface TableOptions {
  /** Display columns that the table may take. */
  readonly width: number;
  /** What stands for a missing value. */
  readonly missing?: string;
}

const GAP = '  ';
const NARROWEST = 6;

/**
 * An aligned text table: a head, a rule and a line for each row. Columns of numbers are set to the right. Where it
 * would be wider than `width`, the widest columns are cut, and columns that then still find no room are left out and
 * counted in a last line.
 */
export function table(columns: readonly string[], rows: readonly (readonly Cell[])[], options: TableOptions): string {
  const text = (cell: Cell) =>
    cell === null || cell === undefined ? (options.missing ?? '') : printable(String(cell));
  const head = columns.map(printable);
  const body = rows.map((row) => columns.map((_, i) => text(row[i])));
  const natural = head.map((name, i) =>
    body.reduce((widest, row) => Math.max(widest, displayWidth(row[i])), displayWidth(name)),
  );
  const widths = fitted(natural, options.width);
  const isNumeric = widths.map((_, i) => isNumberColumn(rows.map((row) => row[i])));
  const line = (cells: readonly string[]) =>
    widths
      .map((width, i) => (isNumeric[i] ? padStart : padEnd)(shorten(cells[i], width), width))
      .join(GAP)
      .trimEnd();
  const lines = [line(head), widths.map((width) => '-'.repeat(width)).join(GAP), ...body.map(line)];
  const hidden = columns.length - widths.length;
  if (hidden > 0) lines.push(`(and ${hidden} more column${hidden > 1 ? 's' : ''})`);
  return lines.map((one) => `${one}\n`).join('');
}

/** A table of records; its columns are their keys, in the order in which they first occur. */
export function recordTable(records: readonly object[], options: TableOptions): string {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const rows = records.map((record) => columns.map((column) => (record as Record<string, Cell>)[column]));
  return table(columns, rows, options);
}

function isNumberColumn(cells: readonly Cell[]): boolean {
  const present = cells.filter((cell) => cell !== null && cell !== undefined);
  return present.length > 0 && present.every((cell) => typeof cell === 'number' || typeof cell === 'bigint');
}

/** Widths of the columns that find room, the widest cut first. */
function fitted(natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1);
  while (total() > width) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) {
      if (widths.length === 1) break;
      widths.pop();
      continue;
    }
    const next = Math.max(NARROWEST, ...widths.filter((one) => one < widest));
    const many = widths.filter((one) => one === widest).length;
    const cut = Math.min(widest - next, Math.max(1, Math.floor((total() - width) / many)));
    for (const [i, one] of widths.entries()) if (one === widest) widths[i] = one - cut;
  }
  return widths;
}
