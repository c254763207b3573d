import { sha256Hex } from '../lib/hash.ts';
import type { Connection } from '../store/connection.ts';
import { insertRows } from '../store/insert-rows.ts';

/** A piece of a part that cannot be used. */
export interface Fragment {
  readonly line: number;
  /** Byte offset in the part, unpacked. */
  readonly place: number;
  readonly bytes: Uint8Array;
  /** Whether they are of a study that is not the project's: then their hash and number are kept alone. */
  readonly isForeign?: boolean;
  /** Stable code of the reason. */
  readonly code: string;
  readonly reason: string;
}

/** What is held before it is written: a file may be larger than memory, and every line of it wrong. */
const HELD_ROWS = 1000;
const HELD_BYTES = 1 << 20;
/** Fragments above this are written one by one. */
const LARGE = 1 << 16;

/** Puts fragments of a part aside with their exact bytes (raw.quarantine). */
export class Quarantine {
  /** Fragments so far. */
  count = 0;
  readonly #connection: Connection;
  readonly #part: { readonly deliveryKey: number; readonly ordinal: number };
  #held: Fragment[] = [];
  #heldBytes = 0;

  constructor(connection: Connection, part: { readonly deliveryKey: number; readonly ordinal: number }) {
    this.#connection = connection;
    this.#part = part;
  }

  async add(fragment: Fragment): Promise<void> {
    this.#held.push(fragment);
    this.#heldBytes += fragment.bytes.length;
    this.count++;
    if (this.#held.length >= HELD_ROWS || this.#heldBytes >= HELD_BYTES) await this.flush();
  }

  /** Writes what is held. */
  async flush(): Promise<void> {
    if (this.#held.length === 0) return;
    const { deliveryKey, ordinal } = this.#part;
    const row = await this.#connection.row<{ last: bigint }>(
      'SELECT coalesce(max(quarantine_key), 0) AS last FROM raw.quarantine',
    );
    const first = Number(row?.last ?? 0) + 1;
    const rows = this.#held.map(({ line, place, bytes, isForeign, code, reason }, index) => ({
      quarantine_key: first + index,
      delivery_key: deliveryKey,
      part_ordinal: ordinal,
      line,
      place,
      length: bytes.length,
      code,
      reason,
      sha256: sha256Hex(bytes),
      bytes: isForeign || bytes.length > LARGE ? null : blobText(bytes),
    }));
    const large = this.#held.flatMap(({ bytes, isForeign }, index) =>
      bytes.length > LARGE && !isForeign ? [{ row: rows[index], bytes }] : [],
    );
    this.#held = [];
    this.#heldBytes = 0;
    await insertRows(
      this.#connection,
      'raw.quarantine',
      rows.filter((row) => !large.some((one) => one.row === row)),
    );
    for (const { row, bytes } of large) await this.#insert(row, hexadecimal(bytes));
  }

  /** In the JSON of insertRows a fragment takes more than a hundred times its length. */
  async #insert(row: Readonly<Record<string, string | number | null>>, bytes: string): Promise<void> {
    const columns = Object.keys(row);
    const values = columns.map((name, index) => (name === 'bytes' ? `unhex($${index + 1})` : `$${index + 1}`));
    await this.#connection.run(
      `INSERT INTO raw.quarantine (${columns.join(', ')}) VALUES (${values.join(', ')})`,
      columns.map((name) => (name === 'bytes' ? bytes : row[name])),
    );
  }
}

const hexadecimal = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

/** DuckDB's text form of a BLOB: `\\x41\\x42`. */
function blobText(bytes: Uint8Array): string {
  return hexadecimal(bytes).replace(/../g, '\\x$&');
}
