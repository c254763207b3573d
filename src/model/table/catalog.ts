import type { Connection } from '../../store/connection.ts';

export type RelationKind = 'table' | 'view';

/** A table or view of the file. */
export interface CatalogEntry {
  /** `schema.name`, lower-case: DuckDB's names do not heed case. */
  readonly name: string;
  readonly kind: RelationKind;
  readonly comment: string | null;
}

/**
 * Whether another client put there what has a name: all that the runner makes has a comment, what comes of CREATE has none.
 */
export const isOthers = (entry: CatalogEntry | undefined) => entry?.comment === null;

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
