import type { DuckDBConnection, DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import { identifier, literal } from '../lib/sql-text.ts';

export { identifier, literal, qualified } from '../lib/sql-text.ts';

type SqlParameter = string | number | bigint | boolean | null;
type SqlRow = Record<string, DuckDBValue>;

/**
 * One connection to the open warehouse file. Everything above `store/` speaks SQL through this.
 *
 * Values come back as DuckDB's JavaScript values: BIGINT as bigint, INTEGER and DOUBLE as number, VARCHAR as string,
 * DECIMAL, DATE and TIMESTAMP as objects of @duckdb/node-api with a useful toString().
 */
export class Connection {
  readonly #duck: DuckDBConnection;
  #setbacks = 0;

  constructor(duck: DuckDBConnection) {
    this.#duck = duck;
  }

  /** The connection of the binding, for the vector packer and the XPT writer, which work on vectors. */
  get duck(): DuckDBConnection {
    return this.#duck;
  }

  /**
   * How often a statement failed or a transaction was rolled back here. While it is the same, all that this connection
   * has written is there.
   */
  get setbacks(): number {
    return this.#setbacks;
  }

  async run(sql: string, parameters?: readonly SqlParameter[]): Promise<void> {
    if (sql === 'ROLLBACK') this.#setbacks++;
    await this.#counted(this.#duck.run(sql, parameters as DuckDBValue[] | undefined));
  }

  /** All rows, as objects by column name. For results of modest size. */
  async rows<Row = SqlRow>(sql: string, parameters?: readonly SqlParameter[]): Promise<Row[]> {
    const reader = await this.#counted(this.#duck.runAndReadAll(sql, parameters as DuckDBValue[] | undefined));
    return reader.getRowObjects() as Row[];
  }

  /** The first row, or undefined. */
  async row<Row = SqlRow>(sql: string, parameters?: readonly SqlParameter[]): Promise<Row | undefined> {
    return (await this.rows<Row>(sql, parameters))[0];
  }

  /** The result chunk by chunk (at most 2,048 rows each), without holding the whole of it. */
  async *chunks(sql: string): AsyncGenerator<DuckDBDataChunk> {
    const result = await this.#duck.stream(sql);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk === undefined || chunk.rowCount === 0) return;
      yield chunk;
    }
  }

  /**
   * Runs `work` between BEGIN and COMMIT. Any error rolls back and is thrown again: DuckDB's COMMIT of an aborted
   * transaction reports success and keeps nothing, so a transaction is never left to COMMIT after an error.
   */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.run('BEGIN');
    try {
      const result = await work();
      await this.run('COMMIT');
      return result;
    } catch (error) {
      await this.run('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  /** Runs `work` in a transaction that is rolled back, whatever comes of it: for what is to be tried out. */
  async trial<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.run('BEGIN');
    try {
      return await work();
    } finally {
      await this.run('ROLLBACK').catch(() => {});
    }
  }

  /** Runs `work` with another value of a setting of the database, which must not be locked. */
  async withSetting<Result>(name: string, value: string, work: () => Promise<Result>): Promise<Result> {
    const before = await this.row<{ value: string }>(`SELECT current_setting(${literal(name)})::VARCHAR AS value`);
    const set = (to: string) => this.run(`SET GLOBAL ${identifier(name)} = ${literal(to)}`);
    await set(value);
    try {
      return await work();
    } finally {
      await set(before?.value ?? '');
    }
  }

  close(): void {
    this.#duck.closeSync();
  }

  async #counted<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      this.#setbacks++;
      throw error;
    }
  }
}
