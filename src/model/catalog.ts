import { type Connection, qualified } from '../store/connection.ts';

export interface TableColumn {
  readonly name: string;
  /** As DuckDB writes it: `BIGINT[]`, `DECIMAL(10,2)`. */
  readonly type: string;
}

export type Relation = 'table' | 'view';

/** A table or view of the file. */
export interface CatalogEntry {
  /** `schema.name`, lower-case: DuckDB's names do not heed case. */
  readonly name: string;
  readonly kind: Relation;
  readonly comment: string | null;
}

/** The tables and views of the open file, by lower-case name. */
export async function readCatalog(connection: Connection): Promise<Map<string, CatalogEntry>> {
  const rows = await connection.rows<CatalogEntry>(`
    SELECT lower(schema_name || '.' || table_name) AS name, 'table' AS kind, comment
    FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal
    UNION ALL
    SELECT lower(schema_name || '.' || view_name), 'view', comment
    FROM duckdb_views() WHERE database_name = current_database() AND NOT internal`);
  return new Map(rows.map((row) => [row.name, row]));
}

/** The columns of a table or view, in order. */
export async function columnsOf(connection: Connection, table: string): Promise<TableColumn[]> {
  const rows = await connection.rows<{ column_name: string; column_type: string }>(`DESCRIBE ${qualified(table)}`);
  return rows.map((row) => ({ name: row.column_name, type: row.column_type }));
}
