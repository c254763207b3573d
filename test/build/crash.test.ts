import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryProject, withProject } from '../helpers/project.ts';
import { bytesOf } from '../helpers/snapshot.ts';
import { warehouse } from '../helpers/warehouse-process.ts';
import { CRASH_FILES as FILES, MORE_FILES as MORE } from './crash-files.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';

function exported(project: TemporaryProject): Record<string, string> {
  const folder = project.path('target/export');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), 'base64')]),
  );
}

/** What the first build exports, and the second where nothing disturbs it. */
let first: Record<string, string>;
let second: Record<string, string>;

beforeAll(async () => {
  await withProject(FILES, async (project) => {
    await project.build();
    first = exported(project);
    project.write(MORE);
    await project.build();
    second = exported(project);
  });
});

async function recovers(project: TemporaryProject): Promise<void> {
  const { code, log, output } = await warehouse(project.root, ['build']);
  expect([code, log, code === 0 ? '' : output]).toEqual([0, '', '']);
  expect(exported(project)).toEqual(second);
  expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
  expect(await project.value('SELECT count(*) FROM raw.delivery')).toBe(4);
  expect(await project.value('SELECT count(*) FROM raw.item_data')).toBe(20 * (20 + 800) * 2);
  expect(leftovers(project)).toEqual([]);
}

/** What verify says between the kill and the next build: whatever is not in order yet, the next build is what mends it. */
async function isToldCoherently(project: TemporaryProject): Promise<void> {
  const before = bytesOf(project.root);
  const open = (await project.checks()).filter(({ ok }) => !ok);
  expect(bytesOf(project.root)).toEqual(before);
  for (const check of open) expect(check.next, JSON.stringify(check)).toMatch(/warehouse build/);
}

/** Files that a build makes on its way and takes away again. */
function leftovers(project: TemporaryProject): string[] {
  const paths = ['.warehouse', 'target'].flatMap((folder) =>
    readdirSync(project.path(folder), { recursive: true, encoding: 'utf8' }),
  );
  return paths.filter((path) => /incoming-|\.partial|\.tmp|\.wal$/.test(path));
}

/** The first event of which all of this is so. */
type Moment = Readonly<Record<string, string>>;

function killAt(moment: Moment): (event: Record<string, unknown>, process: ChildProcess) => void {
  return (event, process) => {
    if (Object.entries(moment).every(([key, value]) => event[key] === value)) process.kill('SIGKILL');
  };
}

const MOMENTS: [string, Moment][] = [
  ['within a document', { event: 'progress', step: 'data/2.xml' }],
  ['after a delivery', { step: 'data/2.xml', state: 'end' }],
  ['within an export', { step: 'export parquet/x.parquet', state: 'start' }],
];
const FURTHER_MOMENTS: [string, Moment][] = [
  ['at once', {}],
  ['before a document', { step: 'data/2.xml', state: 'start' }],
  ['before a CSV file', { step: 'data/lab.csv', state: 'start' }],
  ['after all deliveries', { step: 'data/lab.csv', state: 'end' }],
  ['before the first model', { step: 'model', state: 'start' }],
  ['before a dataset', { step: 'model', state: 'start', label: 'sdtm.x' }],
  ['after a dataset', { step: 'model', state: 'end', label: 'sdtm.x' }],
  ['after the last model', { step: 'model', state: 'end', label: 'sdtm.y' }],
  ['before the exports', { step: 'export xpt/x.xpt', state: 'start' }],
  ['after the last export', { step: 'export csv/y.csv', state: 'end' }],
];

describe('a build that is killed', () => {
  it.each(LONG ? [...MOMENTS, ...FURTHER_MOMENTS] : MOMENTS)(
    '%s recovers, with the same exports [BUILD-008, VERIFY-007]',
    async (_, moment) => {
      await withProject(FILES, async (project) => {
        await project.build();
        project.write(MORE);
        const { signal } = await warehouse(project.root, ['build'], { onEvent: killAt(moment) });
        expect(signal).toBe('SIGKILL');
        // Every exported file is whole, of the former export or of the next.
        for (const [path, content] of Object.entries(exported(project))) {
          if (!path.endsWith('.partial')) expect([first[path], second[path]], path).toContain(content);
        }
        await isToldCoherently(project);
        await recovers(project);
      });
    },
  );

  it('during the first build of all recovers [BUILD-008]', async () => {
    await withProject({ ...FILES, ...MORE }, async (project) => {
      const { signal } = await warehouse(project.root, ['build'], { onEvent: killAt(MOMENTS[0][1]) });
      expect(signal).toBe('SIGKILL');
      const { code } = await warehouse(project.root, ['build']);
      expect(code).toBe(0);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
      expect(await project.value('SELECT count(*) FROM raw.item_data')).toBe(20 * (20 + 800) * 2);
    });
  });
});

describe('a disk that is full', () => {
  it.each([
    [
      600,
      {
        event: 'error',
        kind: 'fault',
        code: 'VAULT_NO_ROOM',
        message: 'There is no room for a copy of the file in .warehouse/vault (EFBIG).',
        place: { file: 'data/2.xml' },
        next: 'Nothing of it was loaded. Make room on the disk and build again.',
      },
    ],
    [
      4000,
      {
        event: 'error',
        kind: 'fault',
        code: 'STORE_NO_ROOM',
        message: expect.stringMatching(/Could not write file ".*main\.duckdb\.wal": File too large/),
      },
    ],
  ])(
    'in the middle of a load (files of at most %d KB) lands nothing, and the next build recovers [BUILD-008]',
    async (kilobytes, expected) => {
      await withProject(FILES, async (project) => {
        await project.build();
        const before = exported(project);
        project.write(MORE);
        // Writing past the limit fails as writing to a full disk does; the signal that would end the process is ignored.
        const { code, output } = await warehouse(project.root, ['build'], {
          after: `trap '' XFSZ; ulimit -f ${kilobytes}`,
        });
        const error = JSON.parse(output.trim().split('\n').at(-1) ?? '');
        expect([code, error]).toEqual([1, expect.objectContaining(expected)]);
        expect(exported(project)).toEqual(before);
        await recovers(project);
      });
    },
  );
});
