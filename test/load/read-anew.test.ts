import { describe, expect, it } from 'vitest';
import { plan } from '../../src/build/plan.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

const lab = (keys: Record<string, unknown> = {}) =>
  JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', ...keys } } });

const FILE = 'ID;TEST;VALUE\n1;X;a\n1;Y;b\n2;X;c\n';

async function planned(project: TemporaryProject) {
  const context = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };
  const { deliveries } = await plan(await loadProject(project.root), { select: [] }, context);
  return deliveries.map(({ file, reason }) => [file, reason]);
}

const standing = (project: TemporaryProject) =>
  project.rows('SELECT delivery_key, first_key, superseded_by FROM state.part ORDER BY delivery_key');

const subjects = (project: TemporaryProject) =>
  project.column(
    `SELECT s.subject_key FROM state.item_group_data g JOIN raw.subject_data s ON s.key = g.subject_data_key ORDER BY ALL`,
  );

/** One item of one group at its time of entry; a document of that time. */
const said = (created: string, value: string) =>
  odm({ created }, subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', value))))));

describe('a file whose source is set otherwise than when it was loaded', () => {
  it('is read anew, and stands in the place of its earlier reading [LOAD-018]', async () => {
    const files = { 'warehouse.yml': lab({ covers: 'increment' }), 'data/lab.csv': FILE };
    await withProject(files, async (project) => {
      await project.load();
      expect(await project.rows('SELECT * EXCLUDE (_key, _line, _identity) FROM state.file_lab')).toHaveLength(3);
      project.write({ 'warehouse.yml': lab({ covers: 'increment', delimiter: ';', keys: ['ID', 'TEST'] }) });
      expect(await planned(project)).toEqual([['data/lab.csv', 'reader changed']]);
      await project.load();
      expect(await project.rows('SELECT id, test, value FROM state.file_lab ORDER BY ALL')).toEqual([
        ['1', 'X', 'a'],
        ['1', 'Y', 'b'],
        ['2', 'X', 'c'],
      ]);
      expect(await standing(project)).toEqual([
        [1, 1, 2],
        [2, 4, null],
      ]);
      expect(await planned(project)).toEqual([]);
      // As it was set at first: those rows are there already.
      project.write({ 'warehouse.yml': lab({ covers: 'increment' }) });
      await project.load();
      expect(await standing(project)).toEqual([
        [1, 1, 2],
        [2, 4, 3],
        [3, 1, null],
      ]);
      expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(6);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it.each([
    ['another name of the same encoding', { encoding: 'latin1' }, { encoding: 'windows-1252' }, []],
    ['another encoding', {}, { encoding: 'latin1' }, [['data/lab.csv', 'reader changed']]],
    [
      'another order of the keys',
      { keys: ['ID', 'TEST'] },
      { keys: ['TEST', 'ID'] },
      [['data/lab.csv', 'reader changed']],
    ],
    ['another system', {}, { system: 'central' }, [['data/lab.csv', 'reader changed']]],
    ['another classification', {}, { classification: 'restricted' }, []],
    ['another way to keep the bytes', {}, { keep: 'reference' }, []],
  ])('by %s [LOAD-018]', async (_, before, after, expected) => {
    const files = { 'warehouse.yml': lab({ delimiter: ';', ...before }), 'data/lab.csv': FILE };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'warehouse.yml': lab({ delimiter: ';', ...after }) });
      expect(await planned(project)).toEqual(expected);
    });
  });

  it('names how it was read by the SHA-256 of its canonical JSON [LOAD-018]', async () => {
    const files = { 'warehouse.yml': lab({ delimiter: ';', keys: ['ID', 'TEST'] }), 'data/lab.csv': FILE };
    await withProject(files, async (project) => {
      await project.load();
      // sha256sum of {"delimiter":";","encoding":"utf-8","format":"csv","keys":["ID","TEST"],"system":"lab","version":1}
      expect(await project.value('SELECT reader_fingerprint FROM raw.part')).toBe(
        'f99682df0981a8e386dec992302dc889bbc68f3eec0d9b76774fa42dd2835fad',
      );
    });
    await withProject(
      { 'warehouse.yml': configuration(), 'data/1.xml': said('2026-01-01T00:00:00Z', 'a') },
      async (project) => {
        await project.load();
        // sha256sum of {"dialect":null,"format":"odm","system":"edc","time_zone":null,"version":1}
        expect(await project.value('SELECT reader_fingerprint FROM raw.part')).toBe(
          'aa38a441f12501828b257ffac55e53d26f9eec4c9e12943653666326e3d43771',
        );
      },
    );
  });

  it('stands even where its time, read by another zone, is earlier than before [LOAD-018]', async () => {
    const files = {
      'warehouse.yml': configuration(),
      'data/1.xml': said('2026-01-01T12:00:00', 'first'),
      'data/2.xml': said('2026-01-01T11:00:00Z', 'second'),
    };
    await withProject(files, async (project) => {
      await project.load();
      // Without a zone, noon is later than eleven. At +05:00 it was seven.
      expect(await project.column('SELECT value FROM state.item_data')).toEqual(['first']);
      project.write({ 'warehouse.yml': configuration({ time_zone: '+05:00' }) });
      expect(await planned(project)).toEqual([
        ['data/2.xml', 'reader changed'],
        ['data/1.xml', 'reader changed'],
      ]);
      await project.load();
      expect(await project.column('SELECT value FROM state.item_data')).toEqual(['second']);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('is delivered anew where its source covers something else, and its rows are not stored again [LOAD-018]', async () => {
    const files = {
      'warehouse.yml': configuration({ covers: 'study' }),
      'data/1.xml': said('2026-01-01T00:00:00Z', 'a'),
    };
    const other = said('2026-01-02T00:00:00Z', 'b').replaceAll('SubjectKey="1"', 'SubjectKey="2"');
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'data/2.xml': other });
      await project.load({ acceptRemovals: true });
      expect(await subjects(project)).toEqual(['2']);
      project.write({ 'warehouse.yml': configuration({ covers: 'increment' }) });
      expect(await planned(project)).toEqual([
        ['data/1.xml', 'covers changed'],
        ['data/2.xml', 'covers changed'],
      ]);
      await project.load();
      expect(await subjects(project)).toEqual(['1', '2']);
      expect(await project.value('SELECT count(*) FROM raw.item_group_data')).toBe(2);
      expect(await planned(project)).toEqual([]);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('stays as it is where a later file has replaced it as a whole [LOAD-018]', async () => {
    const files = {
      'warehouse.yml': lab({ delivery: 'each', delimiter: ';' }),
      'data/1.csv': FILE,
      'data/2.csv': `${FILE}3;X;d\n`,
    };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'warehouse.yml': lab({ delivery: 'each', delimiter: ';', keys: ['ID', 'TEST'] }) });
      expect(await planned(project)).toEqual([['data/2.csv', 'reader changed']]);
      await project.load();
      expect(await project.value('SELECT count(*) FROM state.file_lab')).toBe(4);
    });
  });

  it('leaves what the file said before its bytes changed as it was read, and says so [LOAD-064]', async () => {
    const files = {
      'warehouse.yml': lab({ covers: 'increment', keys: ['ID'] }),
      'data/lab.csv': 'ID,TEST,V\na,ALT,1\n',
    };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'data/lab.csv': 'ID,TEST,V\na,ALT,2\n' });
      await project.load();
      project.write({ 'warehouse.yml': lab({ covers: 'increment', keys: ['ID', 'TEST'] }) });
      const notices: unknown[] = [];
      project.events = (event) => {
        if (event.event === 'notice' && event.code === 'SOURCE_READ_OTHERWISE') notices.push(event.message);
      };
      await project.load();
      expect(notices).toEqual([
        'Source lab: data/lab.csv (delivery 1) stands as it was read under its former settings, because these bytes are not among its files any more.',
      ]);
      expect(await project.column('SELECT v FROM state.file_lab ORDER BY ALL')).toEqual(['1', '2']);
      await project.load();
      expect(notices).toHaveLength(1);
    });
  });
});
