import { MOST_COMMENTED_COLUMNS } from '../../store/comments.ts';
import { type Connection, identifier, literal } from '../../store/connection.ts';

const OWN: readonly (readonly [name: string, type: string, comment: string])[] = [
  ['_key', 'BIGINT NOT NULL', 'Key of the row, from the sequence of all keys.'],
  ['_line', 'BIGINT NOT NULL', 'Line of the file on which the row begins, from 1.'],
  [
    '_identity',
    'BIGINT NOT NULL',
    'Identity of the row: a 64-bit hash of system, environment, study, source and the values of its key columns (of all columns, where no keys are declared), the same in every delivery.',
  ],
  [
    '_repeats',
    'BIGINT',
    'Identity of the first row of the same delivery with the same keys; NULL where it is that row, and where the source has no keys.',
  ],
];

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
  const existing = await columnNames(connection, name);
  const added = [...names].filter(([, column]) => !existing.includes(column));
  if (existing.length === 0) await createTable(connection, source, table, added);
  else
    await run(
      connection,
      added.map(([, column]) => `ALTER TABLE ${table} ADD COLUMN ${identifier(column)} VARCHAR`),
    );
  const isWide = existing.length + added.length > MOST_COMMENTED_COLUMNS;
  const comments = added.map(([header, column]) => [
    column,
    `Column ${header}, as text. NULL in files that have no such column.`,
  ]);
  await run(
    connection,
    (isWide ? [] : comments).map(
      ([column, comment]) => `COMMENT ON COLUMN ${table}.${identifier(column)} IS ${literal(comment)}`,
    ),
  );
  const columns = (await columnNames(connection, name)).filter((column) => !column.startsWith('_'));
  return { name, columns };
}

async function createTable(
  connection: Connection,
  source: string,
  table: string,
  columns: readonly (readonly [header: string, column: string])[],
): Promise<void> {
  const own = OWN.map(([column, type]) => `${column} ${type}`);
  const texts = columns.map(([, column]) => `${identifier(column)} VARCHAR`);
  await run(connection, [
    `CREATE TABLE ${table} (${[...own, ...texts].join(', ')})`,
    `COMMENT ON TABLE ${table} IS ${literal(`Lines of the files of source ${source}: every cell as text, untouched.`)}`,
    ...OWN.map(([column, , comment]) => `COMMENT ON COLUMN ${table}.${column} IS ${literal(comment)}`),
  ]);
}

async function run(connection: Connection, statements: readonly string[]): Promise<void> {
  if (statements.length > 0) await connection.run(statements.join(';\n'));
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
