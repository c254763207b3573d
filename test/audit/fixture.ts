import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Ledger, type LedgerEntry, type LedgerOptions } from '../../src/audit/ledger.ts';
import { Connection } from '../../src/store/connection.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';

export const AUDIT_SQL = readFileSync(new URL('../../sql/audit.sql', import.meta.url), 'utf8');

/** A temporary project: its ledger directory and its database. */
export class Fixture {
  readonly root = mkdtempSync(join(tmpdir(), 'audit-'));
  readonly directory = join(this.root, 'ledger');
  readonly ledgerPath = join(this.directory, 'ledger.jsonl');
  readonly payloadPath = join(this.directory, 'payload.jsonl');
  connection!: Connection;
  #instance!: DuckDBInstance;

  static async create(): Promise<Fixture> {
    const fixture = new Fixture();
    await fixture.newDatabase('first.duckdb');
    return fixture;
  }

  /** Goes on with another database, an empty one. */
  async newDatabase(name: string): Promise<void> {
    this.closeDatabase();
    await this.openDatabase(name);
    await this.connection.run(AUDIT_SQL);
  }

  async openDatabase(name: string): Promise<void> {
    this.#instance = await DuckDBInstance.create(join(this.root, name));
    this.connection = new Connection(await this.#instance.connect());
  }

  /** Another connection to the database; it goes with it. */
  async connect(): Promise<Connection> {
    return new Connection(await this.#instance.connect());
  }

  closeDatabase(): void {
    this.connection?.close();
    this.#instance?.closeSync();
  }

  /** The ledger with a fixed clock, actor and salts: 00..., 01..., 02... */
  open(options: Partial<LedgerOptions> = {}): Promise<Ledger> {
    let salts = 0;
    return Ledger.open({
      directory: this.directory,
      connection: this.connection,
      clock: fixedClock('2026-03-27T08:00:00.5Z'),
      actor: { name: 'somebody', proof: 'os-user' },
      salt: () => new Uint8Array(32).fill(salts++),
      ...options,
    });
  }

  lines(path = this.ledgerPath): string[] {
    return readFileSync(path, 'utf8').split('\n').slice(0, -1);
  }

  writeLines(lines: readonly string[], path = this.ledgerPath): void {
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  }

  async count(table: string): Promise<number> {
    return Number((await this.connection.row<{ n: bigint }>(`SELECT count(*) AS n FROM ${table}`))!.n);
  }

  dispose(): void {
    this.closeDatabase();
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function entry(object: string, rest: Partial<LedgerEntry> = {}): LedgerEntry {
  return { action: 'delivery.load', object, correlationId: 'run-1', ...rest };
}
