import { constants, copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { matches } from '../project/glob.ts';
import type { Project, Publication } from '../project/project.ts';
import { type Connection, identifier, literal, qualified } from '../store/connection.ts';
import { WarehouseFile } from '../store/warehouse-file.ts';
import { type Context, type OpenOptions, withWarehouse } from './warehouse.ts';

export interface Published {
  readonly name: string;
  /** Relative to the project. */
  readonly path: string;
}

/** Publishes, and then says so in the ledger: the record of what is outside the file follows it. */
export async function publishAndRecord(project: Project, options: OpenOptions, context: Context): Promise<Published[]> {
  const published = await publish(project);
  await withWarehouse(project, options, context, ({ ledger, correlationId }) =>
    ledger.append(
      published.map(({ name, path }) => ({
        action: 'publication',
        object: path,
        correlationId,
        meta: { name },
        effect: 'done',
      })),
    ),
  );
  return published;
}

/**
 * Publishes the closed working file under every name that `publications:` gives: written beside the target and renamed
 * over it, so that readers keep the file they have open and new ones see the new one.
 *
 * A publication of everything is a copy. One that leaves something out is built anew, because a copied file still holds
 * the bytes of what was dropped from it.
 */
async function publish(project: Project): Promise<Published[]> {
  const working = join(project.root, project.target.workingFile);
  const published: Published[] = [];
  for (const publication of project.publications) {
    const path = join(project.root, publication.file);
    const temporary = `${path}.partial`;
    mkdirSync(dirname(path), { recursive: true });
    rmSync(temporary, { force: true });
    rmSync(`${temporary}.wal`, { force: true });
    if (isWhole(publication)) copyFileSync(working, temporary, constants.COPYFILE_FICLONE);
    else await projectInto(working, temporary, publication);
    renameSync(temporary, path);
    published.push({ name: publication.name, path: publication.file });
  }
  return published;
}

function isWhole({ schemas, models, columns, where }: Publication): boolean {
  return schemas === undefined && models === undefined && columns === undefined && where === undefined;
}

interface Relation {
  name: string;
  comment: string | null;
}

/** Copies what a publication shows, tables and views alike, as tables with their comments. */
async function projectInto(working: string, path: string, publication: Publication): Promise<void> {
  const file = await WarehouseFile.open(path);
  try {
    const connection = await file.connect();
    try {
      await connection.run(`ATTACH ${literal(working)} AS working (READ_ONLY)`);
      await connection.run('USE working');
      const relations = (await relationsOf(connection)).filter(({ name }) => isShown(publication, name));
      for (const relation of relations) await copyRelation(connection, relation, publication);
      await connection.run('USE memory').catch(() => {});
      await connection.run('CHECKPOINT');
    } finally {
      connection.close();
    }
  } finally {
    file.close();
  }
}

function isShown({ schemas, models }: Publication, name: string): boolean {
  const schema = name.slice(0, name.indexOf('.'));
  if (schemas === undefined && models === undefined) return true;
  return (schemas?.includes(schema) ?? false) || (models?.some((pattern) => matches(pattern, name)) ?? false);
}

function relationsOf(connection: Connection): Promise<Relation[]> {
  return connection.rows<Relation>(`
    SELECT schema_name || '.' || table_name AS name, comment FROM duckdb_tables() WHERE database_name = 'working' AND NOT temporary
    UNION ALL
    SELECT schema_name || '.' || view_name, comment FROM duckdb_views() WHERE database_name = 'working' AND NOT internal AND NOT temporary
    ORDER BY name`);
}

async function copyRelation(
  connection: Connection,
  { name, comment }: Relation,
  publication: Publication,
): Promise<void> {
  const [target] = await connection.rows<{ name: string }>(
    `SELECT database_name AS name FROM duckdb_databases() WHERE NOT internal AND database_name <> 'working'`,
  );
  const into = `${identifier(target.name)}.${qualified(name)}`;
  const columns = publication.columns?.[name]?.map(identifier).join(', ') ?? '*';
  const where = publication.where?.[name];
  await connection.run(
    `CREATE SCHEMA IF NOT EXISTS ${identifier(target.name)}.${identifier(name.slice(0, name.indexOf('.')))}`,
  );
  await connection.run(
    `CREATE TABLE ${into} AS SELECT ${columns} FROM working.${qualified(name)}${where === undefined ? '' : ` WHERE ${where}`}`,
  );
  if (comment !== null) await connection.run(`COMMENT ON TABLE ${into} IS ${literal(comment)}`);
  const texts = await connection.rows<{ column_name: string; comment: string }>(
    `SELECT column_name, comment FROM duckdb_columns() WHERE database_name = 'working'
       AND schema_name || '.' || table_name = $1 AND comment IS NOT NULL`,
    [name],
  );
  const shown = new Set(publication.columns?.[name] ?? texts.map((text) => text.column_name));
  for (const { column_name, comment: text } of texts) {
    if (shown.has(column_name))
      await connection.run(`COMMENT ON COLUMN ${into}.${identifier(column_name)} IS ${literal(text)}`);
  }
}
