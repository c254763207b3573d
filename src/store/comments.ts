import { type Connection, identifier, literal, qualified } from './connection.ts';

/**
 * Gives the columns of `to` the comments of the columns of the same names of `from`: a view says of a column what the
 * table under it says. Both are `schema.name`.
 */
export async function copyComments(connection: Connection, from: string, to: string): Promise<void> {
  const columns = await connection.rows<{ column_name: string; comment: string }>(
    `SELECT f.column_name, f.comment
     FROM duckdb_columns() f JOIN duckdb_columns() t USING (database_name, column_name)
     WHERE f.schema_name || '.' || f.table_name = $1 AND t.schema_name || '.' || t.table_name = $2
       AND f.database_name = current_database() AND f.comment IS NOT NULL
     ORDER BY f.column_index`,
    [from, to],
  );
  if (columns.length === 0) return;
  const statements = columns.map(
    ({ column_name, comment }) =>
      `COMMENT ON COLUMN ${qualified(to)}.${identifier(column_name)} IS ${literal(comment)};`,
  );
  await connection.run(statements.join('\n'));
}
