import { type Connection, identifier, literal, qualified } from './connection.ts';

/**
 * The columns of a wider table have no comments. DuckDB keeps a copy of its whole entry for each change until the
 * transaction ends: 300 bytes times the square of the columns, 75 MB for these, 2.7 GB for 3,000.
 */
export const MOST_COMMENTED_COLUMNS = 500;

/** A table or view: `schema.name`, and the database it is in where that is not the one in use. */
interface Commented {
  readonly database?: string;
  readonly name: string;
}

/**
 * Gives the columns of `to` the comments of the columns of the same names of `from`: a view, or a copy, says of a
 * column what the table under it says. A text is a `schema.name` of the database in use.
 */
export async function copyComments(
  connection: Connection,
  from: string | Commented,
  to: string | Commented,
): Promise<void> {
  const [source, target] = [from, to].map((one) => (typeof one === 'string' ? { name: one } : one));
  const columns = await connection.rows<{ column_name: string; comment: string }>(
    `SELECT f.column_name, f.comment
     FROM duckdb_columns() f JOIN duckdb_columns() t USING (column_name)
     WHERE f.schema_name || '.' || f.table_name = $1 AND f.database_name = coalesce($2, current_database())
       AND t.schema_name || '.' || t.table_name = $3 AND t.database_name = coalesce($4, current_database())
       AND f.comment IS NOT NULL
     ORDER BY f.column_index`,
    [source.name, source.database ?? null, target.name, target.database ?? null],
  );
  if (columns.length === 0) return;
  const table = inDatabase(target);
  const statements = columns.map(
    ({ column_name, comment }) => `COMMENT ON COLUMN ${table}.${identifier(column_name)} IS ${literal(comment)};`,
  );
  await connection.run(statements.join('\n'));
}

/** `"database"."schema"."name"`, or without the database where none is named. */
export function inDatabase({ database, name }: Commented): string {
  return database === undefined ? qualified(name) : `${identifier(database)}.${qualified(name)}`;
}
