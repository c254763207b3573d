import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll } from 'vitest';
import type { Ledger } from '../../src/audit/ledger.ts';
import { boundaryOf } from '../../src/boundary/policy.ts';
import { silent } from '../../src/lib/events.ts';
import { loadDeliveries } from '../../src/load/load.ts';
import type { LoadContext } from '../../src/load/load-context.ts';
import type { PendingDelivery } from '../../src/load/pending-delivery.ts';
import { Vault } from '../../src/load/vault.ts';
import { gatherCells } from '../../src/model/staged/cells.ts';
import type { Covers } from '../../src/project/source.ts';
import { Connection } from '../../src/store/connection.ts';
import { runSqlFile } from '../../src/store/sql-files.ts';
import { fixedClock } from './fixed-clock.ts';
import { recordsIn } from './odm.ts';

/** Tables of raw that hold a constant list. */
const CONSTANT = ['level', 'item_data_kind'];

export interface Arrival {
  readonly content: string;
  readonly source?: string;
  readonly covers?: Covers;
}

/**
 * The loader alone, over a database in memory that is emptied between cases: for tests of what is live, which take
 * many small deliveries. There is no ledger and no runner; whole projects are tested with helpers/project.ts.
 */
export class LoadBench {
  connection!: Connection;
  #folder!: string;

  /** Opened before the tests of a file, and closed after them. */
  static ofTests(): LoadBench {
    const bench = new LoadBench();
    beforeAll(() => bench.#open());
    afterAll(() => bench.#close());
    return bench;
  }

  async #open(): Promise<void> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    this.connection = new Connection(await instance.connect());
    this.#folder = mkdtempSync(join(tmpdir(), 'warehouse-bench-'));
    await this.connection.run("SET TimeZone = 'UTC'");
    for (const name of ['raw.sql', 'meta.sql', 'audit.sql', 'macros/odm.sql']) await runSqlFile(this.connection, name);
  }

  #close(): void {
    this.connection.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Loads the documents in this order of arrival, from nothing. */
  async load(arrivals: readonly Arrival[]): Promise<void> {
    await this.#empty();
    const pending = arrivals.map(({ content, source = 'edc', covers }, index): PendingDelivery => {
      const file = { name: `${index}.xml`, path: join(this.#folder, `${index}.xml`), size: Buffer.byteLength(content) };
      writeFileSync(file.path, content);
      const odm = {
        name: source,
        files: [file.name],
        format: 'odm',
        system: 'edc',
        covers,
        keep: 'none',
        classification: 'none',
      } as const;
      return { source: odm, parts: [{ file, reason: 'new file' }] };
    });
    await loadDeliveries(this.#context, pending);
  }

  /** What is live, as helpers/odm.ts writes it. */
  async records(): Promise<Record<string, Record<string, string | null>>> {
    await gatherCells(this.connection);
    return recordsIn(async (sql) => (await this.connection.duck.runAndReadAll(sql)).getRows());
  }

  get #context(): LoadContext {
    return {
      connection: this.connection,
      ledger: { append: async () => {} } as unknown as Ledger,
      vault: new Vault(join(this.#folder, 'vault')),
      events: silent,
      clock: fixedClock('2026-03-27T08:00:00Z'),
      study: { id: 'S', environment: 'Prod', oids: ['S'] },
      actor: 'test',
      toolVersion: '0',
      correlationId: 'test',
      boundary: boundaryOf({ keep: 'all' }),
      quarantine: { recipients: [], keep: 'bytes' },
      parser: 'tokenizer',
      // None: what may remove by absence is not tried out on state first.
      removalThreshold: 1,
      acceptRemovals: false,
    };
  }

  async #empty(): Promise<void> {
    const tables = await this.connection.rows<{ schema_name: string; table_name: string }>(
      `SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN ('raw', 'meta')`,
    );
    const emptied = tables.filter(({ table_name }) => !CONSTANT.includes(table_name) && table_name !== 'dictionary');
    await this.connection.run(
      emptied.map(({ schema_name, table_name }) => `TRUNCATE ${schema_name}.${table_name};`).join('\n'),
    );
    await this.connection.run(
      'DELETE FROM raw.dictionary WHERE code > 5; DROP SCHEMA IF EXISTS state CASCADE; DROP SCHEMA IF EXISTS staged CASCADE',
    );
  }
}
