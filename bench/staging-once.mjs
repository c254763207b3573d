// One figure of staging.mjs on a project that is loaded and not staged: `staging-once.mjs stage|copy|count FOLDER`. Prints
// JSON: CPU seconds until the file is closed, peak MB, items.
import { loadProject } from '../dist/project/load-project.js';
import { context, opened } from './project.mjs';
import { report } from './usage.mjs';

const [mode, folder] = process.argv.slice(2);
await { stage, copy, count }[mode]();

/** What `warehouse run` does in a project without models. */
async function stage() {
  const { run } = await import('../dist/build/commands.js');
  const { models } = await run(await loadProject(folder), {}, await context());
  report({ tables: models.length });
}

async function copy() {
  const file = await opened(folder);
  const connection = await file.connect();
  await connection.run('CREATE TABLE main.copy_of_item_data AS FROM raw.item_data');
  connection.close();
  file.close();
  report();
}

/** How many items there are, and how many cells of staged tables hold one. */
async function count() {
  const file = await opened(folder);
  const connection = await file.connect();
  const [{ items }] = await connection.rows(
    'SELECT count(*)::INTEGER AS items FROM raw.item_data WHERE value IS NOT NULL',
  );
  const columns = await connection.rows(
    `SELECT n.item_group_oid, t.sql_name AS "table", list(n.sql_name) AS names FROM meta.name n
     JOIN meta.name t ON t.item_group_oid = n.item_group_oid AND t.kind = 'item_group'
     WHERE n.kind = 'item' GROUP BY ALL`,
  );
  let cells = 0;
  for (const { table, names } of columns) {
    const counts = names.items.map((name) => `count("${name}")`).join(' + ');
    const [row] = await connection.rows(`SELECT (${counts})::INTEGER AS cells FROM staged."${table}"`);
    cells += row.cells;
  }
  connection.close();
  file.close();
  report({ items, cells });
}
