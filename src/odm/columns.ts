import {
  BATCH_ROWS,
  type Batch,
  type BatchSink,
  type Column,
  type ColumnLayout,
  type FixedColumn,
  type TableLayout,
  type Utf8Column,
} from '../lib/batch.ts';
import { refuse } from './refusal.ts';
import { LIMITS } from './xml/events.ts';

/** Small, so that buffers grow, and batches are passed on, while V8 still interprets: what it has seen it keeps compiled. */
const FIRST_TEXT_BYTES = 1 << 8;
const FIRST_ROWS = 1 << 5;
/** Text buffers above this are given back after a batch. */
const KEPT_TEXT_BYTES = 1 << 23;
/** A batch is passed on early when the text of one of its columns is longer than this. */
const BATCH_TEXT_BYTES = 1 << 22;

/** Text of the row that is being filled is appended piece by piece; a row that was given none is NULL. */
export class TextColumn implements Utf8Column {
  readonly kind = 'utf8';
  readonly layout: ColumnLayout;
  readonly offsets = new Int32Array(BATCH_ROWS + 1);
  bytes = Buffer.allocUnsafeSlow(FIRST_TEXT_BYTES);
  readonly validity?: Uint8Array;
  /** Where the text of the present row begins and, so far, ends. */
  start = 0;
  end = 0;
  /** Whether the present row has a text, be it empty. */
  present = false;

  constructor(layout: ColumnLayout) {
    this.layout = layout;
    if (layout.nullable) this.validity = new Uint8Array(BATCH_ROWS >> 3).fill(255);
  }

  put(source: Buffer, start: number, end: number): void {
    this.present = true;
    let at = this.end;
    if (at + end - start > this.bytes.length) this.#grow(end - start);
    const bytes = this.bytes;
    if (end - start > 64) at += source.copy(bytes, at, start, end);
    else while (start < end) bytes[at++] = source[start++];
    this.end = at;
  }

  putText(text: string): void {
    const bytes = Buffer.from(text);
    this.put(bytes, 0, bytes.length);
  }

  /** Takes back what was appended to the present row. */
  drop(): void {
    this.end = this.start;
    this.present = false;
  }

  endRow(row: number): void {
    if (!this.present && this.validity !== undefined) this.validity[row >> 3] &= ~(1 << (row & 7));
    this.present = false;
    this.start = this.end;
    this.offsets[row + 1] = this.end;
  }

  reset(): void {
    this.start = this.end = 0;
    this.validity?.fill(255);
    if (this.bytes.length > KEPT_TEXT_BYTES) this.bytes = Buffer.allocUnsafeSlow(FIRST_TEXT_BYTES);
  }

  #grow(more: number): void {
    const needed = this.end + more;
    if (needed - this.start > LIMITS.textBytes) {
      throw refuse('ODM_TOO_LARGE', `A text is longer than ${LIMITS.textBytes} bytes.`);
    }
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 1.5));
    this.bytes.copy(grown, 0, 0, this.end);
    this.bytes = grown;
  }
}

function newColumn(layout: ColumnLayout): FixedColumn | TextColumn {
  const validity = layout.nullable ? new Uint8Array(BATCH_ROWS >> 3).fill(255) : undefined;
  switch (layout.type) {
    case 'utf8':
      return new TextColumn(layout);
    case 'uint8':
      return { kind: 'fixed', layout, values: new Uint8Array(BATCH_ROWS), validity };
    case 'int32':
      return { kind: 'fixed', layout, values: new Int32Array(BATCH_ROWS), validity };
    default:
      return { kind: 'fixed', layout, values: new Int32Array(BATCH_ROWS * 2), validity };
  }
}

/** The columns of one table: rows are filled at `length`, and passed on when the batch is full. */
export class Table implements Batch {
  readonly table: TableLayout;
  readonly columns: readonly Column[];
  length = 0;
  /** Rows after which the batch is passed on: few at first. */
  #capacity = FIRST_ROWS;
  readonly #texts: readonly TextColumn[];
  readonly #sink: BatchSink;

  constructor(layout: TableLayout, sink: BatchSink) {
    const columns = layout.columns.map(newColumn);
    this.table = layout;
    this.columns = columns;
    this.#texts = columns.filter((column) => column instanceof TextColumn);
    this.#sink = sink;
  }

  /** Values of an int32, int64 or timestamp column; the latter two have two words a row. */
  words(name: string): Int32Array {
    return this.#fixed(name).values as Int32Array;
  }

  bytes(name: string): Uint8Array {
    return this.#fixed(name).values as Uint8Array;
  }

  text(name: string): TextColumn {
    return this.#texts[this.#texts.findIndex((column) => column.layout.name === name)];
  }

  /** Marks the value of the present row as NULL. */
  setNull(name: string): void {
    const validity = this.#fixed(name).validity;
    if (validity !== undefined) validity[this.length >> 3] &= ~(1 << (this.length & 7));
  }

  #fixed(name: string): FixedColumn {
    return this.columns[this.columns.findIndex((column) => column.layout.name === name)] as FixedColumn;
  }

  /** Ends the present row. */
  next(): void {
    const row = this.length++;
    let full = this.length === this.#capacity;
    const texts = this.#texts;
    for (let i = 0; i < texts.length; i++) {
      texts[i].endRow(row);
      if (texts[i].end > BATCH_TEXT_BYTES) full = true;
    }
    if (full) this.flush();
  }

  flush(): void {
    if (this.length === 0) return;
    this.#sink(this);
    this.length = 0;
    if (this.#capacity < BATCH_ROWS) this.#capacity *= 2;
    for (const column of this.columns) {
      if (column instanceof TextColumn) column.reset();
      else column.validity?.fill(255);
    }
  }
}

/** Writes an integer from 0 to 2^53 into a column of two words a row. */
export function setInt64(words: Int32Array, row: number, value: number): void {
  words[2 * row] = value | 0;
  words[2 * row + 1] = value < 0x1_0000_0000 ? 0 : Math.floor(value / 0x1_0000_0000);
}
