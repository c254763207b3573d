import { type Connection, literal, qualified } from './connection.ts';

/**
 * Whether the database in use, or the session, has a table or view of that name: `schema.name`. It is looked up as any
 * query would, because to ask for the list of all that there is takes ten times as long, and a command asks this often.
 * Only the list can tell what is not there from a view that stands on what is not there.
 */
export async function hasRelation(connection: Connection, name: string): Promise<boolean> {
  try {
    await connection.run(`SELECT 1 FROM ${qualified(name)} LIMIT 0`);
    return true;
  } catch {
    return isListed(connection, name);
  }
}

async function isListed(connection: Connection, name: string): Promise<boolean> {
  const found = await connection.row(`
    SELECT 1 FROM (
      SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()
      WHERE database_name = current_database() OR temporary
      UNION ALL
      SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE database_name = current_database()
    ) WHERE name = ${literal(name)} LIMIT 1`);
  return found !== undefined;
}
