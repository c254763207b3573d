import { lstatSync, readdirSync, symlinkSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const configured = (exports: Record<string, unknown>) =>
  JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] } },
    exports,
  });

const FILES = {
  'warehouse.yml': configured({ formats: ['csv'] }),
  'data/people.csv': 'ID,SEX\n01,F\n',
  'models/sdtm/a.sql': 'SELECT id AS USUBJID, sex AS SEX, [_row] AS _rows FROM staged.people',
  'models/sdtm/b.sql': 'SELECT id AS USUBJID, [_row] AS _rows FROM staged.people',
};
const A = 'target/export/csv/a.csv';
const B = 'target/export/csv/b.csv';
const MANIFEST = 'target/export/manifest.json';

afterEach(() => vi.unstubAllEnvs());

/** Builds, and returns what the ledger says since of exports, and which files the result says are unchanged. */
async function rebuilt(project: TemporaryProject) {
  const before = await project.value('SELECT max(sequence) FROM audit.ledger');
  const { exports } = await project.build();
  const recorded = await project.rows(
    `SELECT action, object FROM audit.ledger WHERE action LIKE 'export.%' AND sequence > ${before} ORDER BY sequence`,
  );
  return { recorded, unchanged: exports.filter(({ unchanged }) => unchanged).map(({ path }) => path) };
}

const put = (...paths: string[]) => [
  ...paths.map((path) => ['export.begin', path]),
  ...paths.map((path) => ['export.write', path]),
];
/** Which file it is, whatever it holds. */
const inode = (project: TemporaryProject, path: string) => lstatSync(project.path(path)).ino;
const noComplaints = async (project: TemporaryProject) =>
  expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);

describe('exported files that would be the same [EXPORT-081]', () => {
  it('are left where they are, and nothing is recorded of them', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const before = [A, B, MANIFEST].map((path) => inode(project, path));
      for (let build = 0; build < 2; build++) {
        expect(await rebuilt(project)).toEqual({ recorded: [], unchanged: [A, B] });
      }
      expect((await project.export()).exports.map(({ unchanged }) => unchanged)).toEqual([true, true]);
      expect([A, B, MANIFEST].map((path) => inode(project, path))).toEqual(before);
      expect(readdirSync(project.path('target/export/csv'))).toEqual(['a.csv', 'b.csv']);
      await noComplaints(project);
    });
  });

  it('are put back where somebody changed them, took them away or put a link in their place', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const content = project.read(A);
      project.write({ [A]: 'mine now' });
      expect(await rebuilt(project)).toEqual({ recorded: [['export.write', A]], unchanged: [B] });
      expect(project.read(A)).toEqual(content);
      project.delete(A);
      expect(await rebuilt(project)).toEqual({ recorded: [['export.write', A]], unchanged: [B] });
      expect(project.read(A)).toEqual(content);
      project.delete(MANIFEST);
      expect(await rebuilt(project)).toEqual({ recorded: [['export.write', MANIFEST]], unchanged: [A, B] });
      project.delete(A);
      project.write({ 'elsewhere.csv': content });
      symlinkSync(project.path('elsewhere.csv'), project.path(A));
      expect(await rebuilt(project)).toEqual({ recorded: [['export.write', A]], unchanged: [B] });
      expect(lstatSync(project.path(A)).isFile()).toBe(true);
      await noComplaints(project);
    });
  });

  it('are written where the data changed, alone, as a fresh build writes them', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const b = inode(project, B);
      const changed = { 'data/people.csv': 'ID,SEX\n01,M\n' };
      project.write(changed);
      expect(await rebuilt(project)).toEqual({ recorded: put(A, MANIFEST), unchanged: [B] });
      expect(inode(project, B)).toBe(b);
      await withProject({ ...FILES, ...changed }, async (fresh) => {
        await fresh.build();
        for (const path of [A, B, MANIFEST]) expect(project.read(path)).toEqual(fresh.read(path));
      });
      await noComplaints(project);
    });
  });

  it('are joined by those of a format that is added', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write({ 'warehouse.yml': configured({ formats: ['csv', 'parquet'] }) });
      const parquet = ['target/export/parquet/a.parquet', 'target/export/parquet/b.parquet'];
      expect(await rebuilt(project)).toEqual({ recorded: put(...parquet, MANIFEST), unchanged: [A, B] });
      await noComplaints(project);
    });
  });

  it('are written where target/ was emptied, and where a stamp in them changed', async () => {
    await withProject({ ...FILES, 'warehouse.yml': configured({ formats: ['xpt'] }) }, async (project) => {
      const xpt = ['target/export/xpt/a.xpt', 'target/export/xpt/b.xpt'];
      await project.build();
      expect(await rebuilt(project)).toEqual({ recorded: [], unchanged: xpt });
      vi.stubEnv('SOURCE_DATE_EPOCH', '1767225600');
      expect(await rebuilt(project)).toEqual({ recorded: put(...xpt, MANIFEST), unchanged: [] });
      expect(project.read(xpt[0]).toString('latin1')).toContain('01JAN26:00:00:00');
      expect(await rebuilt(project)).toEqual({ recorded: [], unchanged: xpt });
      project.delete('target');
      const written = [...xpt, MANIFEST].map((path) => ['export.write', path]);
      expect(await rebuilt(project)).toEqual({ recorded: written, unchanged: [] });
      await noComplaints(project);
    });
  });
});
