import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentOf } from '../../src/model/content-hash.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';
import { warehouse } from '../helpers/warehouse-process.ts';
import { Random } from '../odm/differential/random.ts';
import { CRASH_FILES, MORE_FILES } from './crash-files.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
const KILLS = LONG ? 50 : 4;

/** Columns that say when and in which run something was done. */
const OF_THE_RUN = ['arrived_at', 'correlation_id'];
/** Schemas that tell of runs, not of data. */
const RUNS = ['audit', 'run', 'failures'];

interface State {
  readonly exports: Readonly<Record<string, string>>;
  readonly contents: Readonly<Record<string, string>>;
}

async function stateOf(project: TemporaryProject): Promise<State> {
  const folder = project.path('target/export');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const exports = files
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => [path, readFileSync(join(folder, path), 'base64')]);
  return { exports: Object.fromEntries(exports), contents: await contentsOf(project.path('.warehouse/main.duckdb')) };
}

/** The content hash of each table. */
async function contentsOf(path: string): Promise<Record<string, string>> {
  const file = await WarehouseFile.open(path);
  const connection = await file.connect();
  try {
    const tables = await connection.rows<{ name: string }>(
      `SELECT schema_name || '.' || table_name AS name FROM duckdb_tables()
       WHERE schema_name NOT IN (${RUNS.map((name) => `'${name}'`)}) AND NOT temporary ORDER BY 1`,
    );
    const contents: [string, string][] = [];
    for (const { name } of tables) contents.push([name, (await contentOf(connection, name, OF_THE_RUN)).hash]);
    return Object.fromEntries(contents);
  } finally {
    connection.close();
    file.close();
  }
}

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
});

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
  );

  it('was killed, as a rule, before it had ended [LOAD-092]', () => {
    expect(killed).toBeGreaterThan(KILLS / 2);
  });
});
