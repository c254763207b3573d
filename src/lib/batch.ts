/**
 * Columnar batches, laid out in memory as Apache Arrow lays out its arrays, without the Arrow library.
 *
 * Readers fill them, the boundary passes them on or replaces them, the store packs them into DuckDB
 * vectors, and `readOdm` wraps them as Arrow RecordBatches. A batch is valid until the sink it was given
 * to returns: the reader then fills the same buffers again.
 */
export type ColumnType = 'int64' | 'int32' | 'uint8' | 'utf8' | 'timestamp';

export interface ColumnLayout {
  readonly name: string;
  /**
   * `int64`, `timestamp` (microseconds since 1970 UTC): two little-endian 32-bit words a row, so that no BigInt is
   * made on the hot path. `utf8`: offsets and bytes.
   */
  readonly type: ColumnType;
  readonly nullable?: boolean;
  /** An `int32` that is a code into the dictionary of the reader. */
  readonly dictionary?: boolean;
}

export interface TableLayout {
  readonly name: string;
  readonly columns: readonly ColumnLayout[];
}

export interface FixedColumn {
  readonly kind: 'fixed';
  readonly layout: ColumnLayout;
  /** One element a row; for `int64` and `timestamp` two (low word, high word). */
  readonly values: Int32Array | Uint8Array;
  /** Arrow validity bitmap, one bit a row, 1 for valid; absent where the column is not nullable. */
  readonly validity?: Uint8Array;
}

export interface Utf8Column {
  readonly kind: 'utf8';
  readonly layout: ColumnLayout;
  /** Row r is bytes[offsets[r] .. offsets[r + 1]]. */
  readonly offsets: Int32Array;
  /** May be replaced by a larger buffer while a batch is filled. */
  readonly bytes: Uint8Array;
  readonly validity?: Uint8Array;
}

export type Column = FixedColumn | Utf8Column;

export interface Batch {
  readonly table: TableLayout;
  readonly length: number;
  readonly columns: readonly Column[];
}

export type BatchSink = (batch: Batch) => void;

/** Rows a batch holds at the most: one DuckDB vector. It stays in the processor's cache until it is appended. */
export const BATCH_ROWS = 2_048;
