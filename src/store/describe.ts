import type { Connection } from './connection.ts';

export interface TableColumn {
  readonly name: string;
  /** As DuckDB writes it: `BIGINT[]`, `DECIMAL(10,2)`. */
  readonly type: string;
}

/** The columns that a SELECT gives, without running it, or that a table of that qualified name has, in order. */
export async function describe(connection: Connection, sql: string): Promise<TableColumn[]> {
  const rows = await connection.rows<{ column_name: string; column_type: string }>(`DESCRIBE\n${sql}`);
  return rows.map(({ column_name: name, column_type: type }) => ({ name, type }));
}
