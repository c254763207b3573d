import type { Connection } from '../../store/connection.ts';
import type { KnownTable } from './facts.ts';
import type { BaseColumn } from './lineage.ts';

/** The columns of every table and view, and whatever else was named. */
export class Schema {
  readonly #database: string;
  /** By lower-case `schema.table`. */
  readonly #tables = new Map<string, BaseColumn[]>();
  readonly #elsewhere = new Map<string, BaseColumn>();

  /** @param columns in the order of their tables; `table` is `schema.table` */
  constructor(database: string, columns: Iterable<BaseColumn>) {
    this.#database = database.toLowerCase();
    for (const column of columns) {
      const key = column.table.toLowerCase();
      const table = this.#tables.get(key) ?? [];
      this.#tables.set(key, table);
      table.push(column);
    }
  }

  /** By its name as written: without a schema it is one of `main`. */
  table(parts: readonly string[]): KnownTable | undefined {
    const lower = parts.map((part) => part.toLowerCase());
    const local = lower.length > 1 && lower[0] === this.#database ? lower.slice(1) : lower;
    return this.#named(local.length === 1 ? ['main', ...local] : local) ?? this.#named(lower);
  }

  #named([schema, name, ...others]: readonly string[]): KnownTable | undefined {
    const columns = others.length === 0 ? this.#tables.get(`${schema}.${name}`) : undefined;
    return columns && { path: [this.#database, schema], columns };
  }

  /** What a table will have once it is made, whatever it has now; without columns, where nobody can tell. */
  define(table: string, columns: readonly string[] | undefined): void {
    const key = table.toLowerCase();
    if (columns === undefined) this.#tables.delete(key);
    else
      this.#tables.set(
        key,
        columns.map((column) => ({ table, column })),
      );
  }

  /** A column of a file or of what else is no table of the file, always the same object. */
  elsewhere(table: string, column: string): BaseColumn {
    const key = JSON.stringify([table, column]);
    const known = this.#elsewhere.get(key) ?? { table, column };
    this.#elsewhere.set(key, known);
    return known;
  }
}

/** The columns of the tables and views of the open file. */
export async function readSchema(connection: Connection): Promise<Schema> {
  const columns = await connection.rows<BaseColumn & { database: string }>(`
    SELECT current_database() AS database, schema_name || '.' || table_name AS "table", column_name AS "column"
    FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal
    ORDER BY schema_name, table_name, column_index`);
  return new Schema(columns[0]?.database ?? '', columns);
}
