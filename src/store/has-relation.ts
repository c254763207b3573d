import { type Connection, literal } from './connection.ts';

/** Whether the database in use, or the session, has a table or view of that name: `schema.name`. */
export async function hasRelation(connection: Connection, name: string): Promise<boolean> {
  const found = await connection.row(`
    SELECT 1 FROM (
      SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()
      WHERE database_name = current_database() OR temporary
      UNION ALL
      SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE database_name = current_database()
    ) WHERE name = ${literal(name)} LIMIT 1`);
  return found !== undefined;
}
