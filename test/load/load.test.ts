import { expect, it, vi } from 'vitest';
import { loadDeliveries } from '../../src/load/load.ts';
import type { LoadContext } from '../../src/load/load-context.ts';
import type { PendingDelivery } from '../../src/load/pending-delivery.ts';
import { failureOf, withProject } from '../helpers/project.ts';

const SOURCE = {
  name: 'lab',
  format: 'csv',
  keep: 'reference',
  system: 'lab',
  keys: [],
  delimiter: ',',
  encoding: 'utf-8',
};

const WITHOUT_A_FILE = [
  { source: SOURCE, parts: [{ file: { name: 'data/lab.csv', path: '/none/lab.csv', size: 0 } }] },
] as unknown as PendingDelivery[];

it('tells the error that stopped it, not one that came after it [LOAD-027]', async () => {
  const broken = () => Promise.reject(new Error('the connection is of no use any more'));
  // What is asked before the load is answered: nothing stands as it was read otherwise.
  const row = vi.fn(broken).mockResolvedValueOnce(undefined as never);
  const context = { vault: { sweep: () => {} }, connection: { row, transaction: broken } };
  expect(await failureOf(loadDeliveries(context as unknown as LoadContext, WITHOUT_A_FILE))).toMatchObject({
    code: 'SOURCE_UNREADABLE',
    file: 'data/lab.csv',
  });
});

it('works out what is live of the deliveries before one that fails [LOAD-027]', async () => {
  const files = {
    'warehouse.yml': JSON.stringify({
      name: 'test',
      study: { id: 'S' },
      sources: { a: { files: 'data/a.csv' }, b: { files: 'data/b.csv' } },
    }),
    'data/a.csv': 'ID\n1\n',
    'data/b.csv': 'ID,ID\n1,2\n',
  };
  await withProject(files, async (project) => {
    expect(await failureOf(project.load())).toMatchObject({ code: 'CSV_HEADER', file: 'data/b.csv' });
    expect(await project.rows('SELECT id FROM state.file_a')).toEqual([['1']]);
  });
});
