import { matches } from '../project/glob.ts';
import type { Publication } from '../project/project.ts';
import { type Connection, identifier, literal, qualified } from '../store/connection.ts';
import { WarehouseFile } from '../store/warehouse-file.ts';

interface Relation {
  readonly name: string;
  readonly comment: string | null;
}

/**
 * Makes a new file at `path` with what a publication shows of the working file, tables and views alike as tables, with
 * their comments: only what is copied is in its bytes.
 */
export async function projectInto(working: string, path: string, publication: Publication): Promise<void> {
  const file = await WarehouseFile.open(path);
  try {
    const connection = await file.connect();
    try {
      const row = await connection.row<{ name: string }>('SELECT current_database() AS name');
      const target = identifier(row?.name ?? '');
      await connection.run(`ATTACH ${literal(working)} AS working (READ_ONLY)`);
      // The macros that views call are looked for in the file in use.
      await connection.run('USE working');
      const shown = (await relationsOf(connection)).filter(({ name }) => isShown(publication, name));
      for (const relation of shown) await copyRelation(connection, target, relation, publication);
      await connection.run(`USE ${target}`);
    } finally {
      connection.close();
    }
  } finally {
    file.close();
  }
}

function isShown({ schemas, models }: Publication, name: string): boolean {
  if (schemas === undefined && models === undefined) return true;
  const schema = name.slice(0, name.indexOf('.'));
  return (schemas?.includes(schema) ?? false) || (models?.some((pattern) => matches(pattern, name)) ?? false);
}

function relationsOf(connection: Connection): Promise<Relation[]> {
  return connection.rows<Relation>(`
    SELECT schema_name || '.' || table_name AS name, comment FROM duckdb_tables()
    WHERE database_name = 'working' AND NOT temporary
    UNION ALL
    SELECT schema_name || '.' || view_name, comment FROM duckdb_views()
    WHERE database_name = 'working' AND NOT internal AND NOT temporary
    ORDER BY name`);
}

async function copyRelation(
  connection: Connection,
  target: string,
  { name, comment }: Relation,
  publication: Publication,
): Promise<void> {
  const columns = ofModel(publication.columns, name);
  const where = ofModel(publication.where, name);
  const into = `${target}.${qualified(name)}`;
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${target}.${identifier(name.slice(0, name.indexOf('.')))}`);
  await connection.run(
    `CREATE TABLE ${into} AS SELECT ${columns?.map(identifier).join(', ') ?? '*'} FROM working.${qualified(name)}
     ${where === undefined ? '' : `WHERE ${where}`}`,
  );
  if (comment !== null) await connection.run(`COMMENT ON TABLE ${into} IS ${literal(comment)}`);
  const texts = await connection.rows<{ column_name: string; comment: string }>(
    `SELECT column_name, comment FROM duckdb_columns()
     WHERE database_name = 'working' AND schema_name || '.' || table_name = $1 AND comment IS NOT NULL`,
    [name],
  );
  for (const { column_name, comment: text } of texts) {
    if (columns !== undefined && !columns.includes(column_name)) continue;
    await connection.run(`COMMENT ON COLUMN ${into}.${identifier(column_name)} IS ${literal(text)}`);
  }
}

/** What is said of a model under its own name, else under the first pattern that matches it. */
function ofModel<Value>(map: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  if (map === undefined) return undefined;
  if (Object.hasOwn(map, name)) return map[name];
  const pattern = Object.keys(map).find((one) => matches(one, name));
  return pattern === undefined ? undefined : map[pattern];
}
