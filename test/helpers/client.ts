import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';

/** A DuckDB client that knows nothing of the warehouse. */
export class Client {
  readonly #instance: DuckDBInstance;

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  /** Opens a DuckDB file, read-only unless `write`. */
  static async open(path: string, write = false): Promise<Client> {
    const mode = write ? 'READ_WRITE' : 'READ_ONLY';
    return new Client(await DuckDBInstance.create(path, { access_mode: mode, threads: '2' }));
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
