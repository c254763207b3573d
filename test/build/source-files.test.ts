import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { ae: { files: 'data/ae.csv', keys: ['id'] } },
  }),
  'data/ae.csv': 'id,term\n1,Headache\n',
};

/** Changes the record as nothing of the warehouse would. */
async function change(project: TemporaryProject, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(project.path('.warehouse/main.duckdb'));
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

const check = async (project: TemporaryProject) => (await project.checks()).find(({ name }) => name === 'source files');

/** As if its hash had been taken a minute after the file was written. */
const SETTLED = 'UPDATE run.known_file SET seen_ns = seen_ns + 60000000000';

describe('source files between builds [LOAD-100]', () => {
  it('are known by what the file system says, and verify takes their hashes whatever it says', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      await project.build();
      await change(project, SETTLED);
      expect(await check(project)).toMatchObject({ ok: true, detail: '1 file, the bytes that builds took them for' });
      await change(project, `UPDATE run.known_file SET sha256 = repeat('0', 64)`);
      expect(await project.planned()).toEqual([['data/ae.csv', 'changed']]);
      expect(await check(project)).toMatchObject({ ok: false });
    });
  });

  it('are read again when they are written again', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      await project.build();
      await change(project, SETTLED);
      expect((await project.build()).deliveries).toEqual([]);
      project.write({ 'data/ae.csv': 'id,term\n1,Toothache\n' });
      expect((await project.build()).deliveries).toHaveLength(1);
      expect(await project.column('SELECT term FROM staged.ae')).toEqual(['Toothache']);
    });
  });
});
