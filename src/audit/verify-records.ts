import type { Connection } from '../store/connection.ts';
import { type Report, recordRowReport } from './finding.ts';
import type { JsonlFile } from './jsonl.ts';
import { EMPTY_HEAD, type RecordRow, recordRows } from './ledger-rows.ts';
import type { Hash } from './merkle.ts';
import { type LedgerRecord, parseRecord, recordHash } from './record.ts';
import { RowCursor } from './row-cursor.ts';

/** What the records say of payloads. */
export interface Promises {
  /** Commitments by sequence. */
  readonly payloads: Map<number, string>;
  /** Records that tell of a redaction, by the sequence of the payload. */
  readonly redactions: Map<number, Set<number>>;
}

/** Checks form, sequence, chain and rows of every record, and hands each hash to `onHash`. */
export async function verifyRecords(
  ledger: JsonlFile,
  connection: Connection | undefined,
  report: Report,
  promises: Promises,
  onHash: (hash: Hash) => void,
): Promise<void> {
  const rows = connection && new RowCursor(recordRows(connection));
  let previous = EMPTY_HEAD;
  let time = '';
  for await (const line of ledger.lines()) {
    if (!line.complete) {
      report('LEDGER_TORN', 'The last line is torn: a crash while it was written. The next build cuts it off.');
      break;
    }
    const hash = recordHash(line.bytes);
    const parsed = parseRecord(line.bytes);
    let sequence = previous.size + 1;
    if ('problem' in parsed) {
      report('LEDGER_NOT_CANONICAL', `The line at byte ${line.offset} ${parsed.problem}.`, sequence);
    } else {
      const { record } = parsed;
      if (record.sequence !== sequence) {
        report('LEDGER_SEQUENCE', `Record ${record.sequence} stands where ${sequence} should.`, record.sequence);
      }
      if (record.previous !== previous.hash) {
        report('LEDGER_CHAIN', 'The record does not hold the hash of the one before it.', record.sequence);
      }
      if (record.time < time) {
        report('LEDGER_TIME', 'The clock stood earlier than at the record before.', record.sequence);
      }
      sequence = record.sequence;
      time = record.time;
      collect(record, promises);
    }
    previous = { size: sequence, hash: hash.toString('hex') };
    onHash(hash);
    await rows?.compare(sequence, (row) => isRowOf(row, line.bytes, previous.hash), recordRowReport(report));
  }
  await rows?.finish(recordRowReport(report));
}

function isRowOf(row: RecordRow, line: Buffer, hash: string): boolean {
  return row.hash === hash && Buffer.from(row.line, 'utf8').equals(line);
}

function collect(record: LedgerRecord, { payloads, redactions }: Promises): void {
  if (record.payload !== null) payloads.set(record.sequence, record.payload);
  const target = /^payload\/(\d+)$/.exec(record.object);
  if (record.action !== 'payload.redaction' || target === null) return;
  const sequence = Number(target[1]);
  redactions.set(sequence, (redactions.get(sequence) ?? new Set()).add(record.sequence));
}
