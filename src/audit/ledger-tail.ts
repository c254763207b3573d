import { WarehouseError } from '../lib/errors.ts';
import type { JsonlFile, Torn } from './jsonl.ts';
import { EMPTY_HEAD, type Head } from './ledger-rows.ts';
import { type LedgerRecord, type PayloadLine, parsePayloadLine, parseRecord, recordHash } from './record.ts';

/** What the files hold beyond the rows. */
export interface Tail {
  readonly records: LedgerRecord[];
  readonly payloads: PayloadLine[];
  /** What a crash left unfinished and was cut off. */
  readonly torn: Torn[];
  readonly head: Head;
}

/**
 * Reads what stands in the files beyond the last row, and cuts off what a crash tore: a last line that is no record,
 * and payloads whose record was never written.
 * @throws fault LEDGER_BEHIND if rows go further than the file; LEDGER_FORKED if they differ; LEDGER_DAMAGED if a line
 * before the last is no record or breaks the chain.
 */
export async function readTail(ledger: JsonlFile, payload: JsonlFile, rows: Head): Promise<Tail> {
  const torn: Torn[] = [];
  const { records, head, tornAt } = await recordsAfter(ledger, rows);
  if (tornAt !== undefined) torn.push(await ledger.cut(tornAt));
  const { payloads, orphansAt } = await payloadsAfter(payload, rows.size, head.size);
  if (orphansAt !== undefined) torn.push(await payload.cut(orphansAt));
  return { records, payloads, torn, head };
}

async function recordsAfter(
  ledger: JsonlFile,
  rows: Head,
): Promise<{ records: LedgerRecord[]; head: Head; tornAt?: number }> {
  const found: { record: LedgerRecord; hash: string }[] = [];
  let tornAt: number | undefined;
  let joint = EMPTY_HEAD;
  for await (const line of ledger.linesFromEnd()) {
    const parsed = line.complete ? parseRecord(line.bytes) : { problem: 'is torn' };
    if ('problem' in parsed) {
      if (found.length > 0 || tornAt !== undefined)
        throw damaged(ledger, `The line at byte ${line.offset} ${parsed.problem}.`);
      tornAt = line.offset;
      continue;
    }
    const hash = recordHash(line.bytes).toString('hex');
    if (parsed.record.sequence <= rows.size) {
      joint = { size: parsed.record.sequence, hash };
      break;
    }
    found.unshift({ record: parsed.record, hash });
  }
  if (joint.size < rows.size) throw behind(ledger, joint.size, rows.size);
  if (joint.hash !== rows.hash) throw forked(ledger, rows.size);
  let head = joint;
  for (const { record, hash } of found) {
    if (record.sequence !== head.size + 1 || record.previous !== head.hash) {
      throw damaged(ledger, `Record ${record.sequence} does not follow record ${head.size}.`);
    }
    head = { size: record.sequence, hash };
  }
  return { records: found.map(({ record }) => record), head, tornAt };
}

async function payloadsAfter(
  payload: JsonlFile,
  rows: number,
  head: number,
): Promise<{ payloads: PayloadLine[]; orphansAt?: number }> {
  const payloads: PayloadLine[] = [];
  let orphansAt: number | undefined;
  for await (const line of payload.linesFromEnd()) {
    const parsed = line.complete ? parsePayloadLine(line.bytes) : { problem: 'is torn' };
    if ('problem' in parsed) {
      if (payloads.length > 0 || orphansAt !== undefined) {
        throw damaged(payload, `The line at byte ${line.offset} ${parsed.problem}.`);
      }
      orphansAt = line.offset;
    } else if (parsed.payload.sequence > head) {
      orphansAt = line.offset;
    } else if (parsed.payload.sequence > rows) {
      payloads.unshift(parsed.payload);
    } else {
      break;
    }
  }
  return { payloads, orphansAt };
}

function damaged(file: JsonlFile, what: string): WarehouseError {
  return new WarehouseError({
    kind: 'fault',
    code: 'LEDGER_DAMAGED',
    message: `The ledger is damaged. ${what}`,
    place: { file: file.path },
    next: 'Run warehouse verify to see all of it and find out who changed the file; then run: warehouse restore-ledger files --reason "what happened".',
  });
}

function behind(file: JsonlFile, size: number, rows: number): WarehouseError {
  return new WarehouseError({
    kind: 'fault',
    code: 'LEDGER_BEHIND',
    message: `The ledger file ends at record ${size}, but the database has ${rows}: records were cut off or lost.`,
    place: { file: file.path },
    next: 'Find out who did it; then run: warehouse restore-ledger files --reason "what happened". It makes the file anew from the database.',
  });
}

function forked(file: JsonlFile, sequence: number): WarehouseError {
  return new WarehouseError({
    kind: 'fault',
    code: 'LEDGER_FORKED',
    message: `Record ${sequence} of the ledger file is not the one the database has.`,
    place: { file: file.path },
    next: 'Run: warehouse verify --checkpoint FILE, with a checkpoint that was kept. If the file agrees with it, run warehouse restore-ledger rows --reason "what happened" --checkpoint FILE; if not, the same with files in place of rows.',
  });
}
