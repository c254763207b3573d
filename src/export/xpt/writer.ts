import { type FileHandle, open } from 'node:fs/promises';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import type { Vector } from '@duckdb/node-bindings';
import { WarehouseError } from '../../lib/errors.ts';
import { qualified } from '../../store/connection.ts';
import { duckdb } from '../../store/duckdb.ts';
import { type Dataset, orderBy } from '../dataset.ts';
import type { FormatContext } from '../format.ts';
import { xptHeader } from './header.ts';
import { writeIbmDouble, writeMissing } from './ibm-double.ts';
import { INLINE_BYTES, type Piece, piecesOf } from './piece.ts';
import { rowLength, type Variable } from './variable.ts';

const RECORD = 80;
const BLANK = 0x20;

/**
 * Writes one dataset as an XPT v5 file of one member (TS-140). The values have been checked: each fits.
 * @returns how many rows at the end of the file are blanks and could be taken for padding.
 */
export async function writeXpt(
  dataset: Dataset,
  variables: readonly Variable[],
  { connection, stamp }: Pick<FormatContext, 'connection' | 'stamp'>,
  path: string,
): Promise<number> {
  const pieces = variables.flatMap(piecesOf);
  const sql = `SELECT ${pieces.map((piece, index) => `${piece.sql} AS p${index}`).join(', ')} FROM ${qualified(dataset.table)} ORDER BY ${orderBy(dataset)}`;
  const width = rowLength(variables);
  const file = await open(path, 'wx');
  try {
    await write(file, xptHeader({ name: dataset.name, label: dataset.label, stamp, variables }));
    let rows = 0;
    let trailingBlank = 0;
    for await (const chunk of connection.chunks(sql)) {
      const bytes = rowsOf(chunk, pieces, width);
      await write(file, bytes);
      rows += chunk.rowCount;
      const blank = trailingBlankRows(bytes, width);
      trailingBlank = blank === chunk.rowCount ? trailingBlank + blank : blank;
    }
    const padding = (RECORD - ((rows * width) % RECORD)) % RECORD;
    await write(file, Buffer.alloc(padding, BLANK));
    return Math.min(trailingBlank, Math.floor((RECORD - 1 - padding) / width));
  } finally {
    await file.close();
  }
}

function rowsOf(chunk: DuckDBDataChunk, pieces: readonly Piece[], width: number): Buffer {
  const bytes = Buffer.alloc(chunk.rowCount * width, BLANK);
  pieces.forEach((piece, index) => {
    const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
    const fill = piece.numeric ? fillNumbers : fillTexts;
    fill(bytes, piece.position, width, vector, chunk.rowCount);
  });
  return bytes;
}

function fillNumbers(bytes: Buffer, position: number, width: number, vector: Vector, rows: number): void {
  const data = duckdb.vector_get_data(vector, rows * 8);
  const values = new Float64Array(data.buffer, data.byteOffset, rows);
  const valid = validity(vector, rows);
  for (let row = 0, at = position; row < rows; row++, at += width) {
    if (valid(row)) writeIbmDouble(values[row], bytes, at);
    else writeMissing(bytes, at);
  }
}

/** A `string_t` is a 32-bit length and, where that is at most INLINE_BYTES, the bytes. */
function fillTexts(bytes: Buffer, position: number, width: number, vector: Vector, rows: number): void {
  const data = duckdb.vector_get_data(vector, rows * 16);
  const lengths = new Uint32Array(data.buffer, data.byteOffset, rows * 4);
  const valid = validity(vector, rows);
  for (let row = 0, at = position; row < rows; row++, at += width) {
    if (!valid(row)) continue;
    const length = lengths[row * 4];
    if (length > INLINE_BYTES) throw notInline(length);
    const start = row * 16 + 4;
    for (let i = 0; i < length; i++) bytes[at + i] = data[start + i];
  }
}

function validity(vector: Vector, rows: number): (row: number) => boolean {
  const bits = duckdb.vector_get_validity(vector, Math.ceil(rows / 64) * 8);
  return bits ? (row) => ((bits[row >> 3] >> (row & 7)) & 1) === 1 : () => true;
}

function trailingBlankRows(bytes: Buffer, width: number): number {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === BLANK) end--;
  return Math.floor((bytes.length - end) / width);
}

async function write(file: FileHandle, bytes: Uint8Array): Promise<void> {
  await file.writeFile(bytes);
}

function notInline(length: number): WarehouseError {
  const message = `A piece of ${length} bytes reached the XPT writer; at most ${INLINE_BYTES} were expected.`;
  const next = 'Nothing was exported. This is a fault of the program: report it with the SQL of the dataset.';
  return new WarehouseError({ kind: 'fault', code: 'XPT_PIECE', message, next });
}
