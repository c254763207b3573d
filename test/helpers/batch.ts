import type { Batch, Column, ColumnLayout, TableLayout } from '../../src/lib/batch.ts';

type Cell = bigint | number | string | null;

/** A batch of rows given as arrays of cells, laid out as Arrow lays them out. */
export function batchOf(table: TableLayout, rows: readonly (readonly Cell[])[]): Batch {
  const columns = table.columns.map((layout, index) =>
    columnOf(
      layout,
      rows.map((row) => row[index]),
    ),
  );
  return { table, length: rows.length, columns };
}

function columnOf(layout: ColumnLayout, cells: Cell[]): Column {
  const validity = layout.nullable ? new Uint8Array(Math.ceil(cells.length / 8)) : undefined;
  cells.forEach((cell, row) => {
    if (validity !== undefined && cell !== null) validity[row >> 3] |= 1 << (row & 7);
  });
  if (layout.type === 'utf8') {
    const texts = cells.map((cell) => Buffer.from(String(cell ?? ''), 'utf8'));
    const offsets = new Int32Array(cells.length + 1);
    texts.forEach((text, row) => {
      offsets[row + 1] = offsets[row] + text.length;
    });
    return { kind: 'utf8', layout, offsets, bytes: Buffer.concat(texts), validity };
  }
  if (layout.type === 'int64' || layout.type === 'timestamp') {
    const values = BigInt64Array.from(cells, (cell) => BigInt(cell ?? 0));
    return { kind: 'fixed', layout, values: new Int32Array(values.buffer), validity };
  }
  const numbers = cells.map((cell) => Number(cell ?? 0));
  const values = layout.type === 'uint8' ? Uint8Array.from(numbers) : Int32Array.from(numbers);
  return { kind: 'fixed', layout, values, validity };
}
