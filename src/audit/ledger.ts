import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { Clock } from '../lib/clock.ts';
import { WarehouseError } from '../lib/errors.ts';
import type { Connection } from '../store/connection.ts';
import { JsonlFile } from './jsonl.ts';
import { EMPTY_HEAD, type Head, insertLedgerRows, rowsHead } from './ledger-rows.ts';
import { readTail, type Tail } from './ledger-tail.ts';
import {
  type Actor,
  type Effect,
  isAction,
  type Json,
  type LedgerRecord,
  type PayloadLine,
  payloadHash,
  RECORD_FORMAT,
  recordHash,
  recordLine,
  SALT_BYTES,
} from './record.ts';
import { redactPayload } from './redaction.ts';
import { refuseSecrets } from './secrets.ts';

export type { Head } from './ledger-rows.ts';
export type { Actor, Effect, Json, LedgerRecord } from './record.ts';

/** One step to be recorded. */
export interface LedgerEntry {
  /** What was done: lower-case words joined by dots, as `delivery.load`. */
  readonly action: string;
  /** What it was done to. */
  readonly object: string;
  readonly reason?: string;
  readonly correlationId: string;
  /** Hash of the object before and after. */
  readonly before?: string;
  readonly after?: string;
  /** Particulars, kept for ever. No member may be named like a secret. */
  readonly meta?: { readonly [name: string]: Json };
  /** Kept apart, so that it can be redacted. */
  readonly payload?: Json;
  /** `commit` (the default): append within the transaction that does it. `done`: append after it was done. */
  readonly effect?: Effect;
}

export interface LedgerOptions {
  /** `.warehouse/ledger/<target>`; made if absent. */
  readonly directory: string;
  /** The connection whose transactions do the work that is recorded: its rows commit with that work. */
  readonly connection: Connection;
  readonly clock: Clock;
  readonly actor: Actor;
  /** The salt of the next payload: 32 random bytes. */
  readonly salt?: () => Uint8Array;
}

/** The two files of a ledger directory. */
export function ledgerFiles(directory: string): { ledger: JsonlFile; payload: JsonlFile } {
  return {
    ledger: new JsonlFile(join(directory, 'ledger.jsonl')),
    payload: new JsonlFile(join(directory, 'payload.jsonl')),
  };
}

/**
 * The ledger: who did what, when and why, as a chain of records in files and rows. docs/audit.md is its format.
 *
 * One writer at a time, the one that holds the lock of the warehouse file.
 */
export class Ledger {
  readonly #options: Required<LedgerOptions>;
  readonly #files: { ledger: JsonlFile; payload: JsonlFile };
  #head: Head = EMPTY_HEAD;
  /** Whether a write failed, so that the files may hold more than the head says. */
  #isStale = true;
  /** Where rows were written last, and its setbacks then: while it has no more, the rows are as the head says. */
  #written: { readonly connection: Connection; readonly setbacks: number } | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(options: LedgerOptions) {
    this.#options = { salt: () => randomBytes(SALT_BYTES), ...options };
    this.#files = ledgerFiles(options.directory);
  }

  /**
   * Opens or begins the ledger, and brings the rows up to date with the files if a crash or a rollback came between.
   * Call it outside a transaction.
   * @throws fault LEDGER_BEHIND, LEDGER_FORKED, LEDGER_DAMAGED
   */
  static async open(options: LedgerOptions): Promise<Ledger> {
    const ledger = new Ledger(options);
    await mkdir(options.directory, { recursive: true });
    await options.connection.transaction(() => ledger.#reconcile());
    return ledger;
  }

  /**
   * Appends a record for each entry: files first, on the disk when this returns, then rows, in the transaction that is
   * open on the connection, if one is. If that rolls back, the next append or open records the rollback.
   * @param connection whose transaction does the work, where it is another one of the same file than the ledger's, which
   * must have none open then. One transaction has to end before another appends.
   * @throws fault LEDGER_ENTRY, LEDGER_SECRET, JSON_NOT_CANONICAL before anything is written; LEDGER_WRITE
   */
  append(entries: readonly LedgerEntry[], connection = this.#options.connection): Promise<LedgerRecord[]> {
    return this.#inTurn(async () => {
      for (const entry of entries) checkEntry(entry);
      if (entries.length === 0) return [];
      await this.#reconcile();
      return this.#write(entries, connection);
    });
  }

  /**
   * Takes the payload of a record out of the file and the row, for ever, and records that and why. The chain stays
   * whole: it holds only the commitment. Call it outside a transaction.
   *
   * No command calls it yet. It is here because the format of the ledger, which never changes, has to bear it: what is
   * written today can be redacted, and `verify` knows what was.
   */
  redact(sequence: number, reason: string, correlationId: string): Promise<LedgerRecord> {
    return this.#inTurn(async () => {
      await this.#reconcile();
      return redactPayload(this.#options.connection, this.#files.payload, sequence, async () => {
        const object = `payload/${sequence}`;
        return (await this.#write([{ action: 'payload.redaction', object, reason, correlationId, effect: 'done' }]))[0];
      });
    });
  }

  /** Records that the files were made anew from the rows, or the rows from the files, and why. Not in a transaction. */
  restored(side: 'files' | 'rows', replaced: readonly string[], reason: string, correlationId: string): Promise<void> {
    return this.#inTurn(async () => {
      await this.#reconcile();
      const meta = { restored: side, replaced };
      await this.#write([
        { action: 'ledger.restoration', object: 'ledger', reason, correlationId, meta, effect: 'done' },
      ]);
    });
  }

  head(): Head {
    return this.#head;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #write(entries: readonly LedgerEntry[], connection = this.#options.connection): Promise<LedgerRecord[]> {
    const { clock, actor, salt } = this.#options;
    const time = clock().toISOString();
    const records: LedgerRecord[] = [];
    const payloads: PayloadLine[] = [];
    const lines: string[] = [];
    let head = this.#head;
    for (const entry of entries) {
      const sequence = head.size + 1;
      const commitment = entry.payload === undefined ? null : commit(sequence, entry.payload, salt(), payloads);
      const record = toRecord(entry, { sequence, time, actor, payload: commitment, previous: head.hash });
      const line = recordLine(record);
      records.push(record);
      lines.push(line);
      head = { size: sequence, hash: recordHash(line).toString('hex') };
    }
    this.#isStale = true;
    this.#written = undefined;
    if (payloads.length > 0) await this.#files.payload.append(payloads.map((line) => canonicalJson(line)));
    await this.#files.ledger.append(lines);
    this.#head = head;
    this.#isStale = false;
    const { setbacks } = connection;
    await insertLedgerRows(connection, records, payloads);
    this.#written = { connection, setbacks };
    return records;
  }

  /**
   * Brings the rows up to date with the files, and records what the database turned out not to hold. On the ledger's own
   * connection: a transaction that began before others were committed does not see their rows.
   */
  async #reconcile(): Promise<void> {
    const { connection } = this.#options;
    const written = this.#written;
    if (!this.#isStale && written !== undefined && written.setbacks === written.connection.setbacks) return;
    const rows = await rowsHead(connection);
    if (!this.#isStale && rows.size === this.#head.size && rows.hash === this.#head.hash) return;
    const tail = await readTail(this.#files.ledger, this.#files.payload, rows);
    this.#head = tail.head;
    this.#isStale = false;
    await connection.run('DELETE FROM audit.payload WHERE sequence > $1', [BigInt(rows.size)]);
    await insertLedgerRows(connection, tail.records, tail.payloads);
    const entry = recovery(tail);
    if (entry !== undefined) await this.#write([entry]);
  }
}

function checkEntry(entry: LedgerEntry): void {
  if (!isAction(entry.action) || entry.action.startsWith('ledger.') || entry.action === 'payload.redaction') {
    throw entryError(`${JSON.stringify(entry.action)} is not an action that a step may have.`);
  }
  if (entry.object === '') throw entryError(`An entry ${entry.action} names no object.`);
  canonicalJson(entry.meta ?? {});
  refuseSecrets(entry.meta ?? {}, 'meta');
  if (entry.payload === undefined) return;
  canonicalJson(entry.payload);
  refuseSecrets(entry.payload, 'payload');
}

function entryError(message: string): WarehouseError {
  const next = 'Nothing was written. This is a fault of the program: report it with the command that was run.';
  return new WarehouseError({ kind: 'fault', code: 'LEDGER_ENTRY', message, next });
}

type Circumstances = Pick<LedgerRecord, 'sequence' | 'time' | 'actor' | 'payload' | 'previous'>;

function toRecord(entry: LedgerEntry, circumstances: Circumstances): LedgerRecord {
  return {
    ...circumstances,
    action: entry.action,
    after: entry.after ?? null,
    before: entry.before ?? null,
    correlationId: entry.correlationId,
    effect: entry.effect ?? 'commit',
    format: RECORD_FORMAT,
    meta: entry.meta ?? {},
    object: entry.object,
    reason: entry.reason ?? null,
  };
}

function commit(sequence: number, payload: Json, salt: Uint8Array, payloads: PayloadLine[]): string {
  payloads.push({ sequence, salt: Buffer.from(salt).toString('hex'), payload });
  return payloadHash(salt, canonicalJson(payload));
}

/** The record of what was found in the files and not in the rows; none if nothing of it depends on the database. */
function recovery({ records, torn }: Tail): LedgerEntry | undefined {
  const uncommitted = records.filter((record) => record.effect === 'commit');
  if (uncommitted.length === 0 && torn.length === 0) return undefined;
  return {
    action: 'ledger.recovery',
    object: 'ledger',
    reason:
      'These records stood in the ledger file but not in the database: the transaction that did what they say was ' +
      'rolled back or cut short, or the database was replaced.',
    correlationId: uncommitted[0]?.correlationId ?? '',
    meta: {
      first: uncommitted[0]?.sequence ?? null,
      last: uncommitted.at(-1)?.sequence ?? null,
      torn: torn.map((part) => ({ ...part })),
    },
    effect: 'done',
  };
}
