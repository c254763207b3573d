import type { Connection } from '../../store/connection.ts';

/** The tables and views of the file. */
export async function standingNames(connection: Connection): Promise<string[]> {
  const rows = await connection.rows<{ name: string }>(`
    SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()
    WHERE database_name = current_database() AND NOT internal AND NOT temporary
    UNION
    SELECT schema_name || '.' || view_name FROM duckdb_views()
    WHERE database_name = current_database() AND NOT internal AND NOT temporary
    ORDER BY name`);
  return rows.map(({ name }) => name);
}
