import { describe, expect, it } from 'vitest';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const lab = (keys: Record<string, unknown>) =>
  JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', ...keys } } });

const live = (project: TemporaryProject) => project.rows('SELECT id, value FROM state.file_lab ORDER BY ALL');
const arrived = (project: TemporaryProject, delivery: number) =>
  project.rows(`SELECT id, value FROM state.file_lab_as_arrived(${delivery}) ORDER BY ALL`);

const F1 = 'ID,VALUE\n1,f1\n2,f1\n';
/** A key that stands three times, around another. */
const F2 = 'ID,VALUE\n1,f2a\n1,f2b\n3,f2\n1,f2c\n';
const F3 = 'ID,VALUE\n1,f3\n';

describe('rows with the same keys', () => {
  it('of increments: the one that came last stands, also of several in one file [LOAD-031]', async () => {
    await withProject({ 'warehouse.yml': lab({ covers: 'increment', keys: ['ID'] }) }, async (project) => {
      const expected = [
        [
          ['1', 'f1'],
          ['2', 'f1'],
        ],
        [
          ['1', 'f2c'],
          ['2', 'f1'],
          ['3', 'f2'],
        ],
        [
          ['1', 'f3'],
          ['2', 'f1'],
          ['3', 'f2'],
        ],
      ];
      for (const [index, content] of [F1, F2, F3].entries()) {
        project.write({ [`data/${index + 1}.csv`]: content });
        await project.build();
        expect(await live(project)).toEqual(expected[index]);
        expect(await project.rows('SELECT id, value FROM staged.lab ORDER BY ALL')).toEqual(expected[index]);
      }
      for (const [index, rows] of expected.entries()) expect(await arrived(project, index + 1)).toEqual(rows);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('of one increment alone: the last stands [LOAD-031]', async () => {
    await withProject(
      { 'warehouse.yml': lab({ covers: 'increment', keys: ['ID'] }), 'data/2.csv': F2 },
      async (project) => {
        await project.load();
        expect(await live(project)).toEqual([
          ['1', 'f2c'],
          ['3', 'f2'],
        ]);
        expect(await arrived(project, 1)).toEqual([
          ['1', 'f2c'],
          ['3', 'f2'],
        ]);
      },
    );
  });

  it('that came before and come again are the last again [LOAD-031]', async () => {
    await withProject({ 'warehouse.yml': lab({ covers: 'increment', keys: ['ID'] }) }, async (project) => {
      for (const content of [F2, F3, F2]) {
        project.write({ 'data/lab.csv': content });
        await project.load();
      }
      expect(await live(project)).toEqual([
        ['1', 'f2c'],
        ['3', 'f2'],
      ]);
      expect(await arrived(project, 2)).toEqual([
        ['1', 'f3'],
        ['3', 'f2'],
      ]);
    });
  });

  it('of one delivery that covers the study are several rows, as in several files of it [LOAD-031]', async () => {
    const together = lab({ keys: ['ID'], delivery: 'together' });
    await withProject({ 'warehouse.yml': together, 'data/1.csv': F1, 'data/2.csv': F2 }, async (project) => {
      await project.load();
      const all = [
        ['1', 'f1'],
        ['1', 'f2a'],
        ['1', 'f2b'],
        ['1', 'f2c'],
        ['2', 'f1'],
        ['3', 'f2'],
      ];
      expect(await live(project)).toEqual(all);
      expect(await arrived(project, 1)).toEqual(all);
    });
  });

  it('stand together against an increment that holds none of their keys, and give way to one that does [LOAD-031]', async () => {
    await withProject({ 'warehouse.yml': lab({ keys: ['ID'] }), 'data/1.csv': F2 }, async (project) => {
      await project.load();
      project.delete('data/1.csv');
      project.write({ 'warehouse.yml': lab({ keys: ['ID'], covers: 'increment' }), 'data/2.csv': 'ID,VALUE\n3,x\n' });
      await project.load();
      expect(await live(project)).toEqual([
        ['1', 'f2a'],
        ['1', 'f2b'],
        ['1', 'f2c'],
        ['3', 'x'],
      ]);
      project.write({ 'data/3.csv': F3 });
      await project.load();
      expect(await live(project)).toEqual([
        ['1', 'f3'],
        ['3', 'x'],
      ]);
    });
  });

  it('without keys, the same row twice in a file is two rows, and one of them in another file the same [LOAD-031]', async () => {
    await withProject({ 'warehouse.yml': lab({ covers: 'increment' }) }, async (project) => {
      project.write({ 'data/1.csv': 'ID,VALUE\n1,a\n1,a\n', 'data/2.csv': 'ID,VALUE\n1,a\n' });
      await project.load();
      expect(await live(project)).toEqual([
        ['1', 'a'],
        ['1', 'a'],
      ]);
    });
  });

  it('in a delivery with lines in quarantine cannot be compared: it stops [LOAD-029]', async () => {
    await withProject({ 'warehouse.yml': lab({ keys: ['ID'] }), 'data/lab.csv': F2 }, async (project) => {
      await project.load();
      project.write({ 'data/lab.csv': 'ID,VALUE\n1,x\n2\n3,x\n' });
      expect(await project.failure()).toMatchObject({ code: 'SOURCE_INCOMPLETE', line: 3 });
    });
  });
});

/** Message and advice of each SOURCE_KEYS_REPEAT. */
function toldBy(project: TemporaryProject): [string, string | undefined][] {
  const told: [string, string | undefined][] = [];
  project.events = (event) => {
    if (event.event === 'notice' && event.code === 'SOURCE_KEYS_REPEAT') told.push([event.message, event.next]);
  };
  return told;
}

const NEXT =
  'If they are different records, add the column that tells them apart to keys: of source lab in warehouse.yml; else ask the sender why they come twice.';
const LAST = 'Of such rows only the last of the file stands.';
const ALL =
  'All of them stand, told apart by nothing but their order in the file: where that changes, one passes for the other.';

describe('rows with the keys of an earlier row of their file [LOAD-063]', () => {
  it('are told with their number and the first lines, once, when they land: of an increment the last stands', async () => {
    const files = { 'warehouse.yml': lab({ covers: 'increment', keys: ['ID'] }), 'data/1.csv': F1, 'data/2.csv': F2 };
    await withProject(files, async (project) => {
      const told = toldBy(project);
      await project.load();
      // Of F2, lines 3 and 5 have the key of line 2; that of F1 is of another file.
      const message = `Source lab: 2 rows of data/2.csv with the keys of an earlier row of it; the first, line 3, has those of line 2. ${LAST}`;
      expect(told.splice(0)).toEqual([[message, NEXT]]);
      await project.load();
      project.write({ 'data/0.csv': 'ID,VALUE\n9,x\n', 'data/3.csv': F2 });
      await project.load();
      expect(told).toEqual([]);
    });
  });

  it('are told of a source that covers the study: all stand, by their order', async () => {
    const content = 'ID,VALUE\n2,z\n1,"x\nx"\n2,z\n1,y\n';
    await withProject({ 'warehouse.yml': lab({ keys: ['ID'] }), 'data/lab.csv': content }, async (project) => {
      const told = toldBy(project);
      await project.load();
      const message = `Source lab: 2 rows of data/lab.csv with the keys of an earlier row of it; the first, line 5, has those of line 2. ${ALL}`;
      expect(told.splice(0)).toEqual([[message, NEXT]]);
      expect((await live(project)).length).toBe(4);
      project.write({ 'data/lab.csv': 'ID,VALUE\n1,x\n1,y\n2,z\n' });
      await project.load({ acceptRemovals: true });
      expect(told.map(([one]) => one)).toEqual([
        `Source lab: 1 row of data/lab.csv with the keys of an earlier row of it; the first, line 3, has those of line 2. ${ALL}`,
      ]);
    });
  });

  it('are none where the keys stand in several files of a delivery, or the source has no keys', async () => {
    const files = { 'data/1.csv': F1, 'data/2.csv': F3 };
    await withProject({ 'warehouse.yml': lab({ keys: ['ID'], delivery: 'together' }), ...files }, async (project) => {
      const told = toldBy(project);
      await project.load();
      project.write({ 'warehouse.yml': lab({ delivery: 'together' }), 'data/3.csv': 'ID,VALUE\n1,a\n1,a\n' });
      await project.load();
      expect(told).toEqual([]);
    });
  });
});
