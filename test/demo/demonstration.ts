import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { type BuildResult, build } from '../../src/build/build.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type EventSink, silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';

const repository = join(import.meta.dirname, '../..');

/** The demonstration study in a folder of its own. */
export class Demonstration {
  readonly root = mkdtempSync(join(tmpdir(), 'demonstration-'));

  constructor() {
    for (const path of ['warehouse.yml', 'models', 'macros', 'tests', 'data']) {
      const from = join(repository, path);
      if (existsSync(from)) cpSync(from, join(this.root, path), { recursive: true });
    }
  }

  async build(target = 'main', events: EventSink = silent): Promise<BuildResult> {
    const project = await loadProject(this.root, { target });
    return build(project, { parser: 'tokenizer', select: [], threads: 2 }, { events, clock: systemClock });
  }

  /** Opens a DuckDB file of the project by the foreign client, read-only unless `write`. */
  async open(path = 'target/main.duckdb', write = false): Promise<Client> {
    const mode = write ? 'READ_WRITE' : 'READ_ONLY';
    return new Client(await DuckDBInstance.create(join(this.root, path), { access_mode: mode, threads: '2' }));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A client that knows nothing of the warehouse. */
export class Client {
  readonly #instance: DuckDBInstance;

  constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  /** Rows as lists of values: integers as numbers where they are safe, else as text, as are dates. */
  async rows(sql: string): Promise<unknown[][]> {
    return (await this.table(sql)).rows;
  }

  /** The same with the names of the columns. */
  async table(sql: string): Promise<{ names: string[]; rows: unknown[][] }> {
    const connection = await this.#instance.connect();
    try {
      const reader = await connection.runAndReadAll(sql);
      return { names: reader.columnNames(), rows: reader.getRows().map((row) => row.map(plain)) };
    } finally {
      connection.closeSync();
    }
  }

  /** The one value of a query. */
  async value(sql: string): Promise<unknown> {
    return (await this.rows(sql))[0]?.[0];
  }

  /** Runs statements one after the other in one transaction, and takes them back. */
  async tryOut(work: (run: (sql: string) => Promise<unknown[][]>) => Promise<void>): Promise<void> {
    const connection = await this.#instance.connect();
    await connection.run('BEGIN');
    try {
      await work(async (sql) => (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(plain)));
    } finally {
      await connection.run('ROLLBACK');
      connection.closeSync();
    }
  }

  close(): void {
    this.#instance.closeSync();
  }
}

function plain(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return typeof value === 'object' && value !== null ? value.toString() : value;
}
