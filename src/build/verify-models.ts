import { listed } from '../lib/listed.ts';
import { isOthers, readCatalog } from '../model/table/catalog.ts';
import { contentOf } from '../model/table/content-hash.ts';
import type { Project } from '../project/project.ts';
import { counted } from '../report/figures.ts';
import type { Connection } from '../store/connection.ts';
import { hasRelation } from '../store/has-relation.ts';
import type { Check } from './check.ts';
import { commandFor } from './warehouse.ts';

/**
 * Whether the tables that models made hold what the record says that was made: somebody may have written to the working
 * file. Of a view it is only told whether it is the runner's; of content that another version of DuckDB hashed, nothing.
 */
export async function checkModels({ target }: Project, connection: Connection): Promise<Check | undefined> {
  if (!(await hasRelation(connection, 'run.current_model'))) return undefined;
  const made = await connection.rows<Made>(
    `SELECT model, materialized, if(materialized <> 'view' AND duckdb_version = version(), content_hash, NULL) AS hash
     FROM run.current_model ORDER BY model`,
  );
  const there = await readCatalog(connection);
  const replaced = made.filter(({ model }) => isOthers(there.get(model)));
  const hashed = made.filter((one) => one.hash !== null && !replaced.includes(one));
  const changed: Made[] = [];
  for (const one of hashed) {
    const isTable = there.get(one.model)?.kind === 'table';
    if (!isTable || (await contentOf(connection, one.model)).hash !== one.hash) changed.push(one);
  }
  const name = 'models';
  const wrong = [...changed, ...replaced].map(({ model }) => model).sort();
  if (wrong.length === 0 && hashed.length === 0) return undefined;
  if (wrong.length === 0) return { name, ok: true, detail: `${counted(hashed.length, 'table')}, as made` };
  const detail = `not what was made: ${listed(wrong)}`;
  const remedies = [replacedRemedy(target, replaced), remedy(target, changed)].filter((text) => text !== '');
  return { name, ok: false, detail, next: `Somebody has written to the working file. ${remedies.join(' ')}` };
}

interface Made {
  readonly model: string;
  readonly materialized: string;
  /** NULL of a view, and where it cannot be compared. */
  readonly hash: string | null;
}

/** What another client put in the place of a model is its own, and never touched. */
function replacedRemedy(target: Project['target'], replaced: readonly Made[]): string {
  if (replaced.length === 0) return '';
  const names = replaced.map(({ model }) => model).join(' and ');
  return `What is there of ${names} was made by another client: drop it there, and run ${commandFor(target, 'build')}.`;
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
