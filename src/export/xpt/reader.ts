import { type FileHandle, open } from 'node:fs/promises';
import { WarehouseError } from '../../lib/errors.ts';

/** A variable as its NAMESTR record tells it (TS-140). */
interface XptVariable {
  readonly name: string;
  readonly label: string;
  readonly type: 'numeric' | 'character';
  readonly length: number;
  readonly format: { readonly name: string; readonly width: number; readonly decimals: number };
}

/** A number, null for any missing value (`.`, `._`, `.A` to `.Z`), or a text without its trailing blanks. */
export type XptValue = number | string | null;

export interface XptFile {
  readonly name: string;
  readonly label: string;
  /** `ddMMMyy:hh:mm:ss` */
  readonly created: string;
  readonly variables: readonly XptVariable[];
  /** Rows that certainly are: rows of blanks within the last 80 bytes could be padding and are not counted. */
  readonly rowCount: number;
  rows(): AsyncGenerator<XptValue[]>;
}

const RECORD = 80;
const HEADER_RECORDS = 8;
const BLOCK_BYTES = 1 << 20;
const MISSING = '._ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Reads an XPT v5 file of one member, whoever wrote it. Shares nothing with the writer beside it: it is here to
 * contradict it.
 *
 * @throws data XPT_UNREADABLE for anything else, a v8 file included.
 */
export async function readXpt(path: string): Promise<XptFile> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0, RECORD * HEADER_RECORDS, size, path);
    const records = Array.from({ length: HEADER_RECORDS }, (_, i) =>
      head.toString('latin1', i * RECORD, (i + 1) * RECORD),
    );
    expectMarkers(records, path);
    const namestrLength = Number(records[3].slice(74, 78));
    const count = Number(records[7].slice(54, 58));
    const namestrBytes = upToRecord(count * namestrLength);
    const namestrs = await readAt(file, head.length, namestrBytes + RECORD, size, path);
    if (!namestrs.toString('latin1', namestrBytes).startsWith('HEADER RECORD*******OBS     ')) throw unreadable(path);
    const fields = Array.from({ length: count }, (_, i) => readNamestr(namestrs.subarray(i * namestrLength)));
    const start = head.length + namestrs.length;
    const rowLength = fields.reduce((end, field) => Math.max(end, field.position + field.length), 0);
    const rowCount = await countRows(file, start, size, rowLength);
    return {
      name: records[5].slice(8, 16).trimEnd(),
      label: records[6].slice(32, 72).trimEnd(),
      created: records[5].slice(64, 80),
      variables: fields.map(({ position, ...variable }) => variable),
      rowCount,
      rows: () => readRows(path, fields, start, rowLength, rowCount),
    };
  } finally {
    await file.close();
  }
}

interface Field extends XptVariable {
  readonly position: number;
}

function expectMarkers(records: readonly string[], path: string): void {
  const markers = { 0: 'LIBRARY ', 3: 'MEMBER  ', 4: 'DSCRPTR ', 7: 'NAMESTR ' };
  for (const [index, marker] of Object.entries(markers)) {
    if (!records[Number(index)].startsWith(`HEADER RECORD*******${marker}HEADER RECORD!!!!!!!`)) throw unreadable(path);
  }
}

function readNamestr(bytes: Buffer): Field {
  const text = (start: number, end: number) => bytes.toString('latin1', start, end).trimEnd();
  return {
    type: bytes.readInt16BE(0) === 1 ? 'numeric' : 'character',
    length: bytes.readInt16BE(4),
    name: text(8, 16),
    label: text(16, 56),
    format: { name: text(56, 64), width: bytes.readInt16BE(64), decimals: bytes.readInt16BE(66) },
    position: bytes.readInt32BE(84),
  };
}

/** The file is filled up with blanks to a multiple of 80 bytes, so the last rows of blanks prove nothing. */
async function countRows(file: FileHandle, start: number, size: number, rowLength: number): Promise<number> {
  const dataBytes = size - start;
  if (dataBytes === 0 || rowLength === 0) return 0;
  const tail = Buffer.alloc(RECORD);
  await file.read(tail, 0, RECORD, size - RECORD);
  const text = tail.toString('latin1');
  let rows = Math.floor(dataBytes / rowLength);
  while (rows > 1 && (rows - 1) * rowLength > dataBytes - RECORD) {
    const rowStart = (rows - 1) * rowLength - (dataBytes - RECORD);
    if (text.slice(rowStart).trim() !== '') break;
    rows--;
  }
  return rows;
}

async function* readRows(
  path: string,
  fields: readonly Field[],
  start: number,
  rowLength: number,
  rowCount: number,
): AsyncGenerator<XptValue[]> {
  const file = await open(path, 'r');
  try {
    const blockRows = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, rowLength)));
    const block = Buffer.alloc(blockRows * rowLength);
    for (let done = 0; done < rowCount; done += blockRows) {
      const rows = Math.min(blockRows, rowCount - done);
      await file.read(block, 0, rows * rowLength, start + done * rowLength);
      for (let row = 0; row < rows; row++) {
        const at = row * rowLength;
        yield fields.map((field) => readValue(block, at + field.position, field));
      }
    }
  } finally {
    await file.close();
  }
}

function readValue(bytes: Buffer, at: number, { type, length }: XptVariable): XptValue {
  if (type === 'numeric') return decodeIbm(bytes.subarray(at, at + length));
  let end = at + length;
  while (end > at && bytes[end - 1] === 0x20) end--;
  return bytes.toString('latin1', at, end);
}

/** IBM floating point of two to eight bytes, rounded once where the fraction has more than 53 significant bits. */
function decodeIbm(bytes: Buffer): number | null {
  let fraction = 0;
  let scale = 1;
  for (let i = 1; i < bytes.length - 1; i++) {
    fraction = fraction * 256 + bytes[i];
    scale /= 256;
  }
  fraction = fraction * 256 + bytes[bytes.length - 1];
  scale /= 256;
  if (fraction === 0) return MISSING.includes(String.fromCharCode(bytes[0])) ? null : 0;
  const sign = bytes[0] & 0x80 ? -1 : 1;
  return sign * fraction * scale * 16 ** ((bytes[0] & 0x7f) - 64);
}

async function readAt(file: FileHandle, start: number, length: number, size: number, path: string): Promise<Buffer> {
  if (!Number.isInteger(length) || start + length > size) throw unreadable(path);
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, start);
  return bytes;
}

function upToRecord(bytes: number): number {
  return Math.ceil(bytes / RECORD) * RECORD;
}

function unreadable(path: string): WarehouseError {
  return new WarehouseError({
    kind: 'data',
    code: 'XPT_UNREADABLE',
    message: 'The file is not a SAS XPORT version 5 file of one dataset.',
    place: { file: path },
    next: 'Export it again: it is damaged, or cut off, or was made in another format.',
  });
}
