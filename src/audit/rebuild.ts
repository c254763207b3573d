import { mkdir } from 'node:fs/promises';
import { WarehouseError } from '../lib/errors.ts';
import type { Connection } from '../store/connection.ts';
import { CheckpointFollower, type KeptCheckpoints } from './checkpoint-follower.ts';
import { type Finding, reportTo } from './finding.ts';
import type { JsonlFile } from './jsonl.ts';
import { ledgerFiles } from './ledger.ts';
import { EMPTY_HEAD, insertLedgerRows, payloadRows, recordRows, rowsHead } from './ledger-rows.ts';
import { type LedgerRecord, type PayloadLine, parsePayloadLine, parseRecord, recordHash } from './record.ts';

const BATCH_ROWS = 5000;

/**
 * Makes audit.ledger and audit.payload anew from the files, taking the files at their word: for a database whose rows
 * were lost or changed and whose other tables are whole. A database that is new or restored is brought up to date by
 * Ledger.open instead, which records what that database does not hold. Call it outside a transaction.
 *
 * The rows that were there are kept as `<name>.rows-<n>`, one JSON object a line. A torn end is left for Ledger.open.
 * @returns the names of the files that keep what was replaced
 * @throws fault LEDGER_DAMAGED if the file is no chain, ends before the rows do, or does not agree with a checkpoint;
 * and nothing is changed
 */
export async function rebuildRows(
  connection: Connection,
  directory: string,
  kept: KeptCheckpoints = {},
): Promise<string[]> {
  const { ledger, payload } = ledgerFiles(directory);
  const rows = await rowsHead(connection);
  const records = await drain(recordsOf(ledger, new Followed(kept, ledger.path)));
  if (records < rows.size) {
    throw damaged(`The file ends at record ${records}, the rows at ${rows.size}: records would be lost.`, ledger.path);
  }
  await mkdir(directory, { recursive: true });
  const replaced = [
    await ledger.keepBeside('rows', rowTexts(connection, 'ledger')),
    await payload.keepBeside('rows', rowTexts(connection, 'payload')),
  ];
  await connection.transaction(async () => {
    await connection.run('DELETE FROM audit.ledger');
    await connection.run('DELETE FROM audit.payload');
    for await (const payloads of batches(payloadLines(payload))) await insertLedgerRows(connection, [], payloads);
    for await (const batch of batches(recordsOf(ledger))) await insertLedgerRows(connection, batch, []);
  });
  return replaced;
}

/**
 * Makes ledger.jsonl and payload.jsonl anew from the rows, byte for byte as they were. Files that are there are kept
 * aside as `<name>.replaced-<n>`.
 * @returns the names of the files that keep what was replaced
 * @throws fault LEDGER_DAMAGED if the rows are no chain, or do not agree with a checkpoint; and nothing is changed
 */
export async function rebuildFiles(
  connection: Connection,
  directory: string,
  kept: KeptCheckpoints = {},
): Promise<string[]> {
  const { ledger, payload } = ledgerFiles(directory);
  await drain(recordTexts(connection, new Followed(kept)));
  await drain(payloadTexts(connection));
  await mkdir(directory, { recursive: true });
  const replaced = [await ledger.setAside(), await payload.setAside()];
  await payload.replace(payloadTexts(connection));
  await ledger.replace(recordTexts(connection));
  return replaced.filter((name) => name !== undefined);
}

/** Records that are held against checkpoints as they pass. */
class Followed {
  readonly #findings: Finding[] = [];
  readonly #follower: CheckpointFollower;
  readonly #file: string | undefined;

  constructor(kept: KeptCheckpoints, file?: string) {
    this.#follower = new CheckpointFollower(kept, reportTo(this.#findings));
    this.#file = file;
  }

  push(line: Buffer | string): void {
    this.#follower.push(recordHash(line));
  }

  end(): void {
    this.#follower.end();
    const error = this.#findings.find(({ severity }) => severity === 'error');
    if (error !== undefined) throw damaged(`${error.code}: ${error.message}`, this.#file);
  }
}

async function* recordsOf(file: JsonlFile, followed?: Followed): AsyncGenerator<LedgerRecord> {
  let head = EMPTY_HEAD;
  for await (const line of file.lines()) {
    if (!line.complete) break;
    const parsed = parseRecord(line.bytes);
    if ('problem' in parsed) throw damaged(`The line at byte ${line.offset} ${parsed.problem}.`, file.path);
    const { record } = parsed;
    if (record.sequence !== head.size + 1 || record.previous !== head.hash) {
      throw damaged(`Record ${record.sequence} does not follow record ${head.size}.`, file.path);
    }
    head = { size: record.sequence, hash: recordHash(line.bytes).toString('hex') };
    followed?.push(line.bytes);
    yield record;
  }
  followed?.end();
}

async function* payloadLines(file: JsonlFile): AsyncGenerator<PayloadLine> {
  for await (const line of file.lines()) {
    if (!line.complete) return;
    const parsed = parsePayloadLine(line.bytes);
    if ('problem' in parsed) throw damaged(`The payload at byte ${line.offset} ${parsed.problem}.`, file.path);
    yield parsed.payload;
  }
}

async function* recordTexts(connection: Connection, followed?: Followed): AsyncGenerator<string> {
  let head = EMPTY_HEAD;
  for await (const { sequence, line, hash } of recordRows(connection)) {
    const parsed = parseRecord(Buffer.from(line, 'utf8'));
    const isNext = 'record' in parsed && sequence === head.size + 1 && parsed.record.previous === head.hash;
    if (!isNext || recordHash(line).toString('hex') !== hash) {
      throw damaged(`Row ${sequence} of audit.ledger does not follow row ${head.size}.`);
    }
    head = { size: sequence, hash };
    followed?.push(line);
    yield line;
  }
  followed?.end();
}

async function* payloadTexts(connection: Connection): AsyncGenerator<string> {
  for await (const { sequence, line } of payloadRows(connection)) {
    if ('problem' in parsePayloadLine(Buffer.from(line, 'utf8'))) {
      throw damaged(`Row ${sequence} of audit.payload is no payload.`);
    }
    yield line;
  }
}

/** The rows as they are, whatever is in them. */
async function* rowTexts(connection: Connection, table: 'ledger' | 'payload'): AsyncGenerator<string> {
  for await (const chunk of connection.chunks(`SELECT to_json(r)::VARCHAR FROM audit.${table} r ORDER BY sequence`)) {
    for (const [line] of chunk.getRows()) yield line as string;
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

async function drain(rows: AsyncGenerator<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of rows) count += 1;
  return count;
}

function damaged(what: string, file?: string): WarehouseError {
  return new WarehouseError({
    kind: 'fault',
    code: 'LEDGER_DAMAGED',
    message: `The ledger cannot be rebuilt from this. ${what}`,
    place: { file },
    next: 'Nothing was changed. Rebuild it from the other side (files or rows), or restore .warehouse from a backup that verifies against a checkpoint.',
  });
}
