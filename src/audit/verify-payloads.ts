import { canonicalJson } from '../lib/canonical-json.ts';
import type { Connection } from '../store/connection.ts';
import { payloadRowReport, type Report } from './finding.ts';
import type { JsonlFile } from './jsonl.ts';
import { payloadRows } from './ledger-rows.ts';
import { type PayloadLine, parsePayloadLine, payloadHash } from './record.ts';
import { RowCursor } from './row-cursor.ts';
import type { Promises } from './verify-records.ts';

/** Checks every payload against the commitment of its record and against its row. */
export async function verifyPayloads(
  file: JsonlFile,
  connection: Connection | undefined,
  report: Report,
  promises: Promises,
): Promise<void> {
  const rows = connection && new RowCursor(payloadRows(connection));
  const missing = new Map(promises.payloads);
  for await (const line of file.lines()) {
    if (!line.complete) {
      report('LEDGER_TORN', 'The last payload is torn: a crash while it was written. The next build cuts it off.');
      break;
    }
    const parsed = parsePayloadLine(line.bytes);
    if ('problem' in parsed) {
      report('PAYLOAD_NOT_CANONICAL', `The payload at byte ${line.offset} ${parsed.problem}.`);
      continue;
    }
    const { payload } = parsed;
    const commitment = missing.get(payload.sequence);
    missing.delete(payload.sequence);
    if (commitment === undefined) {
      report('PAYLOAD_UNKNOWN', 'There is a payload that the record does not have, or twice.', payload.sequence);
    } else {
      verifyPayload(payload, commitment, promises.redactions.get(payload.sequence), report);
    }
    await rows?.compare(
      payload.sequence,
      (row) => Buffer.from(row.line, 'utf8').equals(line.bytes),
      payloadRowReport(report),
    );
  }
  await rows?.finish(payloadRowReport(report));
  for (const sequence of missing.keys()) report('PAYLOAD_MISSING', 'The payload of the record is gone.', sequence);
}

function verifyPayload(
  line: PayloadLine,
  commitment: string,
  redactions: Set<number> | undefined,
  report: Report,
): void {
  if ('redacted' in line) {
    if (redactions?.has(line.redacted)) {
      report('PAYLOAD_REDACTED', `The payload was redacted; record ${line.redacted} says why.`, line.sequence);
    } else {
      report('PAYLOAD_REDACTION_UNRECORDED', 'The payload was redacted, and no record tells of it.', line.sequence);
    }
    return;
  }
  if (payloadHash(Buffer.from(line.salt, 'hex'), canonicalJson(line.payload)) !== commitment) {
    report('PAYLOAD_CHANGED', 'The payload is not the one the record commits to.', line.sequence);
  }
  if (redactions !== undefined) {
    report('PAYLOAD_REDACTION_UNFINISHED', 'A record tells of a redaction, but the payload is there.', line.sequence);
  }
}
