import { WarehouseError } from '../lib/errors.ts';
import type { Connection } from '../store/connection.ts';
import type { JsonlFile } from './jsonl.ts';
import { ledgerFiles } from './ledger.ts';
import { EMPTY_HEAD, insertRows, payloadRows, recordRows } from './ledger-rows.ts';
import { type LedgerRecord, type PayloadLine, parsePayloadLine, parseRecord, recordHash } from './record.ts';

const BATCH_ROWS = 5000;

/**
 * Makes audit.ledger and audit.payload anew from the files, taking the files at their word: for a database whose rows
 * were lost or changed and whose other tables are whole. A database that is new or restored is brought up to date by
 * Ledger.open instead, which records what that database does not hold. Call it outside a transaction.
 * @throws fault LEDGER_DAMAGED, and nothing is changed
 */
export async function rebuildRows(connection: Connection, directory: string): Promise<void> {
  const files = ledgerFiles(directory);
  await connection.transaction(async () => {
    await connection.run('DELETE FROM audit.ledger');
    await connection.run('DELETE FROM audit.payload');
    for await (const payloads of batches(payloadLines(files.payload))) await insertRows(connection, [], payloads);
    for await (const records of batches(recordsOf(files.ledger))) await insertRows(connection, records, []);
  });
}

/**
 * Makes ledger.jsonl and payload.jsonl anew from the rows, byte for byte as they were. Files that are there are kept
 * aside as `<name>.replaced-<n>`.
 * @throws fault LEDGER_DAMAGED if the rows are no chain, and nothing is changed
 */
export async function rebuildFiles(connection: Connection, directory: string): Promise<void> {
  const { ledger, payload } = ledgerFiles(directory);
  await drain(recordTexts(connection));
  await drain(payloadTexts(connection));
  await ledger.setAside();
  await payload.setAside();
  await payload.replace(payloadTexts(connection));
  await ledger.replace(recordTexts(connection));
}

async function* recordsOf(file: JsonlFile): AsyncGenerator<LedgerRecord> {
  let head = EMPTY_HEAD;
  for await (const line of file.lines()) {
    const parsed = line.complete ? parseRecord(line.bytes) : { problem: 'is torn' };
    if ('problem' in parsed) throw damaged(`The line at byte ${line.offset} ${parsed.problem}.`, file.path);
    const { record } = parsed;
    if (record.sequence !== head.size + 1 || record.previous !== head.hash) {
      throw damaged(`Record ${record.sequence} does not follow record ${head.size}.`, file.path);
    }
    head = { size: record.sequence, hash: recordHash(line.bytes).toString('hex') };
    yield record;
  }
}

async function* payloadLines(file: JsonlFile): AsyncGenerator<PayloadLine> {
  for await (const line of file.lines()) {
    const parsed = line.complete ? parsePayloadLine(line.bytes) : { problem: 'is torn' };
    if ('problem' in parsed) throw damaged(`The payload at byte ${line.offset} ${parsed.problem}.`, file.path);
    yield parsed.payload;
  }
}

async function* recordTexts(connection: Connection): AsyncGenerator<string> {
  let head = EMPTY_HEAD;
  for await (const { sequence, line, hash } of recordRows(connection)) {
    const parsed = parseRecord(Buffer.from(line, 'utf8'));
    const isNext = 'record' in parsed && sequence === head.size + 1 && parsed.record.previous === head.hash;
    if (!isNext || recordHash(line).toString('hex') !== hash) {
      throw damaged(`Row ${sequence} of audit.ledger does not follow row ${head.size}.`);
    }
    head = { size: sequence, hash };
    yield line;
  }
}

async function* payloadTexts(connection: Connection): AsyncGenerator<string> {
  for await (const { sequence, line } of payloadRows(connection)) {
    if ('problem' in parsePayloadLine(Buffer.from(line, 'utf8'))) {
      throw damaged(`Row ${sequence} of audit.payload is no payload.`);
    }
    yield line;
  }
}

async function* batches<Row>(rows: AsyncGenerator<Row>): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

async function drain(rows: AsyncGenerator<unknown>): Promise<void> {
  for await (const _ of rows);
}

function damaged(what: string, file?: string): WarehouseError {
  return new WarehouseError({
    kind: 'fault',
    code: 'LEDGER_DAMAGED',
    message: `The ledger cannot be rebuilt from this. ${what}`,
    place: { file },
    next: 'Run `warehouse verify`, and restore from a backup that verifies against a checkpoint.',
  });
}
