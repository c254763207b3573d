import { canonicalJson } from '../lib/canonical-json.ts';
import type { Connection } from '../store/connection.ts';
import { DuckDBTimestampValue } from '../store/duckdb.ts';
import { EMPTY_ROOT } from './merkle.ts';
import { type Effect, type LedgerRecord, type PayloadLine, recordHash, recordLine } from './record.ts';

/** How far the ledger goes: the number of records, and the hash of the last one in hexadecimal. */
export interface Head {
  readonly size: number;
  readonly hash: string;
}

export const EMPTY_HEAD: Head = { size: 0, hash: EMPTY_ROOT.toString('hex') };

export async function rowsHead(connection: Connection): Promise<Head> {
  const row = await connection.row<{ sequence: bigint; hash: string }>(
    'SELECT sequence, hash FROM audit.ledger ORDER BY sequence DESC LIMIT 1',
  );
  return row === undefined ? EMPTY_HEAD : { size: Number(row.sequence), hash: row.hash };
}

/** Writes the rows of records and payloads, in the transaction that is open, if one is. */
export async function insertLedgerRows(
  connection: Connection,
  records: readonly LedgerRecord[],
  payloads: readonly PayloadLine[],
): Promise<void> {
  // Payloads first: without a transaction, a record whose row is there must have its payload there too.
  if (payloads.length > 0) await insertPayloads(connection, payloads);
  const appender = await connection.duck.createAppender('ledger', 'audit');
  const text = (value: string | null): void => (value === null ? appender.appendNull() : appender.appendVarchar(value));
  for (const record of records) {
    appender.appendBigInt(BigInt(record.sequence));
    appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Date.parse(record.time)) * 1000n));
    text(record.actor.name);
    text(record.actor.proof);
    text(record.action);
    text(record.object);
    text(record.effect);
    text(record.reason);
    text(record.correlationId);
    text(record.before);
    text(record.after);
    text(canonicalJson(record.meta));
    text(record.payload);
    text(record.previous);
    text(recordHash(recordLine(record)).toString('hex'));
    appender.appendInteger(record.format);
    appender.endRow();
  }
  appender.closeSync();
}

async function insertPayloads(connection: Connection, payloads: readonly PayloadLine[]): Promise<void> {
  const appender = await connection.duck.createAppender('payload', 'audit');
  for (const line of payloads) {
    appender.appendBigInt(BigInt(line.sequence));
    if ('redacted' in line) {
      appender.appendNull();
      appender.appendNull();
      appender.appendBigInt(BigInt(line.redacted));
    } else {
      appender.appendVarchar(line.salt);
      appender.appendVarchar(canonicalJson(line.payload));
      appender.appendNull();
    }
    appender.endRow();
  }
  appender.closeSync();
}

/** A row of audit.ledger: the line it stands for, and the hash it carries. */
export interface RecordRow {
  readonly sequence: number;
  readonly line: string;
  readonly hash: string;
}

/** The rows of audit.ledger as lines of the file, in order. A row that no record could have gives some other text. */
export async function* recordRows(connection: Connection): AsyncGenerator<RecordRow> {
  const sql = `
    SELECT sequence, strftime(time, '%Y-%m-%dT%H:%M:%S.%f'), actor, actor_proof, action, object, effect, reason,
      correlation_id, before_hash, after_hash, meta, payload_hash, previous_hash, hash, format
    FROM audit.ledger
    ORDER BY sequence`;
  for await (const chunk of connection.chunks(sql)) {
    for (const row of chunk.getRows()) {
      const [sequence, time, name, proof, action, object, effect, reason] = row as (string | null)[];
      const [correlationId, before, after, meta, payload, previous, hash] = row.slice(8) as string[];
      const record = {
        action,
        actor: { name, proof },
        after,
        before,
        correlationId,
        effect: effect as Effect,
        format: row[15],
        meta: parseOr(meta),
        object,
        payload,
        previous,
        reason,
        sequence: Number(sequence),
        time: `${time?.replace(/000$/, '')}Z`,
      };
      yield { sequence: Number(sequence), line: lineOr(record), hash };
    }
  }
}

/** A row of audit.payload as a line of the file. */
export async function* payloadRows(connection: Connection): AsyncGenerator<{ sequence: number; line: string }> {
  const sql = 'SELECT sequence, salt, payload, redacted_by FROM audit.payload ORDER BY sequence';
  for await (const chunk of connection.chunks(sql)) {
    for (const [key, salt, payload, redactedBy] of chunk.getRows()) {
      const sequence = Number(key);
      const kept = { sequence, salt, payload: parseOr(payload as string | null) };
      const isRedacted = redactedBy !== null && salt === null && payload === null;
      yield { sequence, line: lineOr(isRedacted ? { sequence, redacted: Number(redactedBy) } : kept) };
    }
  }
}

/** The value of canonical JSON; of any other text, undefined, which no line can hold. */
function parseOr(text: string | null): unknown {
  try {
    const value = JSON.parse(text ?? '');
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function lineOr(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch {
    return '';
  }
}
