import type { JsonlFile } from './jsonl.ts';
import { parseRecord } from './record.ts';

/** What the ledger last said of something outside the database. */
export interface RecordedHash {
  readonly sequence: number;
  readonly sha256: string;
}

/**
 * The hash after the last action of these on each object, from the file of the ledger, whatever state the database is
 * in. Lines that are no records are passed over: verification tells of them.
 */
export async function recordedHashes(
  ledger: JsonlFile,
  actions: readonly string[],
): Promise<ReadonlyMap<string, RecordedHash>> {
  const hashes = new Map<string, RecordedHash>();
  for await (const line of ledger.lines()) {
    const parsed = line.complete ? parseRecord(line.bytes) : undefined;
    if (parsed === undefined || 'problem' in parsed) continue;
    const { action, object, after, sequence } = parsed.record;
    if (actions.includes(action) && after !== null) hashes.set(object, { sequence, sha256: after });
  }
  return hashes;
}
