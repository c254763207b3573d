import { sha256Hex } from '../lib/hash.ts';
import type { Connection } from '../store/connection.ts';
import { insertRows } from '../store/insert-rows.ts';

/** A piece of a part that cannot be used. */
export interface Fragment {
  readonly line: number;
  /** Byte offset in the part, unpacked. */
  readonly place: number;
  readonly bytes: Uint8Array;
  /** Stable code of the reason. */
  readonly code: string;
  readonly reason: string;
}

/** Puts fragments aside with their exact bytes (raw.quarantine). */
export async function quarantine(
  connection: Connection,
  part: { deliveryKey: number; ordinal: number },
  fragments: readonly Fragment[],
): Promise<void> {
  if (fragments.length === 0) return;
  const row = await connection.row<{ last: bigint }>(
    'SELECT coalesce(max(quarantine_key), 0) AS last FROM raw.quarantine',
  );
  const first = Number(row?.last ?? 0) + 1;
  const rows = fragments.map(({ line, place, bytes, code, reason }, index) => ({
    quarantine_key: first + index,
    delivery_key: part.deliveryKey,
    part_ordinal: part.ordinal,
    line,
    place,
    length: bytes.length,
    code,
    reason,
    sha256: sha256Hex(bytes),
    bytes: blobText(bytes),
  }));
  await insertRows(connection, 'raw.quarantine', rows);
}

/** DuckDB's text form of a BLOB: `\\x41\\x42`. */
function blobText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
