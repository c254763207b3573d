import { describe, expect, it } from 'vitest';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const lab = (keys: Record<string, unknown>) =>
  JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', ...keys } } });

const live = (project: TemporaryProject) => project.rows('SELECT id, value FROM state.file_lab ORDER BY id');

/** The messages on the order of files from now on. */
function noticesOf(project: TemporaryProject): string[] {
  const messages: string[] = [];
  project.events = (event) => {
    if (event.event === 'notice' && event.code === 'SOURCE_ORDER') messages.push(event.message);
  };
  return messages;
}

const FIRST = { 'data/acme_lab.csv': 'ID,VALUE\n1,april\n', 'data/acme_lab_may.csv': 'ID,VALUE\n1,may\n' };
const JUNE = { 'data/acme_lab_june.csv': 'ID,VALUE\n1,june\n' };
const MESSAGE =
  'Source lab: data/acme_lab_june.csv is delivered after data/acme_lab_may.csv, but its name comes before it. ' +
  'A build from nothing goes by names: data/acme_lab_may.csv would come last, and other rows may be live.';

describe('a file whose name comes before one that was delivered before [LOAD-055]', () => {
  it.each([{ delivery: 'each' }, { covers: 'increment', keys: ['ID'] }])(
    'is told, for another order of %j',
    async (keys) => {
      await withProject({ 'warehouse.yml': lab(keys), ...FIRST }, async (project) => {
        const notices = noticesOf(project);
        await project.load();
        project.write(JUNE);
        expect(notices).toEqual([]);
        await project.load();
        expect(notices).toEqual([MESSAGE]);
        expect(await live(project)).toEqual([['1', 'june']]);
        // Once, with the delivery.
        await project.load();
        expect(notices.length).toBe(1);
      });
      // It is true: a build from nothing has the other row.
      await withProject({ 'warehouse.yml': lab(keys), ...FIRST, ...JUNE }, async (project) => {
        const notices = noticesOf(project);
        await project.load();
        expect(notices).toEqual([]);
        expect(await live(project)).toEqual([['1', 'may']]);
      });
    },
  );

  it('is told too where it was delivered before and has other bytes now', async () => {
    const files = { 'data/1.csv': 'ID,VALUE\n1,a\n', 'data/2.csv': 'ID,VALUE\n1,b\n' };
    await withProject({ 'warehouse.yml': lab({ delivery: 'each' }), ...files }, async (project) => {
      await project.load();
      const notices = noticesOf(project);
      project.write({ 'data/1.csv': 'ID,VALUE\n1,c\n' });
      await project.load();
      expect(notices).toEqual([
        'Source lab: data/1.csv is delivered after data/2.csv, but its name comes before it. ' +
          'A build from nothing goes by names: data/2.csv would come last, and other rows may be live.',
      ]);
    });
  });

  it.each([{ delivery: 'together' }, { covers: 'increment' }])(
    'is not told where the order says nothing: %j',
    async (keys) => {
      await withProject({ 'warehouse.yml': lab(keys), ...FIRST }, async (project) => {
        await project.load();
        const notices = noticesOf(project);
        project.write(JUNE);
        await project.load();
        expect(notices).toEqual([]);
      });
    },
  );
});
