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
