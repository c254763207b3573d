import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryProject, withProject } from '../helpers/project.ts';
import { warehouse } from '../helpers/warehouse-process.ts';
import { type State, stateOf } from './build-state.ts';
import { CRASH_FILES, MORE_FILES } from './crash-files.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
const TIMEOUT = 900_000;

/** A small disk: a file system in memory, of so many bytes, which only root may mount. */
function mount(folder: string, bytes: number, options = ''): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `${options}size=${bytes}`, 'tmpfs', folder], { stdio: 'pipe' });
}

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'warehouse-mount-'));
  try {
    mount(folder, 1 << 20);
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

const ROOMY = 256 << 20;

function used(folder: string): number {
  const { blocks, bfree, bsize } = statfsSync(folder);
  return (blocks - bfree) * bsize;
}

/** A project on a disk of its own. */
async function withDisk(work: (project: TemporaryProject) => Promise<void>): Promise<void> {
  await withProject({}, async (project) => {
    mount(project.root, ROOMY);
    try {
      await work(project);
    } finally {
      execFileSync('umount', [project.root]);
    }
  });
}

const describeWithDisk = mayMount() ? describe : describe.skip;

describeWithDisk('a disk that is full (needs to be root, to mount one)', () => {
  let undisturbed: State;
  /** What the second build needs on the disk, at the end. */
  let needed: number;

  beforeAll(async () => {
    await withDisk(async (project) => {
      project.write(CRASH_FILES);
      await warehouse(project.root, ['build']);
      project.write(MORE_FILES);
      const before = used(project.root);
      await warehouse(project.root, ['build']);
      needed = used(project.root) - before;
      undisturbed = await stateOf(project);
    });
  }, TIMEOUT);

  // Of what the build needs, how much there is.
  it.each(LONG ? [0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] : [0.1, 0.6])(
    'at %d of what a build needs stops it with what to do, and the next one ends as an undisturbed one does [LOAD-093]',
    async (part) => {
      await withDisk(async (project) => {
        project.write(CRASH_FILES);
        await warehouse(project.root, ['build']);
        project.write(MORE_FILES);
        mount(project.root, used(project.root) + Math.floor(part * needed), 'remount,');
        const { code, output } = await warehouse(project.root, ['build']);
        const last = JSON.parse(output.trim().split('\n').at(-1) ?? '');
        // Where the models were built, what is told is that nothing was handed over, and why.
        const error = last.event === 'error' ? last : last.withheld?.error;
        expect([code, error?.kind], output.slice(-1000)).toEqual([1, 'fault']);
        expect(error.code).toMatch(/_NO_ROOM$/);
        expect(error.next).toMatch(/Make room/);
        mount(project.root, ROOMY, 'remount,');
        const again = await warehouse(project.root, ['build']);
        expect(again.code, again.output.slice(-1000)).toBe(0);
        expect(await stateOf(project)).toEqual(undisturbed);
        expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
      });
    },
    TIMEOUT,
  );
});
