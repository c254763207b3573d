import { describe, expect, it } from 'vitest';
import { messagesOf } from '../helpers/notices.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

/** warehouse.yml with one CSV source over data/. */
const lab = (keys: Record<string, unknown> = {}) =>
  JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', ...keys } } });

const SITE1 = 'ID,VALUE\n1,a\n2,b\n';
const SITE2 = 'ID,VALUE\n2,c\n3,d\n';
/** Everything of the first, and more. */
const GROWN = `${SITE1}3,c\n`;

const live = (project: TemporaryProject) => project.rows('SELECT id, value FROM state.file_lab ORDER BY id, value');

/** The notices on sources from now on. */
const intact = async (project: TemporaryProject) =>
  expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);

describe('several files of a CSV source that covers the study', () => {
  const several = {
    kind: 'usage',
    code: 'SOURCE_SEVERAL_FILES',
    message: 'Source lab matches 2 files, and does not say how they belong together: data/1.csv, data/2.csv.',
    file: 'warehouse.yml',
    next:
      'Nothing was loaded. Under sources: lab: say "delivery: together" if they stand side by side, such as a file for each site; ' +
      '"delivery: each" if each replaces the one before, in the order of their names, such as cumulative transfers; ' +
      'or "covers: increment" if each adds to those before.',
  };

  it('stop the build where nothing is said of them, and nothing lands [LOAD-017]', async () => {
    const files = { 'warehouse.yml': lab(), 'data/1.csv': SITE1, 'data/2.csv': SITE2 };
    await withProject(files, async (project) => {
      expect(await project.failure()).toEqual(several);
      expect(await project.value('SELECT count(*) FROM raw.delivery')).toBe(0);
    });
  });

  it('stop it too where the second comes later [LOAD-017]', async () => {
    await withProject({ 'warehouse.yml': lab(), 'data/1.csv': SITE1 }, async (project) => {
      await project.load();
      project.write({ 'data/2.csv': SITE2 });
      expect(await project.failure()).toEqual(several);
      expect(await live(project)).toEqual([
        ['1', 'a'],
        ['2', 'b'],
      ]);
    });
  });

  it('replace one another by name where each is a delivery, and say so [LOAD-017]', async () => {
    const files = { 'warehouse.yml': lab({ delivery: 'each' }), 'data/1.csv': SITE1, 'data/2.csv': GROWN };
    await withProject(files, async (project) => {
      const notices = messagesOf(project);
      await project.load();
      expect(await live(project)).toEqual([
        ['1', 'a'],
        ['2', 'b'],
        ['3', 'c'],
      ]);
      expect(notices).toEqual([['SOURCE_REPLACED', 'Source lab: data/2.csv replaces data/1.csv.']]);
      expect(await project.planned()).toEqual([]);
      await intact(project);
    });
  });

  it('are named when one takes the place of another that is gone [LOAD-017]', async () => {
    await withProject({ 'warehouse.yml': lab(), 'data/2026-01.csv': SITE1 }, async (project) => {
      await project.load();
      project.delete('data/2026-01.csv');
      project.write({ 'data/2026-02.csv': GROWN });
      const notices = messagesOf(project);
      await project.load();
      expect(notices).toEqual([['SOURCE_REPLACED', 'Source lab: data/2026-02.csv replaces data/2026-01.csv.']]);
    });
  });

  it('stand side by side in one delivery where they are delivered together [LOAD-017]', async () => {
    const files = {
      'warehouse.yml': lab({ delivery: 'together', keys: ['ID'] }),
      'data/1.csv': SITE1,
      // Another column than the first has.
      'data/2.csv': 'ID,VALUE,UNIT\n2,c,g\n3,d,g\n',
    };
    await withProject(files, async (project) => {
      const notices = messagesOf(project);
      await project.load();
      // sha256sum of ["lab","Prod","S","lab","ID","2","0"], and with "1" for the second row of that key, first eight bytes.
      expect(
        await project.rows('SELECT id, value, unit, _identity::VARCHAR FROM state.file_lab ORDER BY id, value'),
      ).toEqual([
        ['1', 'a', null, '-4471412351747493538'],
        ['2', 'b', null, '-8806505654978327772'],
        ['2', 'c', 'g', '8953625449432567360'],
        ['3', 'd', 'g', '5234404234174463633'],
      ]);
      expect(await project.rows('SELECT delivery_key, part_count FROM raw.delivery')).toEqual([[1, 2]]);
      expect(
        await project.rows('SELECT delivery_key, ordinal, name, file_row_count FROM raw.part ORDER BY ALL'),
      ).toEqual([
        [1, 1, 'data/1.csv', 2],
        [1, 2, 'data/2.csv', 2],
      ]);
      expect(await project.rows('SELECT part, in_file, landed, equal FROM recon.source_counts ORDER BY part')).toEqual([
        ['data/1.csv', 2, 2, true],
        ['data/2.csv', 2, 2, true],
      ]);
      expect(notices).toEqual([]);
      expect((await project.load()).deliveries).toEqual([]);
      await intact(project);
    });
  });

  it('are delivered together again when one changes, comes or goes [LOAD-017]', async () => {
    const files = {
      'warehouse.yml': `${lab({ delivery: 'together', keys: ['ID'] }).slice(0, -1)}, "removal_threshold": 1}`,
      'data/1.csv': SITE1,
      'data/2.csv': 'ID,VALUE\n3,c\n',
    };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'data/2.csv': 'ID,VALUE\n3,C\n' });
      expect(await project.planned()).toEqual([
        ['data/1.csv', 'unchanged'],
        ['data/2.csv', 'changed'],
      ]);
      await project.load();
      expect(await live(project)).toEqual([
        ['1', 'a'],
        ['2', 'b'],
        ['3', 'C'],
      ]);
      project.write({ 'data/3.csv': 'ID,VALUE\n4,d\n' });
      expect(await project.planned()).toEqual([
        ['data/1.csv', 'parts changed'],
        ['data/2.csv', 'parts changed'],
        ['data/3.csv', 'new file'],
      ]);
      await project.load();
      expect(await project.column('SELECT id FROM state.file_lab ORDER BY id')).toEqual(['1', '2', '3', '4']);
      project.delete('data/1.csv');
      const notices = messagesOf(project);
      await project.load();
      expect(await project.column('SELECT id FROM state.file_lab ORDER BY id')).toEqual(['3', '4']);
      expect(notices).toEqual([['SOURCE_REPLACED', 'Source lab: data/2.csv, data/3.csv replace data/1.csv.']]);
      expect(await project.planned()).toEqual([]);
      // The same files as in the delivery before: nothing is stored again.
      const rows = await project.value('SELECT count(*) FROM raw.file_lab');
      project.write({ 'data/1.csv': SITE1 });
      await project.load();
      expect(await project.column('SELECT id FROM state.file_lab ORDER BY id')).toEqual(['1', '2', '3', '4']);
      expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(rows);
      await intact(project);
    });
  });

  it.each([{}, { delivery: 'each' }, { delivery: 'together' }])(
    'end where they went back to, also under other names [LOAD-012]: %j',
    async (settings) => {
      const configured = `${lab({ keys: ['ID'], ...settings }).slice(0, -1)}, "removal_threshold": 1}`;
      const [a, b] = ['ID,VALUE\n1,a\n', 'ID,VALUE\n1,b\n'];
      await withProject({ 'warehouse.yml': configured, 'data/a.csv': a }, async (project) => {
        await project.load();
        project.delete('data/a.csv');
        project.write({ 'data/b.csv': b });
        await project.load();
        expect(await live(project)).toEqual([['1', 'b']]);
        project.delete('data/b.csv');
        project.write({ 'data/a.csv': a });
        expect(await project.planned()).toEqual([
          ['data/a.csv', 'delivery' in settings && settings.delivery === 'together' ? 'parts changed' : 'came back'],
        ]);
        await project.load();
        expect(await live(project)).toEqual([['1', 'a']]);
        expect(await project.planned()).toEqual([]);
      });
    },
  );

  it('that stay after the last of them is gone leave the last of themselves [LOAD-012]', async () => {
    const of = (value: string) => `ID,VALUE\n1,${value}\n`;
    const files = {
      'warehouse.yml': lab({ keys: ['ID'], delivery: 'each' }),
      'data/1.csv': of('a'),
      'data/2.csv': of('b'),
      'data/3.csv': of('c'),
    };
    await withProject(files, async (project) => {
      await project.load();
      expect(await live(project)).toEqual([['1', 'c']]);
      project.delete('data/3.csv');
      expect(await project.planned()).toEqual([['data/2.csv', 'came back']]);
      await project.load();
      expect(await live(project)).toEqual([['1', 'b']]);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('land all or none [LOAD-017]', async () => {
    const files = {
      'warehouse.yml': lab({ delivery: 'together' }),
      'data/1.csv': SITE1,
      'data/2.csv': 'ID,VALUE\n1,"a\n',
    };
    await withProject(files, async (project) => {
      expect(await project.failure()).toMatchObject({ code: 'CSV_MALFORMED', file: 'data/2.csv' });
      expect(await project.value('SELECT count(*) FROM raw.part')).toBe(0);
      expect(await project.value('SELECT count(*) FROM raw.delivery')).toBe(0);
    });
  });

  it('are put right by saying how they belong together, or that each adds to the others [LOAD-018]', async () => {
    const files = {
      'warehouse.yml': lab({ delivery: 'each' }),
      'data/1.csv': SITE1,
      'data/2.csv': 'ID,VALUE\n3,c\n4,d\n',
    };
    const both = ['1', '2', '3', '4'];
    const ids = (project: TemporaryProject) => project.column('SELECT id FROM state.file_lab ORDER BY id');
    for (const settings of [{ delivery: 'together' }, { covers: 'increment' }]) {
      await withProject(files, async (project) => {
        await project.load();
        expect(await ids(project)).toEqual(['3', '4']);
        project.write({ 'warehouse.yml': lab(settings) });
        await project.load();
        expect(await ids(project)).toEqual(both);
        expect(await project.planned()).toEqual([]);
        project.write({ 'warehouse.yml': lab({ delivery: 'each' }) });
        await project.load({ acceptRemovals: true });
        expect(await ids(project)).toEqual(['3', '4']);
        expect(await project.planned()).toEqual([]);
        await intact(project);
      });
    }
  });
});
