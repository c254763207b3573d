import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Ledger } from '../../src/audit/ledger.ts';
import type { Check } from '../../src/build/check.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const configured = (publications: Record<string, unknown>) =>
  JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] } },
    exports: { formats: ['csv'] },
    publications,
  });

const FILES = {
  'warehouse.yml': configured({ main: {} }),
  'data/people.csv': 'ID,SEX\n01,F\n',
  'models/sdtm/a.sql': 'SELECT id AS USUBJID, sex AS SEX, [_row] AS _rows FROM staged.people',
  'models/sdtm/b.sql': 'SELECT id AS USUBJID, [_row] AS _rows FROM staged.people',
};
const CHANGED = { 'data/people.csv': 'ID,SEX\n01,M\n' };

afterEach(() => vi.restoreAllMocks());

/** A build that ends, as by a kill, where the ledger is to be written: before that, or right after it. */
async function cutShort(
  project: TemporaryProject,
  moment: 'before' | 'after',
  action: string,
  object?: string,
): Promise<void> {
  const append = Ledger.prototype.append;
  vi.spyOn(Ledger.prototype, 'append').mockImplementation(async function (this: Ledger, entries) {
    const isIt = entries.some((entry) => entry.action === action && (object ?? entry.object) === entry.object);
    if (isIt && moment === 'before') throw new Error('killed');
    const records = await append.call(this, entries);
    if (isIt) throw new Error('killed');
    return records;
  });
  await expect(project.build()).rejects.toThrow('killed');
  vi.restoreAllMocks();
}

const bad = async (project: TemporaryProject): Promise<Check[]> => (await project.checks()).filter(({ ok }) => !ok);

/** What verify says, which must send to a build, and how that leaves things. */
async function toldAndMended(project: TemporaryProject): Promise<string[]> {
  const told = await bad(project);
  for (const { next } of told) expect(next).toContain('warehouse build');
  await project.build();
  expect(await bad(project)).toEqual([]);
  return told.map(({ detail }) => detail.replaceAll(/record \d+/g, 'record N'));
}

const SO = 'by a run that was cut short (record N of the ledger)';

describe('a run that is cut short [VERIFY-022]', () => {
  it('between the models of the first build of a file goes on, with data that have changed since', async () => {
    await withProject(FILES, async (project) => {
      await cutShort(project, 'before', 'model.build', 'sdtm.b');
      project.write(CHANGED);
      await project.build();
      expect(await bad(project)).toEqual([]);
      expect(project.read('target/export/csv/a.csv').toString()).toBe('USUBJID,SEX\n01,M\n');
    });
  });

  it('before any file is in its place has changed nothing, and the next build goes on', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write(CHANGED);
      await cutShort(project, 'after', 'export.begin');
      expect(project.read('target/export/csv/a.csv').toString()).toBe('USUBJID,SEX\n01,F\n');
      expect(await toldAndMended(project)).toEqual([]);
      expect(project.read('target/export/csv/a.csv').toString()).toBe('USUBJID,SEX\n01,M\n');
    });
  });

  it('before exported files are recorded is told of each that it changed', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write(CHANGED);
      await cutShort(project, 'before', 'export.write');
      expect(project.read('target/export/csv/a.csv').toString()).toBe('USUBJID,SEX\n01,M\n');
      expect(await toldAndMended(project)).toEqual([
        `csv/a.csv was put there ${SO}, manifest.json was put there ${SO}`,
      ]);
    });
  });

  it('leaves no file behind that nobody knows, though nothing of it is exported any more', async () => {
    await withProject(FILES, async (project) => {
      await cutShort(project, 'before', 'export.write');
      project.delete('models/sdtm/b.sql');
      const files = ['csv/a.csv', 'csv/b.csv', 'manifest.json'];
      expect(await toldAndMended(project)).toEqual([files.map((path) => `${path} was put there ${SO}`).join(', ')]);
      expect(existsSync(project.path('target/export/csv/b.csv'))).toBe(false);
    });
  });

  it('before files that were taken away are recorded is told of them', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.delete('models/sdtm/b.sql');
      await cutShort(project, 'before', 'export.write');
      expect(await toldAndMended(project)).toEqual([
        `csv/b.csv was taken away ${SO}, manifest.json was put there ${SO}`,
      ]);
    });
  });

  it('before the files that it published are recorded is told of them, and they are known for what they are', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write({ 'warehouse.yml': configured({ main: {}, part: { models: ['sdtm.a'] } }) });
      await cutShort(project, 'before', 'publication');
      const told = (await bad(project)).map(({ detail }) => detail.replaceAll(/record \d+/g, 'record N'));
      expect(told).toEqual([`target/main.duckdb was put there ${SO}, target/part.duckdb was put there ${SO}`]);
      project.write({ 'warehouse.yml': FILES['warehouse.yml'] });
      await toldAndMended(project);
      expect(existsSync(project.path('target/part.duckdb'))).toBe(false);
    });
  });

  it('may be followed by an export of a part', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write(CHANGED);
      await cutShort(project, 'before', 'export.write');
      await project.export({ select: ['b'] });
      // A in its place is that of the run, and the manifest too, which says of it what it is.
      expect(project.read('target/export/csv/a.csv').toString()).toBe('USUBJID,SEX\n01,M\n');
      // Nothing is amiss with the exports: only a build publishes.
      expect((await bad(project)).filter(({ name }) => name === 'exports')).toEqual([]);
      await toldAndMended(project);
    });
  });

  it('before it took away a file that comes back is not blamed for it later', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.delete('models/sdtm/b.sql');
      await cutShort(project, 'after', 'export.begin');
      project.write(FILES);
      await project.build();
      project.delete('target/export/csv/b.csv');
      expect((await bad(project)).map(({ detail }) => detail)).toEqual(['csv/b.csv is missing']);
    });
  });

  it('is not blamed for what somebody has changed since', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write(CHANGED);
      await cutShort(project, 'before', 'export.write');
      project.write({ 'target/export/csv/a.csv': 'mine now' });
      expect((await bad(project)).map(({ detail }) => detail)).toEqual([
        expect.stringMatching(
          /^csv\/a\.csv is not what record \d+ of the ledger says was written, manifest\.json was put there by/,
        ),
      ]);
    });
  });
});

it('announces only what changes [VERIFY-022]', async () => {
  await withProject(FILES, async (project) => {
    const begun = () =>
      project.rows(
        "SELECT action, object, before_hash IS NOT NULL, after_hash IS NOT NULL FROM audit.ledger WHERE action LIKE '%.begin' AND action NOT LIKE 'pub%' ORDER BY sequence",
      );
    await project.build();
    const first = await begun();
    expect(first).toEqual(
      ['csv/a.csv', 'csv/b.csv', 'manifest.json'].map((path) => ['export.begin', `target/export/${path}`, false, true]),
    );
    await project.build();
    expect(await begun()).toEqual(first);
    project.delete('models/sdtm/b.sql');
    await project.build();
    expect((await begun()).slice(first.length)).toEqual([
      ['export.begin', 'target/export/manifest.json', false, true],
      ['export.begin', 'target/export/csv/b.csv', true, false],
    ]);
  });
});
