import type { Appender, DataChunk, Vector } from '@duckdb/node-bindings';
import {
  BATCH_ROWS,
  type Batch,
  type Column,
  type ColumnType,
  type TableLayout,
  type Utf8Column,
} from '../lib/batch.ts';
import type { Connection } from './connection.ts';
import { BIGINT, duckdb, INTEGER, TIMESTAMP, UTINYINT, VARCHAR } from './duckdb.ts';

const LOGICAL_TYPE = { int64: BIGINT, int32: INTEGER, uint8: UTINYINT, timestamp: TIMESTAMP, utf8: VARCHAR } as const;
const VALUE_BYTES: Record<ColumnType, number> = { int64: 8, int32: 4, uint8: 1, timestamp: 8, utf8: 16 };
const INLINE_BYTES = 12;
/** The appender holds rows back by their number; long texts are passed on before they fill the memory. */
const HELD_BYTES = 1 << 24;
const TWO_POW_32 = 4_294_967_296;

/**
 * Appends batches to a table, each as one vector of a data chunk: a batch has no more rows than DuckDB's vectors.
 *
 * Strings are written as DuckDB's 16-byte string_t: up to 12 bytes inline, else length, four bytes of prefix and a
 * pointer. The layout is not documented, so the version is pinned and every load is checksummed in a test.
 */
export class BatchWriter {
  readonly #appender: Appender;
  readonly #chunk: DataChunk;
  readonly #vectors: Vector[];
  /** Holds the long strings of the current batch: one element a column, all its bytes. */
  readonly #heap: DataChunk;
  /** One a column; empty where it has no strings. */
  readonly #words: readonly Int32Array[];
  /** Bytes of long strings that the appender holds. */
  #held = 0;

  constructor(connection: Connection, schema: string, table: TableLayout) {
    const types = table.columns.map((column) => LOGICAL_TYPE[column.type].toLogicalType().logical_type);
    this.#appender = duckdb.appender_create(nativeConnection(connection), schema, table.name);
    this.#chunk = duckdb.create_data_chunk(types);
    this.#vectors = table.columns.map((_, index) => duckdb.data_chunk_get_vector(this.#chunk, index));
    this.#heap = duckdb.create_data_chunk(table.columns.map(() => VARCHAR.toLogicalType().logical_type));
    this.#words = table.columns.map(({ type }) => new Int32Array(type === 'utf8' ? BATCH_ROWS * 4 : 0));
    table.columns.forEach((column, index) => {
      if (column.nullable) duckdb.vector_ensure_validity_writable(this.#vectors[index]);
    });
  }

  /** @throws RangeError for more rows than a vector has: they would be written beside it */
  write({ length, columns }: Batch): void {
    if (length > BATCH_ROWS) throw new RangeError(`A batch has ${length} rows, more than ${BATCH_ROWS}.`);
    duckdb.data_chunk_reset(this.#heap);
    for (let index = 0; index < columns.length; index++) this.#fill(index, columns[index], length);
    duckdb.data_chunk_set_size(this.#chunk, length);
    duckdb.append_data_chunk(this.#appender, this.#chunk);
    if (this.#held < HELD_BYTES) return;
    this.#held = 0;
    duckdb.appender_flush_sync(this.#appender);
  }

  /** Flushes what was appended. The rows are part of the connection's transaction. */
  close(): void {
    duckdb.appender_close_sync(this.#appender);
  }

  #fill(index: number, column: Column, rows: number): void {
    const vector = this.#vectors[index];
    const values = column.kind === 'utf8' ? this.#packStrings(column, index, rows) : column.values;
    const bytes = rows * VALUE_BYTES[column.layout.type];
    duckdb.copy_data_to_vector(vector, 0, values.buffer as ArrayBuffer, values.byteOffset, bytes);
    const { validity } = column;
    if (validity === undefined) return;
    const bits = validity.buffer as ArrayBuffer;
    duckdb.copy_data_to_vector_validity(vector, 0, bits, validity.byteOffset, (rows + 7) >> 3);
  }

  #packStrings(column: Utf8Column, index: number, length: number): Int32Array {
    const words = this.#words[index];
    const { offsets, bytes } = column;
    let base = -1;
    for (let row = 0, word = 0; row < length; row++, word += 4) {
      const start = offsets[row];
      const size = offsets[row + 1] - start;
      words[word] = size;
      if (size <= INLINE_BYTES) {
        packInline(words, word, bytes, start, size);
        continue;
      }
      if (base < 0) base = this.#keep(index, bytes, offsets[length]);
      words[word + 1] = bytes[start] | (bytes[start + 1] << 8) | (bytes[start + 2] << 16) | (bytes[start + 3] << 24);
      const address = base + start;
      words[word + 2] = (address % TWO_POW_32) | 0;
      words[word + 3] = Math.floor(address / TWO_POW_32);
    }
    return words;
  }

  /** Copies the bytes of a column into DuckDB's memory and returns their address there. */
  #keep(index: number, bytes: Uint8Array, size: number): number {
    const vector = duckdb.data_chunk_get_vector(this.#heap, index);
    duckdb.vector_assign_string_element_len(vector, 0, bytes.subarray(0, size));
    this.#held += size;
    const string = duckdb.vector_get_data(vector, 16);
    return Number(new DataView(string.buffer, string.byteOffset, 16).getBigUint64(8, true));
  }
}

function packInline(words: Int32Array, word: number, bytes: Uint8Array, start: number, size: number): void {
  words[word + 1] = fourBytes(bytes, start, size);
  words[word + 2] = size > 4 ? fourBytes(bytes, start + 4, size - 4) : 0;
  words[word + 3] = size > 8 ? fourBytes(bytes, start + 8, size - 8) : 0;
}

function fourBytes(bytes: Uint8Array, at: number, left: number): number {
  switch (left) {
    case 0:
      return 0;
    case 1:
      return bytes[at];
    case 2:
      return bytes[at] | (bytes[at + 1] << 8);
    case 3:
      return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
    default:
      return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  }
}

/** The binding's own handle: the wrapper keeps it private, and its appender takes no prepared vectors. */
function nativeConnection(connection: Connection): Parameters<typeof duckdb.appender_create>[0] {
  return (connection.duck as unknown as { connection: Parameters<typeof duckdb.appender_create>[0] }).connection;
}
