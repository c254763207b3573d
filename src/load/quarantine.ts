import { sha256Hex } from '../lib/hash.ts';
import { type InsertRow, insertRows } from '../store/insert-rows.ts';
import type { LoadContext, PartPlace } from './load-context.ts';
import { sealed } from './sealing.ts';

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

/** Puts fragments of a part aside (raw.quarantine), with what the policy of the project keeps of their bytes. */
export class Quarantine {
  /** Fragments so far. */
  count = 0;
  readonly #context: Pick<LoadContext, 'connection' | 'quarantine'>;
  readonly #part: Pick<PartPlace, 'deliveryKey' | 'ordinal'>;
  #held: Fragment[] = [];
  #heldBytes = 0;

  constructor(
    context: Pick<LoadContext, 'connection' | 'quarantine'>,
    part: Pick<PartPlace, 'deliveryKey' | 'ordinal'>,
  ) {
    this.#context = context;
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
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    const { connection, quarantine } = this.#context;
    const { deliveryKey, ordinal } = this.#part;
    const row = await connection.row<{ last: bigint }>(
      'SELECT coalesce(max(quarantine_key), 0) AS last FROM raw.quarantine',
    );
    const first = Number(row?.last ?? 0) + 1;
    const rows: InsertRow[] = [];
    for (const { line, place, bytes, isForeign = false, code, reason } of held) {
      rows.push({
        quarantine_key: first + rows.length,
        delivery_key: deliveryKey,
        part_ordinal: ordinal,
        line,
        place,
        length: bytes.length,
        code,
        reason,
        sha256: sha256Hex(bytes),
        ...(isForeign ? {} : await sealed(quarantine, bytes)),
      });
    }
    await insertRows(connection, 'raw.quarantine', rows);
  }
}
