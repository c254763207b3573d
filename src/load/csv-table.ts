import { type Connection, identifier, literal } from '../store/connection.ts';

/**
 * Makes `raw.file_<source>`, or adds the columns that a new file has and none had before.
 * @param names SQL names of columns by header
 * @returns the table and all its columns but the warehouse's own, in order
 */
export async function ensureTable(
  connection: Connection,
  source: string,
  names: ReadonlyMap<string, string>,
): Promise<{ name: string; columns: string[] }> {
  const name = await fileTable(connection, source);
  const table = `raw.${identifier(name)}`;
  await connection.run(`
    CREATE TABLE IF NOT EXISTS ${table} (_key BIGINT NOT NULL, _line BIGINT NOT NULL, _identity BIGINT NOT NULL);
    COMMENT ON TABLE ${table} IS ${literal(`Lines of the files of source ${source}: every cell as text, untouched.`)};
    COMMENT ON COLUMN ${table}._key IS 'Key of the row, from the sequence of all keys.';
    COMMENT ON COLUMN ${table}._line IS 'Line of the file on which the row begins, from 1.';
    COMMENT ON COLUMN ${table}._identity IS 'Identity of the row (docs/identity.md).';`);
  const existing = new Set(await columnNames(connection, name));
  for (const [header, column] of names) {
    if (existing.has(column)) continue;
    const comment = literal(`Column ${header}, as text. NULL in files that have no such column.`);
    await connection.run(`ALTER TABLE ${table} ADD COLUMN ${identifier(column)} VARCHAR;
      COMMENT ON COLUMN ${table}.${identifier(column)} IS ${comment};`);
  }
  const columns = (await columnNames(connection, name)).filter((column) => !column.startsWith('_'));
  return { name, columns };
}

/** Name in raw of the table of a source that has been named. */
export async function fileTable(connection: Connection, source: string): Promise<string> {
  const given = await connection.row<{ sql_name: string }>(
    `SELECT sql_name FROM meta.name WHERE kind = 'source' AND item_group_oid = $1`,
    [source],
  );
  return `file_${given?.sql_name}`;
}

/** Columns of raw whose values tell the rows of a source apart: of its keys, or all of them where it has none. */
export async function keyColumns(connection: Connection, source: string, keys: readonly string[]): Promise<string[]> {
  const rows = await connection.rows<{ sql_name: string }>(
    `SELECT sql_name FROM meta.name
     WHERE kind = 'column' AND item_group_oid = $1
       AND (json_array_length($2) = 0 OR list_contains(from_json($2::JSON, '["VARCHAR"]'), item_oid))
     ORDER BY sql_name`,
    [source, JSON.stringify(keys)],
  );
  return rows.map((row) => row.sql_name);
}

async function columnNames(connection: Connection, table: string): Promise<string[]> {
  const rows = await connection.rows<{ column_name: string }>(
    `SELECT column_name FROM duckdb_columns()
     WHERE database_name = current_database() AND schema_name = 'raw' AND table_name = $1 ORDER BY column_index`,
    [table],
  );
  return rows.map((row) => row.column_name);
}
