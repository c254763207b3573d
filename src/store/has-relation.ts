import { type Connection, literal } from './connection.ts';

/** Whether the database in use, or the session, has a table or view of that name: `schema.name`. */
export function hasRelation(connection: Connection, name: string): Promise<boolean> {
  return isAmong(
    connection,
    name,
    `SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()
     WHERE database_name = current_database() OR temporary
     UNION ALL
     SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE database_name = current_database()`,
  );
}

/** Whether the database in use has a macro of that name: `schema.name`. */
export function hasMacro(connection: Connection, name: string): Promise<boolean> {
  return isAmong(
    connection,
    name,
    `SELECT schema_name || '.' || function_name AS name FROM duckdb_functions()
     WHERE database_name = current_database() AND function_type IN ('macro', 'table_macro')`,
  );
}

async function isAmong(connection: Connection, name: string, names: string): Promise<boolean> {
  return (await connection.row(`SELECT 1 FROM (${names}) WHERE name = ${literal(name)} LIMIT 1`)) !== undefined;
}
