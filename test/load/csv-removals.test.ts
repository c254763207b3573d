import { describe, expect, it } from 'vitest';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const lab = (keys: Record<string, unknown> = {}, more: Record<string, unknown> = {}) =>
  JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', ...keys } }, ...more });

/** Rows of the numbers from..to, with a value each. */
const rows = (from: number, to: number, value = 'a') =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index},${value}\n`).join('');
const HEADER = 'ID,VALUE\n';

const ids = (project: TemporaryProject) => project.column('SELECT id::INTEGER AS id FROM state.file_lab ORDER BY id');
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

const stopped = (message: string) => ({
  kind: 'data',
  code: 'REMOVAL_THRESHOLD',
  message,
  file: 'data/lab.csv',
  next: 'Nothing of it was loaded. Check that the file is complete; if the removals are meant, build again with --accept-removals.',
});

/** What the ledger says of accepted removals, by delivery. */
const accepted = (project: TemporaryProject) =>
  project.rows(
    `SELECT object, json_extract_string(meta, '$.removalsAccepted.removed'), json_extract_string(meta, '$.removalsAccepted.live')
     FROM audit.ledger WHERE action = 'delivery.load' ORDER BY sequence`,
  );

describe('a CSV file that no longer holds rows of the file before', () => {
  it('is stopped above the threshold, by its keys, with the place of the first [LOAD-019]', async () => {
    const files = { 'warehouse.yml': lab({ keys: ['ID'] }), 'data/lab.csv': HEADER + rows(1, 100) };
    await withProject(files, async (project) => {
      await project.load();
      // Two of a hundred are the threshold of 2 %; other values of the same keys remove nothing.
      project.write({ 'data/lab.csv': HEADER + rows(1, 40, 'b') + rows(43, 100) });
      await project.load();
      project.write({ 'data/lab.csv': HEADER + rows(1, 39) + rows(45, 120) });
      expect(await project.failure()).toEqual(
        stopped(
          'The delivery would remove 3 of 98 live rows of source lab (3.1 %) because it does not hold them; the first is line 41 of data/lab.csv in delivery 2.',
        ),
      );
      expect(await ids(project)).toEqual([...numbers(1, 40), ...numbers(43, 100)]);
      expect(await project.value('SELECT count(*) FROM raw.part')).toBe(2);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('is loaded where the removals are accepted, and the ledger says how many [LOAD-019] [LOAD-020]', async () => {
    const files = { 'warehouse.yml': lab({ keys: ['ID'] }), 'data/lab.csv': HEADER + rows(1, 10) };
    await withProject(files, async (project) => {
      await project.load({ acceptRemovals: true });
      project.write({ 'data/lab.csv': HEADER + rows(4, 12) });
      await project.load({ acceptRemovals: true });
      expect(await ids(project)).toEqual(numbers(4, 12));
      project.write({ 'data/lab.csv': HEADER + rows(4, 13) });
      await project.load({ acceptRemovals: true });
      expect(await accepted(project)).toEqual([
        ['delivery/1', null, null],
        ['delivery/2', '3', '10'],
        ['delivery/3', null, null],
      ]);
    });
  });

  it('without keys is stopped by how many rows it holds fewer [LOAD-019]', async () => {
    await withProject({ 'warehouse.yml': lab(), 'data/lab.csv': HEADER + rows(1, 100) }, async (project) => {
      await project.load();
      // Every row is another, which may be a correction of each.
      project.write({ 'data/lab.csv': HEADER + rows(1, 100, 'b') });
      await project.load();
      project.write({ 'data/lab.csv': HEADER + rows(1, 97) });
      expect(await project.failure()).toEqual(
        stopped(
          'The delivery would remove at least 3 of 100 live rows of source lab (3.0 %): it holds that many fewer.',
        ),
      );
    });
  });

  it('read by other keys than before is stopped by how many rows it holds fewer [LOAD-019]', async () => {
    // No copy, so that the rows before stay as they were read.
    const settings = (...keys: string[]) => lab({ keys, keep: 'reference' });
    const files = { 'warehouse.yml': settings('ID'), 'data/lab.csv': HEADER + rows(1, 100) };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'warehouse.yml': settings('ID', 'VALUE'), 'data/lab.csv': HEADER + rows(1, 50) });
      expect(await project.failure()).toEqual(
        stopped(
          'The delivery would remove at least 50 of 100 live rows of source lab (50.0 %): it holds that many fewer.',
        ),
      );
      project.write({ 'data/lab.csv': HEADER + rows(1, 98) });
      await project.load();
      expect(await ids(project)).toEqual(numbers(1, 98));
    });
  });

  it('is never stopped where each file adds to those before, or where the threshold is 1 [LOAD-019]', async () => {
    for (const yml of [lab({ covers: 'increment' }), lab({}, { removal_threshold: 1 })]) {
      await withProject({ 'warehouse.yml': yml, 'data/lab.csv': HEADER + rows(1, 10) }, async (project) => {
        await project.load();
        project.write({ 'data/lab.csv': HEADER });
        expect((await project.load()).deliveries.length).toBe(1);
      });
    }
  });
});
