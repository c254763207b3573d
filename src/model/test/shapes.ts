import type { Connection } from '../../store/connection.ts';
import { literal } from '../../store/connection.ts';

/** The names and types of the columns of tables, as one text each: what given rows are typed by. */
export async function readShapes(
  connection: Connection,
  tests: readonly { readonly reads: readonly string[] }[],
): Promise<ReadonlyMap<string, string>> {
  const tables = [...new Set(tests.flatMap(({ reads }) => reads))];
  if (tables.length === 0) return new Map();
  const rows = await connection.rows<{ name: string; shape: string }>(`
    SELECT lower(schema_name || '.' || table_name) AS name,
      string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index) AS shape
    FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal GROUP BY ALL
    HAVING name IN (${tables.map(literal).join(', ')})`);
  return new Map(rows.map(({ name, shape }) => [name, shape]));
}
