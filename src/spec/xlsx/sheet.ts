import { cellReference, readReference } from './reference.ts';
import { TextCollector } from './shared-texts.ts';
import type { XmlHandler } from './xml.ts';

/** A cell that holds something. */
export interface ReadCell {
  /** `B7` */
  readonly reference: string;
  readonly kind: 'text' | 'number' | 'date' | 'boolean' | 'formula' | 'error';
  /** As the file has it; of a formula what it came to. */
  readonly text: string;
}

export interface ReadRow {
  readonly number: number;
  readonly isHidden: boolean;
  /** By column, counted from 1. */
  readonly cells: ReadonlyMap<number, ReadCell>;
}

export interface ReadSheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Ranges of merged cells: `A3:B3`. */
  readonly merged: readonly string[];
  /** The rows with cells that hold something, from the top. */
  readonly rows: readonly ReadRow[];
}

interface SheetContext {
  readonly name: string;
  readonly isHidden: boolean;
  readonly texts: readonly string[];
  readonly dates: readonly boolean[];
}

/** More than any specification has: a bound on what a hostile file can cost. */
const MOST_CELLS = 1_000_000;

/** The cell that is being read. */
interface Open {
  reference: string;
  column: number;
  type: string;
  isDate: boolean;
  value: string;
  isFormula: boolean;
}

/** A handler of the XML of a sheet, and what it has read. */
export function readSheet({ name, isHidden, texts, dates }: SheetContext): { handler: XmlHandler; read: ReadSheet } {
  const merged: string[] = [];
  const rows: ReadRow[] = [];
  const inline = new TextCollector();
  let row = { number: 0, isHidden: false, cells: new Map<number, ReadCell>() };
  let cell: Open | undefined;
  let isValue = false;
  let left = MOST_CELLS;
  const handler: XmlHandler = {
    open(element, attributes) {
      inline.open(element);
      if (element === 'row') {
        const number = attributes.r === undefined ? row.number + 1 : Number(attributes.r);
        row = { number, isHidden: isTrue(attributes.hidden), cells: new Map() };
      } else if (element === 'c') {
        left -= 1;
        if (left < 0) throw new Error(`it has more than ${MOST_CELLS} cells`);
        cell = openCell(attributes, row, dates);
      } else if (element === 'mergeCell') merged.push(attributes.ref ?? '');
      else if (element === 'f' && cell !== undefined) cell.isFormula = true;
      isValue = element === 'v';
    },
    text(text) {
      inline.text(text);
      if (isValue && cell !== undefined) cell.value += text;
    },
    close(element) {
      inline.close(element);
      isValue = false;
      if (element === 'is' && cell !== undefined) cell.value = inline.take();
      if (element === 'c' && cell !== undefined) {
        const read = closed(cell, texts);
        if (read.text !== '' || read.kind === 'formula') row.cells.set(cell.column, read);
        cell = undefined;
      }
      if (element === 'row' && row.cells.size > 0) rows.push(row);
    },
  };
  return { handler, read: { name, isHidden, merged, rows } };
}

const isTrue = (value = '') => value === '1' || value === 'true';

function openCell(
  { r, t = 'n', s = '0' }: Readonly<Record<string, string>>,
  row: { number: number; cells: ReadonlyMap<number, ReadCell> },
  dates: readonly boolean[],
): Open {
  const place = r === undefined ? undefined : readReference(r);
  if (r !== undefined && place?.row !== row.number) throw new Error(`row ${row.number} has a cell ${r}`);
  const column = place?.column ?? Math.max(0, ...row.cells.keys()) + 1;
  const reference = cellReference(column, row.number);
  return { reference, column, type: t, isDate: dates[Number(s)] ?? false, value: '', isFormula: false };
}

function closed({ reference, type, isDate, value, isFormula }: Open, texts: readonly string[]): ReadCell {
  const text = type === 's' ? (texts[Number(value)] ?? '') : value;
  if (isFormula) return { reference, kind: 'formula', text };
  if (type === 'b') return { reference, kind: 'boolean', text };
  if (type === 'e') return { reference, kind: 'error', text };
  if (type === 'd') return { reference, kind: 'date', text };
  if (type !== 'n') return { reference, kind: 'text', text };
  return { reference, kind: isDate && text !== '' ? 'date' : 'number', text };
}
