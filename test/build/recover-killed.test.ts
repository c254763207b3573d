import { expect, it } from 'vitest';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';
import { warehouse } from '../helpers/warehouse-process.ts';

const one = (key: number) =>
  subject(
    `${key}`,
    {},
    event(
      'V',
      {},
      form(
        'F',
        {},
        ...Array.from({ length: 800 }, (_, repeat) =>
          group('G', { ItemGroupRepeatKey: `${repeat}` }, item('I', `value ${repeat}`), item('J', `${key}`)),
        ),
      ),
    ),
  );
/** About 3 MB, in which the subjects 10 and 19 of 20 are damaged: it is read in several pieces, and then once more. */
const DOCUMENT = odm(
  { created: '2026-01-01T00:00:00Z' },
  ...Array.from({ length: 20 }, (_, key) =>
    key === 10 || key === 19 ? one(key).replace('</FormData>', '') : one(key),
  ),
);
const FILES = { 'warehouse.yml': configuration({ on_malformed: 'recover' }), 'data/edc.xml': DOCUMENT };

/** All that lies in raw, but for when it was loaded and by what. */
async function raw(project: TemporaryProject): Promise<unknown[]> {
  const tables = await project.column(
    "SELECT table_name FROM duckdb_tables() WHERE schema_name IN ('raw', 'meta') AND table_name <> 'delivery' ORDER BY 1",
  );
  const found: unknown[] = [];
  for (const table of tables) {
    const schema = await project.value(`SELECT schema_name FROM duckdb_tables() WHERE table_name = '${table}'`);
    const sql = `SELECT count(*), sum(hash(t)::HUGEINT) FROM ${schema}.${table} t`;
    found.push([table, ...(await project.rows(sql))]);
  }
  return found;
}

it('a load that recovers a document leaves nothing or all when it is killed, and the same after it [LOAD-082]', async () => {
  let undisturbed: unknown[] = [];
  let pieces = 0;
  await withProject(FILES, async (project) => {
    const { code } = await warehouse(project.root, ['load'], {
      onEvent: ({ event }) => {
        if (event === 'progress') pieces++;
      },
    });
    expect(code).toBe(0);
    undisturbed = await raw(project);
    expect(await project.rows('SELECT count(*), (SELECT count(*) FROM raw.quarantine) FROM raw.subject_data')).toEqual([
      [18, 2],
    ]);
  });
  await withProject(FILES, async (project) => {
    await project.load({ threads: 1 });
    expect(await raw(project)).toEqual(undisturbed);
  });
  expect(pieces).toBeGreaterThan(4);
  for (const piece of [1, pieces >> 1, pieces]) {
    await withProject(FILES, async (project) => {
      let seen = 0;
      const { signal } = await warehouse(project.root, ['load'], {
        onEvent: ({ event }, process) => {
          if (event === 'progress' && ++seen === piece) process.kill('SIGKILL');
        },
      });
      expect(signal).toBe('SIGKILL');
      const landed = await project.rows(
        'SELECT (SELECT count(*) FROM raw.delivery), (SELECT count(*) FROM raw.item_data)',
      );
      expect([
        [0, 0],
        [1, 18 * 800 * 2],
      ]).toContainEqual(landed[0]);
      expect((await warehouse(project.root, ['load'])).code).toBe(0);
      expect(await raw(project)).toEqual(undisturbed);
    });
  }
});
