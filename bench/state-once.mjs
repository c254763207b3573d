// One figure of state.mjs: `state-once.mjs rebuild|window|window-codes|read|first|last FOLDER`. Prints JSON: CPU seconds,
// peak MB; of what gives items, how many, and a sum of the hashes of their values.
import { opened } from './project.mjs';
import { cpuSeconds } from './usage.mjs';

/** A read takes little: it is repeated, and the least counts. */
const READS = 5;

/** Items with what they stand in. */
const ITEMS = `
  raw.item_data i
  JOIN raw.item_group_data g ON g.key = i.item_group_data_key
  JOIN raw.form_data f ON f.key = g.form_data_key
  JOIN raw.study_event_data e ON e.key = f.study_event_data_key
  JOIN raw.subject_data s ON s.key = e.subject_data_key`;

const [mode, folder] = process.argv.slice(2);
const file = await opened(folder);
const connection = await file.connect();
const modes = {
  rebuild,
  window,
  'window-codes': windowCodes,
  read,
  first: () => alone('min'),
  last: () => alone('max'),
};
const figure = await modes[mode]();
const rss = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ ...figure, rss }));
connection.close();
file.close();

/** CPU seconds of what `work` does. */
async function used(work) {
  const before = cpuSeconds();
  await work();
  return cpuSeconds() - before;
}

async function rebuild() {
  const { rebuildState } = await import('../dist/load/state.js');
  return { cpu: await used(() => rebuildState(connection)) };
}

/** Of each natural key the item that came last, from a flat table of texts as an export would give it. */
async function window() {
  await connection.run(`
    CREATE TEMP TABLE flat AS
    SELECT i.item_group_data_key AS arrival, s.subject_key,
      event.text AS study_event_oid, coalesce(event_repeat.text, e.ordinal::VARCHAR) AS study_event_repeat_key,
      form.text AS form_oid, coalesce(form_repeat.text, f.ordinal::VARCHAR) AS form_repeat_key,
      item_group.text AS item_group_oid, coalesce(group_repeat.text, g.ordinal::VARCHAR) AS item_group_repeat_key,
      item.text AS item_oid, i.value
    FROM ${ITEMS}
    JOIN raw.dictionary event ON event.code = e.study_event_code
    JOIN raw.dictionary event_repeat ON event_repeat.code = e.repeat_key_code
    JOIN raw.dictionary form ON form.code = f.form_code
    JOIN raw.dictionary form_repeat ON form_repeat.code = f.repeat_key_code
    JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
    JOIN raw.dictionary group_repeat ON group_repeat.code = g.repeat_key_code
    JOIN raw.dictionary item ON item.code = i.item_code`);
  return lastOfEach(`
    SELECT * FROM flat
    QUALIFY row_number() OVER (
      PARTITION BY subject_key, study_event_oid, study_event_repeat_key, form_oid, form_repeat_key, item_group_oid,
        item_group_repeat_key, item_oid
      ORDER BY arrival DESC) = 1`);
}

/** The same over the codes of raw. */
function windowCodes() {
  return lastOfEach(`
    SELECT i.* FROM ${ITEMS}
    QUALIFY row_number() OVER (
      PARTITION BY s.subject_key, e.study_event_code, e.repeat_key_code, e.ordinal, f.form_code,
        f.repeat_key_code, f.ordinal, g.item_group_code, g.repeat_key_code, g.ordinal, i.item_code
      ORDER BY i.item_group_data_key DESC) = 1`);
}

async function lastOfEach(sql) {
  const cpu = await used(() => connection.run(`CREATE TABLE main.last_of_each AS ${sql}`));
  const found = await items('main.last_of_each');
  await connection.run('DROP TABLE main.last_of_each');
  return { cpu, ...found };
}

async function items(from) {
  const [row] = await connection.rows(
    `SELECT count(*)::INTEGER AS items, coalesce(sum(hash(value)), 0)::VARCHAR AS hash FROM ${from}`,
  );
  return row;
}

async function least(from) {
  const figures = [];
  let found;
  for (let round = 0; round < READS; round++) {
    figures.push(
      await used(async () => {
        found = await items(from);
      }),
    );
  }
  return { cpu: Math.min(...figures), ...found };
}

function read() {
  return least('state.item_data');
}

/** The items of the first or the last delivery, by its range of keys. */
async function alone(which) {
  const [{ first, last }] = await connection.rows(
    `SELECT first_key AS first, last_key AS last FROM raw.delivery
     WHERE delivery_key = (SELECT ${which}(delivery_key) FROM raw.delivery)`,
  );
  return least(`raw.item_data WHERE item_group_data_key BETWEEN ${first} AND ${last} AND flags & 4 = 0`);
}
