import type { ChildProcess } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryProject, withProject } from '../helpers/project.ts';
import { warehouse } from '../helpers/warehouse-process.ts';
import { Random } from '../odm/differential/random.ts';
import { type State, stateOf } from './build-state.ts';
import { CRASH_FILES, MORE_FILES } from './crash-files.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
const KILLS = LONG ? 50 : 4;
const TIMEOUT = 900_000;

function bytesUnder(folder: string): number {
  try {
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return paths.reduce((sum, path) => sum + (statSync(join(folder, path), { throwIfNoEntry: false })?.size ?? 0), 0);
  } catch {
    return 0;
  }
}
const bytesOf = (project: TemporaryProject) =>
  bytesUnder(project.path('.warehouse')) + bytesUnder(project.path('target'));

/** What a build that nothing disturbs says, writes, and leaves. */
let events: number;
let bytes: [before: number, after: number];
let undisturbed: State;

beforeAll(async () => {
  await withProject(CRASH_FILES, async (project) => {
    await warehouse(project.root, ['build']);
    project.write(MORE_FILES);
    const before = bytesOf(project);
    events = 0;
    await warehouse(project.root, ['build'], { onEvent: () => events++ });
    bytes = [before, bytesOf(project)];
    undisturbed = await stateOf(project);
  });
}, TIMEOUT);

/** Kills at the event of this number. */
function atEvent(number: number): (event: unknown, process: ChildProcess) => void {
  let seen = 0;
  return (_, process) => {
    if (seen++ === number) process.kill('SIGKILL');
  };
}

/** Kills when so many bytes are on the disk: looks as often as it can. */
function atBytes(project: TemporaryProject, most: number): (event: unknown, process: ChildProcess) => void {
  let watches = false;
  return (_, process) => {
    if (watches) return;
    watches = true;
    const look = () => {
      if (process.exitCode !== null || process.signalCode !== null) return;
      if (bytesOf(project) >= most) process.kill('SIGKILL');
      else setImmediate(look);
    };
    look();
  };
}

describe('a build that is killed at a random moment', () => {
  let killed = 0;

  it.each(Array.from({ length: KILLS }, (_, index) => index + 1))(
    'leaves to the next one what an undisturbed one ends with (seed %d) [LOAD-092]',
    async (seed) => {
      const random = new Random(seed);
      await withProject(CRASH_FILES, async (project) => {
        await warehouse(project.root, ['build']);
        project.write(MORE_FILES);
        const [before, after] = bytes;
        const onEvent =
          seed % 2 === 0
            ? atEvent(random.integer(events))
            : atBytes(project, before + Math.ceil(random.next() * (after - before)));
        const { signal } = await warehouse(project.root, ['build'], { onEvent });
        if (signal === 'SIGKILL') killed++;
        const { code, output } = await warehouse(project.root, ['build']);
        expect(code, output.slice(-1000)).toBe(0);
        expect(await stateOf(project)).toEqual(undisturbed);
        expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
      });
    },
    TIMEOUT,
  );

  it('was killed, as a rule, before it had ended [LOAD-092]', () => {
    expect(killed).toBeGreaterThan(KILLS / 2);
  });
});
