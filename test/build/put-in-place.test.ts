import { afterEach, expect, it, vi } from 'vitest';
import { withProject } from '../helpers/project.ts';

/** What was done to the disk, in turn. */
const { done } = vi.hoisted(() => ({ done: [] as string[] }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    rmSync: (path: string, options: object) => {
      if (fs.existsSync(path)) done.push(`remove ${path}`);
      fs.rmSync(path, options);
    },
  };
});
vi.mock('../../src/lib/disk.ts', async (original) => {
  const disk = await original<typeof import('../../src/lib/disk.ts')>();
  return {
    ...disk,
    syncFolder: (path: string) => {
      disk.syncFolder(path);
      done.push(`sync ${path}`);
    },
  };
});

afterEach(() => {
  done.length = 0;
});

const configured = (publications: Record<string, unknown>) =>
  JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] } },
    publications,
  });

it('waits for a folder out of which files were only taken, too [STORE-007]', async () => {
  const files = {
    'warehouse.yml': configured({ main: {}, part: { schemas: ['staged'], file: 'target/parts/part.duckdb' } }),
    'data/people.csv': 'ID\n01\n',
  };
  await withProject(files, async (project) => {
    await project.build();
    done.length = 0;
    project.write({ 'warehouse.yml': configured({ main: {} }) });
    await project.build();
    const removed = done.indexOf(`remove ${project.path('target/parts/part.duckdb')}`);
    expect(done.slice(removed)).toEqual([
      `remove ${project.path('target/parts/part.duckdb')}`,
      `sync ${project.path('target')}`,
      `sync ${project.path('target/parts')}`,
    ]);
  });
});
