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
  const made = await connection.rows<Made>(
    "SELECT model, materialized, content_hash AS hash FROM run.current_model WHERE materialized <> 'view' AND duckdb_version = version() ORDER BY model",
  );
  if (made.length === 0) return undefined;
  const there = await readCatalog(connection);
  const changed: Made[] = [];
  for (const one of made) {
    const { model, hash } = one;
    const isTable = there.get(model)?.kind === 'table';
    if (!isTable || (await contentOf(connection, model)).hash !== hash) changed.push(one);
  }
  const name = 'models';
  if (changed.length === 0) return { name, ok: true, detail: `${counted(made.length, 'table')}, as made` };
  const detail = `not what was made: ${listed(changed.map(({ model }) => model))}`;
  return { name, ok: false, detail, next: `Somebody has written to the working file. ${remedy(target, changed)}` };
}

interface Made {
  readonly model: string;
  readonly materialized: string;
  readonly hash: string;
}

/** What the SELECT alone makes can be made again; a history cannot, and would be gone on with as it is. */
function remedy(target: Project['target'], changed: readonly Made[]): string {
  const [history, others] = [true, false].map((kept) =>
    changed.filter(({ materialized }) => KEEPS.has(materialized) === kept).map(({ model }) => model),
  );
  const again = commandFor(target, `build --full-refresh --select "${others.join(' ')}"`);
  const anew = others.length === 0 ? '' : `What its SELECT makes is made anew by ${again}, and then build.`;
  const restore =
    history.length === 0
      ? ''
      : `What ${history.join(' and ')} held cannot be made again: restore .warehouse/ from a backup.`;
  return [anew, restore].filter((text) => text !== '').join(' ');
}

/** Of a model made by key, rows may stand that its SELECT gives no more. */
const KEEPS: ReadonlySet<string> = new Set(['snapshot', 'incremental']);
