import { existsSync, lstatSync } from 'node:fs';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { describe, expect, it } from 'vitest';
import { clean } from '../../src/build/clean.ts';
import { plan } from '../../src/build/plan.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { noticesOf } from '../helpers/notices.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': `name: small
study: { id: S }
sources: { people: { files: data/people.csv, keys: [ID] } }
targets: { unblinded: {} }
exports: { formats: [csv] }
`,
  'data/people.csv': 'ID,AGE,NAME\n02,41,Zoë\n01,37,\n',
  'models/sdtm/dm.sql': 'SELECT id AS USUBJID, [_row] AS _rows FROM staged.people',
  'models/work/people.sql':
    "SELECT id AS subject, CAST(nullif(age, '') AS INTEGER) AS age, name, CAST(nullif(age, '') AS DECIMAL(6,1)) / 10 AS decades, _row FROM staged.people",
  'models/work/people.yml': `label: People
materialized: external
location: target/flat/people.parquet
keys: [subject]
columns:
  subject: { label: Subject, type: text, mandatory: true }
  age: { label: Age in years, data_type: int, mandatory: true }
  name: {}
  decades: { type: float }
`,
};
const FILE = 'target/flat/people.parquet';

const inode = (project: TemporaryProject, path: string) =>
  lstatSync(project.path(path), { throwIfNoEntry: false })?.ino;
const recordedOf = (project: TemporaryProject) =>
  project.rows(
    "SELECT action, object, json_extract_string(meta, '$.model') FROM audit.ledger WHERE action LIKE 'external.%' ORDER BY sequence",
  );
const checkOf = async (project: TemporaryProject) =>
  (await project.checks()).find(({ name }) => name === 'external files');

describe('an external model', () => {
  it('is a table, and a Parquet file in the order of its keys, without columns that begin with _ [MODEL-210]', async () => {
    await withProject(FILES, async (project) => {
      const { exports } = await project.build();
      expect(exports).toEqual([
        { path: 'target/export/csv/dm.csv', rows: 2, unchanged: false },
        { path: FILE, rows: 2, unchanged: false },
      ]);
      expect(await project.rows('SELECT subject, age FROM work.people ORDER BY ALL')).toEqual([
        ['01', 37],
        ['02', 41],
      ]);
      const file = await asyncBufferFromFile(project.path(FILE));
      expect(await parquetReadObjects({ file, compressors })).toEqual([
        { subject: '01', age: 37, name: null, decades: 3.7 },
        { subject: '02', age: 41, name: 'Zoë', decades: 4.1 },
      ]);
      const metadata = (await parquetMetadataAsync(file)).key_value_metadata ?? [];
      expect(Object.fromEntries(metadata.map(({ key, value }) => [key, value]))).toMatchObject({
        label: 'People',
        keys: '["subject"]',
        column_labels: '{"age":"Age in years","subject":"Subject"}',
      });
      expect(await checkOf(project)).toEqual({ name: 'external files', ok: true, detail: '1 file, as written' });
      expect(await recordedOf(project)).toEqual([
        ['external.begin', FILE, null],
        ['external.write', FILE, 'work.people'],
      ]);
    });
  });

  it('leaves a file alone that would be the same, and that of the last good build where one fails [MODEL-211]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const [first, bytes] = [inode(project, FILE), project.read(FILE)];
      expect((await project.build()).exports.at(-1)).toEqual({ path: FILE, rows: 2, unchanged: true });
      expect(inode(project, FILE)).toBe(first);
      expect((await recordedOf(project)).length).toBe(2);

      project.write({ 'data/people.csv': 'ID,AGE,NAME\n02,41,Zoë\n01,,\n' });
      const failed = await project.build();
      expect(failed.models.find(({ name }) => name === 'work.people')).toMatchObject({ state: 'failed' });
      expect(failed.withheld?.reason).toContain('work.people');
      expect(project.read(FILE)).toEqual(bytes);

      project.write({ 'data/people.csv': 'ID,AGE,NAME\n02,41,Zoë\n01,38,\n' });
      expect((await project.build()).exports.at(-1)).toEqual({ path: FILE, rows: 2, unchanged: false });
      expect(project.read(FILE)).not.toEqual(bytes);

      project.write({ [FILE]: 'spoiled' });
      expect(await checkOf(project)).toMatchObject({ ok: false, detail: expect.stringContaining(FILE) });
      expect((await project.export({ select: ['work.people'] })).exports).toEqual([
        { path: FILE, rows: 2, unchanged: false },
      ]);
      expect(await checkOf(project)).toMatchObject({ ok: true });
    });
  });

  it('takes its file with it when it is one no more, unless somebody has changed that [MODEL-211]', async () => {
    const template = "{{ config(materialized='external') }} SELECT 1 AS x";
    await withProject({ ...FILES, 'models/work/more.sql': template }, async (project) => {
      await project.build();
      const more = 'target/external/work/more.parquet';
      expect(inode(project, more)).toBeDefined();
      project.write({ 'models/work/more.sql': 'SELECT 1 AS x', [FILE]: 'mine' });
      project.delete('models/work/people.sql');
      project.delete('models/work/people.yml');
      const notices = noticesOf(project, 'EXTERNAL_');
      await project.build();
      expect(notices.map(({ code }) => code).sort()).toEqual(['EXTERNAL_LEFT', 'EXTERNAL_REMOVED']);
      expect(inode(project, more)).toBeUndefined();
      expect(project.read(FILE).toString()).toBe('mine');
      await clean(await loadProject(project.root), {}, { clock: project.clock, events: silent });
      expect(existsSync(project.path(FILE))).toBe(false);
      expect(await checkOf(project)).toBeUndefined();
    });
  });

  it('goes to another file for another target, and plan says where to [MODEL-212]', async () => {
    await withProject(FILES, async (project) => {
      const loaded = await loadProject(project.root, { target: 'unblinded' });
      const { models } = await plan(loaded, { select: [] }, { clock: project.clock, events: silent });
      expect(models.filter(({ file }) => file !== undefined)).toMatchObject([
        { name: 'work.people', action: 'build', file: 'target/flat/people-unblinded.parquet' },
      ]);
    });
  });
});
