import { CODECS } from './cell-kinds.ts';
import type { Notes } from './notes.ts';
import { said } from './read-row.ts';
import type { Table, TableRow } from './tables.ts';

/**
 * The rows of a sheet in the order that their column Order gives within what `of` names. A row without one follows the
 * row above it; the same number twice is noted.
 */
export function inOrder(table: Table | undefined, of: readonly string[], notes: Notes): readonly TableRow[] {
  const last = new Map<string, number>();
  const taken = new Map<string, TableRow>();
  const placed = (table?.rows ?? []).map((row) => {
    const group = of.map((title) => row.cell(title)?.text).join('\n');
    const written = said(row, 'Order', notes, CODECS.integer.read) as number | undefined;
    const order = written ?? last.get(group) ?? 0;
    last.set(group, order);
    const key = `${group}\n${order}`;
    const other = taken.get(key);
    if (written !== undefined && other !== undefined) {
      notes.problem(
        row.place('Order'),
        `${order} stands twice: ${other.place('Order').cell} has it too.`,
        'SPEC_CELL',
        {
          next: 'Number them anew, or leave the cell of a new row empty: it then follows the row above it.',
        },
      );
    }
    if (written !== undefined) taken.set(key, row);
    return { row, order };
  });
  return placed.sort((a, b) => a.order - b.order).map(({ row }) => row);
}
