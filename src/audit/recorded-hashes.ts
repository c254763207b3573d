import type { JsonlFile } from './jsonl.ts';
import { parseRecord } from './record.ts';

/** What the ledger last said of something outside the database. */
export interface RecordedHash {
  readonly sequence: number;
  readonly sha256: string;
}

/** Everything in target/ was removed. */
export const CLEANED = 'target.clean';

/**
 * The files that stand, by the ledger: those that were written and neither removed nor cleaned away since, each with
 * the hash it last had. From the file of the ledger, whatever state the database is in. Lines that are no records are
 * passed over: verification tells of them.
 */
export async function recordedHashes(
  ledger: JsonlFile,
  { written, removed }: { readonly written: string; readonly removed?: string },
): Promise<ReadonlyMap<string, RecordedHash>> {
  const hashes = new Map<string, RecordedHash>();
  for await (const line of ledger.lines()) {
    const parsed = line.complete ? parseRecord(line.bytes) : undefined;
    if (parsed === undefined || 'problem' in parsed) continue;
    const { action, object, after, sequence } = parsed.record;
    if (action === written && after !== null) hashes.set(object, { sequence, sha256: after });
    else if (action === removed) hashes.delete(object);
    else if (action === CLEANED) hashes.clear();
  }
  return hashes;
}
