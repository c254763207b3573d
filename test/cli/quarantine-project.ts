import { createHash } from 'node:crypto';
import { afterEach, beforeEach, vi } from 'vitest';
import * as actions from '../../src/build/commands.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';
import { type Run, runCli } from './world.ts';

/** The clock of the command line, as the ledger has it. */
export const NOW = '2026-03-27 08:00:00';

export const lab = (keys: Record<string, unknown> = {}) =>
  JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { lab: { files: 'data/lab*.csv', keys: ['ID'], ...keys }, vitals: { files: 'data/vs.csv' } },
  });

/** One cell too many, an escape sequence that would clear a screen, and one cell too few. */
export const RAGGED = 'ID,VALUE\n1,a\n2,b,\u001b[2J\\n\n3\n4,d\n';
export const FILES = { 'warehouse.yml': lab(), 'data/lab.csv': RAGGED, 'data/vs.csv': 'ID,BP\n1,120\n2,"1,2",3\n' };

/** Under a comma each line is one cell, but for the third; under a semicolon all fit. */
export const SEMICOLON = {
  ...FILES,
  'warehouse.yml': lab({ keys: undefined }),
  'data/lab.csv': 'ID;VALUE\n1;a\n2;b,c\n',
};

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

type Command = (...argv: string[]) => Promise<Run>;

/** A project that was loaded once, and its commands `quarantine ...`. */
export async function loaded(
  files: Record<string, string | Uint8Array>,
  work: (quarantine: Command, project: TemporaryProject) => Promise<void>,
): Promise<void> {
  await withProject(files, async (project) => {
    await project.load();
    await work((...argv) => runCli(['quarantine', ...argv], actions, project.root), project);
  });
}

/** Ada runs the commands of every test of the file. */
export function asAda(): void {
  beforeEach(() => void vi.stubEnv('WAREHOUSE_ACTOR', 'ada'));
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
}
