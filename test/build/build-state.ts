import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { contentOf } from '../../src/model/table/content-hash.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import type { TemporaryProject } from '../helpers/project.ts';

/** Columns that say when and in which run something was done. */
const OF_THE_RUN = ['arrived_at', 'correlation_id'];
/** Schemas that tell of runs, not of data. */
const RUNS = ['audit', 'run', 'failures'];

/** What a build ends with: the exported files, and the content hash of each table. */
export interface State {
  readonly exports: Readonly<Record<string, string>>;
  readonly contents: Readonly<Record<string, string>>;
}

export async function stateOf(project: TemporaryProject): Promise<State> {
  const folder = project.path('target/export');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const exports = files
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => [path, readFileSync(join(folder, path), 'base64')]);
  return { exports: Object.fromEntries(exports), contents: await contentsOf(project.path('.warehouse/main.duckdb')) };
}

/** The content hash of each table. */
async function contentsOf(path: string): Promise<Record<string, string>> {
  const file = await WarehouseFile.open(path);
  const connection = await file.connect();
  try {
    const tables = await connection.rows<{ name: string }>(
      `SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()
       WHERE schema_name NOT IN (${RUNS.map((name) => `'${name}'`)}) AND NOT temporary ORDER BY 1`,
    );
    const contents: [string, string][] = [];
    for (const { name } of tables)
      contents.push([name, (await contentOf(connection, name, { surrogates: OF_THE_RUN })).hash]);
    return Object.fromEntries(contents);
  } finally {
    connection.close();
    file.close();
  }
}
