import { canonicalJson } from '../lib/canonical-json.ts';
import { WarehouseError } from '../lib/errors.ts';
import type { Connection } from '../store/connection.ts';
import type { JsonlFile } from './jsonl.ts';
import { type LedgerRecord, parsePayloadLine } from './record.ts';

/**
 * Replaces the payload of a record, in the file and in the row, by the sequence of the record that tells of it. That
 * record is written first: a crash in between leaves a redaction that `warehouse verify` calls unfinished.
 * No command does this yet: see Ledger.redact.
 * @throws usage LEDGER_NO_PAYLOAD if the record has no payload, or has it no more.
 */
export async function redactPayload(
  connection: Connection,
  file: JsonlFile,
  sequence: number,
  tell: () => Promise<LedgerRecord>,
): Promise<LedgerRecord> {
  const kept = await connection.row('SELECT 1 FROM audit.payload WHERE sequence = $1 AND redacted_by IS NULL', [
    BigInt(sequence),
  ]);
  if (kept === undefined) throw noPayload(sequence);
  const record = await tell();
  await file.replace(redacted(file, sequence, record.sequence));
  await connection.run('UPDATE audit.payload SET salt = NULL, payload = NULL, redacted_by = $2 WHERE sequence = $1', [
    BigInt(sequence),
    BigInt(record.sequence),
  ]);
  return record;
}

async function* redacted(file: JsonlFile, sequence: number, by: number): AsyncGenerator<string> {
  for await (const line of file.lines()) {
    const parsed = parsePayloadLine(line.bytes);
    const isIt = 'payload' in parsed && parsed.payload.sequence === sequence;
    yield isIt ? canonicalJson({ sequence, redacted: by }) : line.bytes.toString('utf8');
  }
}

function noPayload(sequence: number): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'LEDGER_NO_PAYLOAD',
    message: `Record ${sequence} has no payload that could be redacted.`,
    next: 'Choose a record whose payload_state in audit.history is `kept`.',
  });
}
