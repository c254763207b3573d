import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DebugCheck } from '../../src/build/check.ts';
import { debug } from '../../src/build/debug.ts';
import { type Machine, satisfies } from '../../src/build/debug-machine.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';
import { warehouse } from '../helpers/warehouse-process.ts';

const MACHINE: Machine = {
  node: '22.12.0',
  threads: 4,
  memory: { total: 16e9, available: 8e9 },
  environment: {},
  timeZone: 'Europe/Berlin',
};

const FILES = {
  'warehouse.yml': 'name: a\nstudy: { id: A }\nsources:\n  lab: { files: data/lab.csv, keys: [ID] }\n',
  'data/lab.csv': 'ID,X\n1,a\n',
  'models/work/x.sql': 'SELECT 1 AS a',
};

/** The checks by name. */
async function checksOf(
  project: TemporaryProject,
  machine: Partial<Machine> = {},
): Promise<Record<string, DebugCheck>> {
  const context = { clock: systemClock, events: silent };
  const { checks } = await debug(() => loadProject(project.root), context, { ...MACHINE, ...machine });
  return Object.fromEntries(checks.map((check) => [check.name, check]));
}

describe('warehouse debug', () => {
  it('says of each thing that a build needs how it is, before and after one, and changes nothing [CLI-100]', async () => {
    await withProject(FILES, async (project) => {
      const before = await checksOf(project);
      expect(Object.keys(before)).toEqual([
        ...['node', 'duckdb', 'memory', 'time', 'project', 'working file', 'source lab'],
        ...['folders', 'disk', 'keys', 'git'],
      ]);
      expect(Object.values(before).filter(({ ok, next }) => !ok || next !== undefined)).toEqual([]);
      expect(before.project.detail).toBe(
        'a, target main: 1 source, 1 model, 0 rules; what their SQL says is checked by: warehouse plan',
      );
      expect(before['working file'].detail).toBe('nothing has been built yet: there is no .warehouse/main.duckdb');
      expect(before['source lab'].detail).toBe('1 file of format csv, 9 B');
      expect(before.time.detail).toMatch(/^Europe\/Berlin here, UTC in the warehouse/);
      await project.build();
      const file = readFileSync(project.path('.warehouse/main.duckdb'));
      const after = await checksOf(project);
      expect(after['working file']).toMatchObject({
        ok: true,
        detail: expect.stringMatching(/nobody else has it open$/),
      });
      expect(readFileSync(project.path('.warehouse/main.duckdb')).equals(file)).toBe(true);
      project.delete('data/lab.csv');
      expect((await checksOf(project))['source lab']).toMatchObject({
        ok: true,
        detail: 'no file; what it delivered stands',
      });
    });
  });

  it('says what is wrong as the command that meets it would, and goes on to the next [CLI-101]', async () => {
    await withProject(FILES, async (project) => {
      project.delete('data/lab.csv');
      const machine = { node: '18.20.4', memory: { total: 4e9, available: 5e8 } };
      const environment = { SOURCE_DATE_EPOCH: 'now', WAREHOUSE_AGE_IDENTITY: 'AGE-SECRET-KEY-1MISTYPED' };
      const checks = await checksOf(project, { ...machine, environment });
      expect(checks.node).toMatchObject({ ok: false, kind: 'fault' });
      expect(checks.memory).toMatchObject({
        ok: true,
        detail: '500 MB of 4.0 GB are free; 4 threads',
        next: expect.stringMatching(/.+/),
      });
      expect(checks.time).toMatchObject({
        ok: false,
        kind: 'usage',
        detail: expect.stringMatching(/^SOURCE_DATE_EPOCH: /),
      });
      expect(checks['source lab']).toMatchObject({
        ok: false,
        kind: 'usage',
        detail: expect.stringMatching(/^SOURCE_NO_FILES, warehouse.yml, line 4, /),
      });
      expect(checks.keys).toMatchObject({
        ok: false,
        kind: 'usage',
        detail: expect.stringMatching(/^IDENTITY_MALFORMED/),
      });
      expect(JSON.stringify(checks)).not.toContain('MISTYPED');
      project.write({ 'warehouse.yml': 'name: a\nstudy: { id: A }\nsource: {}\n' });
      const { project: invalid, ...others } = await checksOf(project);
      expect(invalid).toMatchObject({
        ok: false,
        kind: 'usage',
        detail: expect.stringMatching(/^CONFIG_UNKNOWN_KEY, warehouse.yml, line 3, /),
      });
      expect(Object.keys(others)).toEqual(['node', 'duckdb', 'memory', 'time']);
    });
  });

  it('says which process has the working file open [CLI-101]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const script = `const { DuckDBInstance } = require('@duckdb/node-api');
        DuckDBInstance.create(${JSON.stringify(project.path('.warehouse/main.duckdb'))}, { access_mode: 'READ_ONLY' })
          .then(() => { process.stdout.write('open'); process.stdin.resume(); });`;
      const other = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      try {
        await once(other.stdout, 'data');
        const { 'working file': found } = await checksOf(project);
        expect(found).toMatchObject({
          ok: false,
          kind: 'fault',
          detail: expect.stringMatching(`^STORE_LOCKED: .*PID ${other.pid}`),
        });
      } finally {
        other.kill();
        await once(other, 'close');
      }
    });
  });

  it('says where the record and what is derived would get into version control [CLI-100]', async () => {
    await withProject(FILES, async (project) => {
      expect((await checksOf(project)).git.detail).toBe('the project is under no version control by git');
      mkdirSync(project.path('.git'));
      project.write({ '.gitignore': '/target\n' });
      expect((await checksOf(project)).git).toMatchObject({
        ok: true,
        detail: 'no .gitignore names .warehouse/',
        next: expect.stringMatching(/.+/),
      });
      project.write({ '.gitignore': 'target/\n.warehouse/\n' });
      expect((await checksOf(project)).git).toEqual({
        name: 'git',
        ok: true,
        detail: 'leaves out .warehouse/ and target/',
      });
    });
  });

  it('tells of a library of DuckDB that cannot be loaded, and what else it finds [CLI-101]', async () => {
    await withProject(FILES, async (project) => {
      const hook = `const m = require('module'); const load = m._load; m._load = (name, ...rest) => {
        if (name.startsWith('@duckdb')) throw new Error('no such library'); return load(name, ...rest); };`;
      project.write({ 'data/hook.cjs': hook });
      const environment = { NODE_OPTIONS: `--require ${join(project.root, 'data/hook.cjs')}` };
      const { code, output } = await warehouse(project.root, ['debug'], { environment });
      const { checks } = JSON.parse(output) as { checks: DebugCheck[] };
      expect(code).toBe(1);
      expect(checks.filter(({ ok }) => !ok)).toMatchObject([
        { name: 'duckdb', kind: 'fault', detail: expect.stringMatching(/no such library/) },
      ]);
      expect(checks.map(({ name }) => name)).toContain('project');
    });
  });

  it.skipIf(process.getuid?.() === 0)('tells of a folder that cannot be written [CLI-101]', async () => {
    await withProject(FILES, async (project) => {
      mkdirSync(project.path('target'));
      chmodSync(project.path('target'), 0o500);
      expect((await checksOf(project)).folders).toMatchObject({
        ok: false,
        kind: 'fault',
        detail: expect.stringMatching(/^FILE_ACCESS/),
      });
    });
  });

  it.each([
    ['20.19.0', true],
    ['20.18.9', false],
    ['21.7.3', false],
    ['22.12.0', true],
    ['22.11.9', false],
    ['23.9.0', false],
    ['24.0.0', true],
    ['25.1.0', true],
    ['18.20.4', false],
  ])('reads the versions of Node that package.json supports: %s, %s [CLI-100]', (version, isSupported) => {
    expect(satisfies(version, '^20.19.0 || ^22.12.0 || >=24')).toBe(isSupported);
  });
});
