import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

const configuration = (exports: Record<string, unknown> = {}) =>
  JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] } },
    exports: { formats: ['csv'], ...exports },
  });

const FILES = {
  'warehouse.yml': configuration(),
  'data/people.csv': 'ID,SEX\n01,F\n',
  'models/sdtm/a.sql': `SELECT id AS USUBJID, 'a' AS TERM, [_row] AS _rows FROM staged.people`,
  'models/sdtm/b.sql': `SELECT id AS USUBJID, 'b' AS TERM, [_row] AS _rows FROM staged.people`,
};
const A = 'target/export/csv/a.csv';
const MANIFEST = 'target/export/manifest.json';

interface Manifest {
  files: { path: string; rows: number; sha256: string }[];
  models: Record<string, string>;
  sources: unknown[];
}

function changeManifest(project: TemporaryProject, change: (manifest: Manifest) => void): void {
  const manifest = JSON.parse(project.read(MANIFEST).toString()) as Manifest;
  change(manifest);
  project.write({ [MANIFEST]: JSON.stringify(manifest) });
}

async function exportsCheck(project: TemporaryProject) {
  return (await project.checks()).find(({ name }) => name === 'exports');
}

/** As a regular expression. */
const other = (path: string) => `${path} is not what record \\d+ of the ledger says was written`;

describe('verify of exports [VERIFY-020]', () => {
  it.each<[string, (project: TemporaryProject) => void, string]>([
    [
      'a manifest that is gone, with a file that was changed and one that is gone',
      (project) => {
        project.delete(MANIFEST);
        project.write({ [A]: 'USUBJID,TERM\n' });
        project.delete('target/export/csv/b.csv');
      },
      `${other('csv/a.csv')}, csv/b.csv is missing, manifest.json is missing`,
    ],
    [
      'a file that was changed, with its new hash in the manifest, under another spelling of its name',
      (project) => {
        const content = 'USUBJID,TERM\n';
        project.write({ [A]: content });
        changeManifest(project, ({ files }) => {
          const entry = files.find(({ path }) => path === 'csv/a.csv') as Manifest['files'][number];
          entry.path = './csv/a.csv';
          entry.sha256 = createHash('sha256').update(content).digest('hex');
        });
      },
      `${other('csv/a.csv')}, ${other('manifest.json')}`,
    ],
    [
      'a file that was changed, with its new hash in the manifest',
      (project) => {
        const content = 'USUBJID,TERM\n';
        project.write({ [A]: content });
        changeManifest(project, ({ files }) => {
          files[0].sha256 = createHash('sha256').update(content).digest('hex');
        });
      },
      `${other('csv/a.csv')}, ${other('manifest.json')}`,
    ],
    [
      'a file that was taken out, of the manifest too',
      (project) => {
        project.delete('target/export/csv/b.csv');
        changeManifest(project, ({ files }) => files.pop());
      },
      `csv/b.csv is missing, ${other('manifest.json')}`,
    ],
    [
      'a file that was put in, into the manifest too',
      (project) => {
        project.write({ 'target/export/csv/c.csv': 'x\n' });
        changeManifest(project, ({ files }) => files.push({ ...files[0], path: 'csv/c.csv' }));
      },
      `${other('manifest.json')}, csv/c.csv is in no record of the ledger`,
    ],
    ['other rows', (project) => changeManifest(project, ({ files }) => (files[0].rows = 2)), other('manifest.json')],
    ['other sources', (project) => changeManifest(project, ({ sources }) => sources.pop()), other('manifest.json')],
    [
      'another fingerprint',
      (project) =>
        changeManifest(project, ({ models }) => {
          models['sdtm.a'] = 'f';
        }),
      other('manifest.json'),
    ],
  ])('finds %s', async (_, change, detail) => {
    await withProject(FILES, async (project) => {
      await project.build();
      expect(await exportsCheck(project)).toEqual({ name: 'exports', ok: true, detail: '2 files, as written' });
      change(project);
      expect(await exportsCheck(project)).toEqual({
        name: 'exports',
        ok: false,
        detail: expect.stringMatching(new RegExp(`^${detail}$`)),
        next: expect.stringContaining('find out who changed them'),
      });
      await project.build();
      expect((await exportsCheck(project))?.ok).toBe(true);
    });
  });

  it('takes what a later export wrote or removed as it is now', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.delete('models/sdtm/b.sql');
      project.write({ 'data/people.csv': 'ID,SEX\n01,F\n02,M\n' });
      await project.build();
      expect(await exportsCheck(project)).toMatchObject({ ok: true, detail: '1 file, as written' });
      project.write({ 'models/sdtm/a.sql': FILES['models/sdtm/b.sql'] });
      await project.run();
      await project.export({ select: ['a'] });
      expect(await exportsCheck(project)).toMatchObject({ ok: true, detail: '1 file, as written' });
    });
  });

  it('follows the exports to another folder, and back', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write({ 'warehouse.yml': configuration({ directory: 'target/out' }) });
      await project.build();
      expect(await exportsCheck(project)).toMatchObject({ ok: true, detail: '2 files, as written' });
      expect(() => project.read(A)).toThrow('ENOENT');
      expect(() => project.read(MANIFEST)).toThrow('ENOENT');
      project.write({ 'warehouse.yml': configuration() });
      await project.build();
      expect(project.read(A).toString()).toBe('USUBJID,TERM\n01,a\n');
      expect(await exportsCheck(project)).toMatchObject({ ok: true, detail: '2 files, as written' });
    });
  });

  it('tells of a file that is exported no more as long as somebody has left his own in its place', async () => {
    await withProject(FILES, async (project) => {
      const events: WarehouseEvent[] = [];
      project.events = (event) => events.push(event);
      await project.build();
      project.delete('models/sdtm/b.sql');
      project.write({ 'target/export/csv/b.csv': 'mine now' });
      await project.build();
      expect(events).toContainEqual({
        event: 'notice',
        code: 'EXPORT_LEFT',
        message:
          'target/export/csv/b.csv is exported no more, but somebody has changed it, so it was left where it is.',
        next: 'Take it away: verify tells of it as long as it is there.',
      });
      const detail = expect.stringMatching(new RegExp(`^${other('csv/b.csv')}$`));
      expect(await exportsCheck(project)).toMatchObject({ ok: false, detail });
      project.delete('target/export/csv/b.csv');
      await project.build();
      expect(await exportsCheck(project)).toMatchObject({ ok: true, detail: '1 file, as written' });
      const removals = `SELECT object, meta FROM audit.ledger WHERE action = 'export.remove'`;
      expect(await project.rows(removals)).toEqual([['target/export/csv/b.csv', '{"found":false}']]);
    });
  });

  it('refuses a path that leads out of target/, wherever it was written', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const path = '.warehouse/ledger/main/ledger.jsonl';
      const ledger = project.read(path).toString();
      project.write({ [path]: ledger.replace(`"object":"${A}"`, '"object":"target/../data/people.csv"') });
      expect((await exportsCheck(project))?.detail).toMatch(
        /record \d+ of the ledger names target\/\.\.\/data\/people\.csv, which is no place in target\//,
      );
    });
  });

  it('says that the ledger knows nothing of files that are older than it', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.delete('.warehouse');
      await project.load();
      const detail = ['manifest.json', 'csv/a.csv', 'csv/b.csv']
        .map((path) => `${path} is in no record of the ledger`)
        .join(', ');
      expect(await exportsCheck(project)).toMatchObject({ ok: false, detail });
      project.delete('models/sdtm/b.sql');
      await project.build();
      expect(await exportsCheck(project)).toMatchObject({ ok: true, detail: '1 file, as written' });
      expect(() => project.read('target/export/csv/b.csv')).toThrow('ENOENT');
    });
  });
});

it('adds to no manifest that was changed since it was written [EXPORT-042]', async () => {
  await withProject(FILES, async (project) => {
    await project.build();
    changeManifest(project, ({ models }) => {
      models['sdtm.b'] = 'f';
    });
    expect(await failureOf(project.export({ select: ['a'] }))).toMatchObject({
      kind: 'data',
      code: 'EXPORT_MANIFEST',
      message: 'manifest.json of the exports was changed since it was written, so nothing can be added to it.',
      next: 'Export all datasets: warehouse export without --select.',
    });
    await project.export();
    expect((await exportsCheck(project))?.ok).toBe(true);
  });
});
