import { type Connection, identifier, literal, qualified } from '../../store/connection.ts';

/**
 * A database in memory that stands in front of the file: a table of the same schema and name in it is the one that SQL
 * means while `read` runs. So a model's own SELECT, as it is written, reads from other rows. Macros are those of the file.
 *
 * Every table that the SELECT names has to be shown in it, changed or not: DuckDB looks for a schema in the first
 * database of the search path only. A table that is named with the database of the file passes it by.
 */
export class Overlay {
  readonly #connection: Connection;
  readonly #file: string;
  /** Its name, quoted. */
  readonly name: string;

  private constructor(connection: Connection, file: string, name: string) {
    this.#connection = connection;
    this.#file = file;
    this.name = name;
  }

  /** @param of what it is made for, as `schema.name`: two that are open at one time differ in it */
  static async open(connection: Connection, of: string): Promise<Overlay> {
    const row = await connection.row<{ name: string }>('SELECT current_database() AS name');
    const file = identifier(row!.name);
    // With the length of its schema, which tells a.b_c from a_b.c.
    const name = identifier(`_overlay_${of.indexOf('.')}_${of.replace('.', '_')}`);
    await connection.run(`DETACH DATABASE IF EXISTS ${name}`);
    await connection.run(`ATTACH ':memory:' AS ${name}`);
    return new Overlay(connection, file, name);
  }

  /** Shows a table of the file, or those of its rows for which a condition holds. */
  async show(table: string, condition?: string): Promise<void> {
    const schema = identifier(table.slice(0, table.indexOf('.')));
    await this.#connection.run(`CREATE SCHEMA IF NOT EXISTS ${this.name}.${schema}`);
    const where = condition === undefined ? '' : ` WHERE ${condition}`;
    await this.#connection.run(
      `CREATE VIEW ${this.name}.${qualified(table)} AS SELECT * FROM ${this.#file}.${qualified(table)}${where}`,
    );
  }

  /** The name of a table of the file while `read` runs. */
  inFile(table: string): string {
    return `${this.#file}.${qualified(table)}`;
  }

  /**
   * Runs `work` with what is shown in front of the file. What it creates has to be named with its database. Around a
   * transaction, not in it: DuckDB sets nothing in one that has failed.
   */
  async read<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#connection.run(`SET search_path = ${literal(`${this.name}.main,${this.#file}.main`)}`);
    try {
      return await work();
    } finally {
      await this.#connection.run(`SET search_path = ${literal(`${this.#file}.main`)}`);
    }
  }

  async close(): Promise<void> {
    await this.#connection.run(`DETACH DATABASE IF EXISTS ${this.name}`);
  }
}
