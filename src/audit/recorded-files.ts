import type { Connection } from '../store/connection.ts';
import type { JsonlFile } from './jsonl.ts';
import { type LedgerRecord, parseRecord } from './record.ts';

/** The actions by which the ledger tells of the files of one kind. */
export interface FileActions {
  /** The bytes of `after` are about to be put there; without them, the file is about to be taken away. */
  readonly begin: string;
  readonly written: string;
  readonly removed: string;
}

export const EXPORTS: FileActions = { begin: 'export.begin', written: 'export.write', removed: 'export.remove' };
export const EXTERNALS: FileActions = {
  begin: 'external.begin',
  written: 'external.write',
  removed: 'external.remove',
};
export const PUBLICATIONS: FileActions = {
  begin: 'publication.begin',
  written: 'publication',
  removed: 'publication.remove',
};

/** Everything in target/ was removed. */
export const CLEANED = 'target.clean';

/** What the ledger last said of a file outside the database. */
export interface RecordedFile {
  /** What was put there. */
  readonly written?: { readonly sequence: number; readonly sha256: string };
  /** What a run was about to do and did not record as done: it was cut short. A file that was to go has no `after`. */
  readonly begun?: Pick<LedgerRecord, 'sequence' | 'before' | 'after'>;
}

/** The bytes that a file may have by what the ledger said of it last, by SHA-256. */
export function hashesOf({ written, begun }: RecordedFile): string[] {
  const hashes = [written?.sha256, begun?.after, begun?.before];
  return [...new Set(hashes.filter((hash) => typeof hash === 'string'))];
}

type Said = Pick<LedgerRecord, 'sequence' | 'action' | 'object' | 'before' | 'after'>;

/**
 * The files of one kind that stand, by the ledger: those that were written, or begun with, and neither removed nor
 * cleaned away since. From the file of the ledger, whatever state the database is in. Lines that are no records are
 * passed over: verification tells of them.
 */
export function recordedFiles(ledger: JsonlFile, actions: FileActions): Promise<ReadonlyMap<string, RecordedFile>> {
  return filesThatStand(recordsOf(ledger), actions);
}

/** The same from the rows of the ledger, for whoever has it open: they agree, and are faster to read. */
export async function recordedFilesByRows(
  connection: Connection,
  actions: FileActions,
): Promise<ReadonlyMap<string, RecordedFile>> {
  const { begin, written, removed } = actions;
  const rows = await connection.rows<Omit<Said, 'sequence'> & { sequence: bigint }>(
    `SELECT sequence, action, object, before_hash AS before, after_hash AS after FROM audit.ledger
     WHERE action IN ($1, $2, $3, $4) ORDER BY sequence`,
    [begin, written, removed, CLEANED],
  );
  return filesThatStand(
    rows.map((row) => ({ ...row, sequence: Number(row.sequence) })),
    actions,
  );
}

/** The last record of an action in the file of the ledger, if there is one. */
export async function lastRecord(ledger: JsonlFile, action: string): Promise<LedgerRecord | undefined> {
  let last: LedgerRecord | undefined;
  for await (const record of recordsOf(ledger)) if (record.action === action) last = record;
  return last;
}

async function* recordsOf(ledger: JsonlFile): AsyncGenerator<LedgerRecord> {
  for await (const line of ledger.lines()) {
    const parsed = line.complete ? parseRecord(line.bytes) : undefined;
    if (parsed !== undefined && 'record' in parsed) yield parsed.record;
  }
}

async function filesThatStand(
  said: AsyncIterable<Said> | Iterable<Said>,
  { begin, written, removed }: FileActions,
): Promise<ReadonlyMap<string, RecordedFile>> {
  const files = new Map<string, RecordedFile>();
  for await (const { action, object, before, after, sequence } of said) {
    if (action === begin) files.set(object, { ...files.get(object), begun: { sequence, before, after } });
    else if (action === written && after !== null) files.set(object, { written: { sequence, sha256: after } });
    else if (action === removed) files.delete(object);
    else if (action === CLEANED) files.clear();
  }
  return files;
}
