import type * as Arrow from 'apache-arrow';
import type { Batch, Column, ColumnLayout, FixedColumn } from '../lib/batch.ts';
import type { Dictionary } from './dictionary.ts';

/** Makes Arrow RecordBatches of batches: the buffers are copied, so that they stay valid. */
export class ArrowBatches {
  readonly #arrow: typeof Arrow;
  readonly #dictionary: Dictionary;
  /** The dictionary so far: a chunk is added when it has grown. */
  #chunks: Arrow.Data<Arrow.Utf8>[] = [];
  #texts!: Arrow.Vector<Arrow.Utf8>;
  #known = 0;
  readonly #codeType: Arrow.Dictionary<Arrow.Utf8, Arrow.Int32>;

  constructor(arrow: typeof Arrow, dictionary: Dictionary) {
    this.#arrow = arrow;
    this.#dictionary = dictionary;
    this.#codeType = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 1);
  }

  from(batch: Batch): Arrow.RecordBatch {
    const arrow = this.#arrow;
    this.#growDictionary();
    const fields = batch.columns.map(
      ({ layout }) => new arrow.Field(layout.name, this.#type(layout), isNullable(layout)),
    );
    const schema = new arrow.Schema(fields);
    const children = batch.columns.map((column) => this.#data(column, batch.length));
    const struct = arrow.makeData({ type: new arrow.Struct(fields), length: batch.length, nullCount: 0, children });
    return new arrow.RecordBatch(schema, struct);
  }

  #growDictionary(): void {
    const { size } = this.#dictionary;
    if (size === this.#known) return;
    const texts = this.#arrow.vectorFromArray(this.#dictionary.texts(this.#known), new this.#arrow.Utf8());
    this.#chunks = [...this.#chunks, ...texts.data];
    this.#texts = new this.#arrow.Vector(this.#chunks);
    this.#known = size;
  }

  #type(layout: ColumnLayout): Arrow.DataType {
    const arrow = this.#arrow;
    if (layout.dictionary) return this.#codeType;
    switch (layout.type) {
      case 'int64':
        return new arrow.Int64();
      case 'int32':
        return new arrow.Int32();
      case 'uint8':
        return new arrow.Uint8();
      case 'utf8':
        return new arrow.Utf8();
      default:
        return new arrow.TimestampMicrosecond();
    }
  }

  #data(column: Column, length: number): Arrow.Data {
    const arrow = this.#arrow;
    const type = this.#type(column.layout);
    const nullBitmap = column.layout.dictionary
      ? codeValidity(column as FixedColumn, length)
      : column.validity?.slice();
    const nullCount = nullBitmap === undefined ? 0 : -1;
    if (column.kind === 'utf8') {
      const valueOffsets = column.offsets.slice(0, length + 1);
      const data = new Uint8Array(column.bytes.subarray(0, valueOffsets[length]));
      return arrow.makeData({ type: type as Arrow.Utf8, length, nullCount, nullBitmap, valueOffsets, data });
    }
    const { type: columnType } = column.layout;
    if (columnType === 'int64' || columnType === 'timestamp') {
      const words = column.values.slice(0, length * 2);
      const data = new BigInt64Array(words.buffer, 0, length);
      return arrow.makeData({ type: type as Arrow.Int64, length, nullCount, nullBitmap, data });
    }
    const data = column.values.slice(0, length);
    if (column.layout.dictionary) {
      return arrow.makeData({
        type: this.#codeType,
        length,
        nullCount,
        nullBitmap,
        data: data as Int32Array,
        dictionary: this.#texts,
      });
    }
    return arrow.makeData({ type: type as Arrow.Int32, length, nullCount, nullBitmap, data: data as Int32Array });
  }
}

/** Code 0 is the absent text: NULL in Arrow. */
function codeValidity(column: FixedColumn, length: number): Uint8Array {
  const validity = new Uint8Array((length + 7) >> 3);
  for (let row = 0; row < length; row++) if (column.values[row] !== 0) validity[row >> 3] |= 1 << (row & 7);
  return validity;
}

function isNullable(layout: ColumnLayout): boolean {
  return layout.nullable === true || layout.dictionary === true;
}
