import { listed } from '../lib/listed.ts';
import { readCatalog } from '../model/table/catalog.ts';
import { contentOf } from '../model/table/content-hash.ts';
import type { Project } from '../project/project.ts';
import { counted } from '../report/figures.ts';
import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import type { Check } from './check.ts';
import { commandFor } from './warehouse.ts';

/**
 * Whether the tables that models made hold what the record says that was made: somebody may have written to the working
 * file. Of a view there is nothing to hold; of content that another version of DuckDB hashed, nothing can be told.
 */
export async function checkModels({ target }: Project, connection: Connection): Promise<Check | undefined> {
  if (!(await hasRelation(connection, 'run.current_model'))) return undefined;
  const made = await connection.rows<{ model: string; hash: string }>(
    "SELECT model, content_hash AS hash FROM run.current_model WHERE materialized <> 'view' AND duckdb_version = version() ORDER BY model",
  );
  if (made.length === 0) return undefined;
  const there = await readCatalog(connection);
  const changed: string[] = [];
  for (const { model, hash } of made) {
    const isTable = there.get(model)?.kind === 'table';
    if (!isTable || (await contentOf(connection, model)).hash !== hash) changed.push(model);
  }
  const name = 'models';
  if (changed.length === 0) return { name, ok: true, detail: `${counted(made.length, 'table')}, as made` };
  const detail = `not what was made: ${listed(changed)}`;
  const next = `Somebody has written to the working file. Make ${changed.length === 1 ? 'it' : 'them'} anew: ${commandFor(target, `build --full-refresh --select "${changed.join(' ')}"`)}, then build.`;
  return { name, ok: false, detail, next };
}
