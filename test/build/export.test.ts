import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WarehouseEvent } from '../../src/lib/events.ts';
import { failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

const configuration = (formats = ['xpt', 'csv'], sources = {}) =>
  JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/people.csv', keys: ['ID'] }, ...sources },
    exports: { formats },
  });

const model = (value: string) => `SELECT id AS USUBJID, '${value}' AS TERM, [_row] AS _rows FROM staged.people`;

const FILES = {
  'warehouse.yml': configuration(),
  'data/people.csv': 'ID,SEX\n01,F\n',
  'models/sdtm/ae.sql': model('a'),
  'models/sdtm/dm.sql': model('d'),
  'models/sdtm/suppae.sql': `SELECT USUBJID, TERM AS QVAL, _rows FROM sdtm.ae`,
  'models/work/other.sql': 'SELECT 1 AS x',
  'models/excluded/item_not_mapped.sql': "SELECT 'people' AS table_name, 'sex' AS column_name, 'not mapped' AS rule",
};

/** Every exported file by path, and its bytes. */
function exported(project: TemporaryProject): Record<string, string> {
  const folder = project.path('target/export');
  if (!existsSync(folder)) return {};
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, project.read(`target/export/${path}`).toString('latin1')]));
}

const manifestOf = (project: TemporaryProject) => JSON.parse(project.read('target/export/manifest.json').toString());
const listedIn = (project: TemporaryProject) => manifestOf(project).files.map(({ path }: { path: string }) => path);

describe('warehouse export --select [EXPORT-042]', () => {
  it('writes what is selected and leaves all else, files and manifest, as it was', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const before = exported(project);
      project.write({ 'models/sdtm/dm.sql': model('changed') });
      await project.run();
      const events: WarehouseEvent[] = [];
      project.events = (event) => events.push(event);
      const { exports } = await project.export({ select: ['sdtm.dm'] });
      expect(exports.map(({ path }) => path)).toEqual(['target/export/xpt/dm.xpt', 'target/export/csv/dm.csv']);
      expect(events.filter((event) => 'code' in event && event.code === 'EXPORT_WITHDRAWN')).toEqual([]);
      const after = exported(project);
      expect(after['csv/dm.csv']).toBe('USUBJID,TERM\n01,changed\n');
      const changed = Object.keys(after).filter((path) => after[path] !== before[path]);
      expect(changed).toEqual(['csv/dm.csv', 'manifest.json', 'xpt/dm.xpt']);
      expect(Object.keys(after)).toEqual(Object.keys(before));
      const { sha256, ...rest } = manifestOf(project).files.find(({ path }: { path: string }) => path === 'csv/ae.csv');
      expect(rest).toMatchObject({ dataset: 'AE', rows: 1 });
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('takes away, and says so, what an export would not write again: of a model that has changed since, or is not up to date [EXPORT-045]', async () => {
    const two = {
      ...FILES,
      'warehouse.yml': configuration(['csv'], { visits: { files: 'data/visits.csv', keys: ['ID'] } }),
      'data/visits.csv': 'ID,DAY\n01,1\n',
      'models/sdtm/sv.sql': 'SELECT id AS USUBJID, day AS DAY, [_row] AS _rows FROM staged.visits',
    };
    await withProject(two, async (project) => {
      await project.build();
      // SV comes of the new file and is built; AE has another SQL and is not, and SUPPAE reads it.
      project.write({ 'data/visits.csv': 'ID,DAY\n01,2\n' });
      await project.load();
      await project.run();
      project.write({ 'models/sdtm/ae.sql': model('changed') });
      const events: WarehouseEvent[] = [];
      project.events = (event) => events.push(event);
      await project.export({ select: ['dm'] });
      expect(events.filter(({ event }) => event === 'notice')).toEqual([
        {
          event: 'notice',
          code: 'EXPORT_WITHDRAWN',
          message:
            'Removed, because they are not what would be exported now: target/export/csv/ae.csv, target/export/csv/suppae.csv, target/export/csv/sv.csv.',
          next: 'Run warehouse export without --select to export all that is up to date.',
        },
      ]);
      expect(Object.keys(exported(project))).toEqual(['csv/dm.csv', 'manifest.json']);
      const { models, sources } = manifestOf(project);
      expect(Object.keys(models)).toEqual(['sdtm.dm']);
      await project.build();
      // What DM was exported from is what the next full export says of it.
      expect(manifestOf(project).sources).toEqual(sources);
      expect(manifestOf(project).models['sdtm.dm']).toBe(models['sdtm.dm']);
    });
  });

  it('leaves what a changed source does not change, and says of it what a full export would [EXPORT-045]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const before = manifestOf(project).sources;
      // Other bytes with the same record.
      project.write({ 'data/people.csv': 'ID,SEX\n"01",F\n' });
      await project.load();
      await project.run();
      await project.export({ select: ['dm'] });
      const selected = exported(project);
      expect(manifestOf(project).sources).not.toEqual(before);
      await project.export();
      expect(exported(project)).toEqual(selected);
    });
  });

  it('gives the manifest of a full export where nothing else has changed', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const before = exported(project);
      await project.export({ select: ['dm'] });
      expect(exported(project)).toEqual(before);
    });
  });

  it('takes + and patterns as every command does, and refuses a name that there is not', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const paths = async (...select: string[]) =>
        (await project.export({ select })).exports.map(({ path }) => path.slice('target/export/csv/'.length));
      expect((await paths('ae+')).filter((path) => path.endsWith('.csv'))).toEqual(['ae.csv', 'suppae.csv']);
      expect((await paths('+suppae')).filter((path) => path.endsWith('.csv'))).toEqual(['ae.csv', 'suppae.csv']);
      expect((await paths('supp*')).filter((path) => path.endsWith('.csv'))).toEqual(['suppae.csv']);
      expect(await failureOf(project.export({ select: ['sdtm.aee'] }))).toEqual({
        kind: 'usage',
        code: 'SELECT_UNKNOWN',
        message: 'No model is called sdtm.aee.',
        next: 'Did you mean sdtm.ae?',
      });
      expect(await failureOf(project.export({ select: ['work.other'] }))).toMatchObject({
        kind: 'usage',
        code: 'EXPORT_SELECTION',
        message: 'Nothing of what is selected (--select "work.other") is exported.',
      });
    });
  });

  it('refuses where the manifest does not tell what the others are, and changes nothing', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write({ 'target/export/manifest.json': 'damaged' });
      const before = exported(project);
      expect(await failureOf(project.export({ select: ['ae'] }))).toMatchObject({
        kind: 'data',
        code: 'EXPORT_MANIFEST',
        next: 'Export all datasets: warehouse export without --select.',
      });
      expect(exported(project)).toEqual(before);
      await project.export();
      expect(listedIn(project)).toHaveLength(6);
    });
  });
});

describe('a full export [EXPORT-041]', () => {
  it.each([[[]], [['ae']]])(
    'removes the files of a dataset and of a format that are exported no more, one of %j too [EXPORT-045]',
    async (select) => {
      await withProject(FILES, async (project) => {
        await project.build();
        project.delete('models/sdtm/suppae.sql');
        project.write({ 'warehouse.yml': configuration(['csv']) });
        await project.run();
        await project.export({ select });
        expect(Object.keys(exported(project))).toEqual(['csv/ae.csv', 'csv/dm.csv', 'manifest.json']);
        expect(listedIn(project)).toEqual(['csv/ae.csv', 'csv/dm.csv']);
        expect(Object.keys(manifestOf(project).models)).toEqual(['sdtm.ae', 'sdtm.dm']);
        expect(
          await project.column(`SELECT object FROM audit.ledger WHERE action = 'export.remove' ORDER BY ALL`),
        ).toEqual([
          'target/export/csv/suppae.csv',
          'target/export/xpt/ae.xpt',
          'target/export/xpt/dm.xpt',
          'target/export/xpt/suppae.xpt',
        ]);
        expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
      });
    },
  );

  it('leaves a file that somebody has changed', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.delete('models/sdtm/suppae.sql');
      project.write({ 'target/export/csv/suppae.csv': 'mine now' });
      await project.build();
      expect(Object.keys(exported(project))).toContain('csv/suppae.csv');
      expect(Object.keys(exported(project))).not.toContain('xpt/suppae.xpt');
    });
  });
});

describe('an export of what is not up to date [EXPORT-043]', () => {
  it('is refused with the names and reasons; datasets that do not need them are exported', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const before = exported(project);
      project.write({ 'models/sdtm/ae.sql': model('changed') });
      expect(await failureOf(project.export())).toEqual({
        kind: 'data',
        code: 'EXPORT_STALE',
        message:
          'Nothing was exported, because not all is up to date: sdtm.ae (SQL changed), sdtm.suppae (sdtm.ae is not up to date).',
        next: 'Run warehouse build first.',
      });
      expect(await failureOf(project.export({ select: ['suppae'] }))).toMatchObject({ code: 'EXPORT_STALE' });
      expect(exported(project)).toEqual(before);
      expect((await project.export({ select: ['dm'] })).exports).toHaveLength(2);
      expect(exported(project)).toMatchObject({
        'csv/dm.csv': before['csv/dm.csv'],
        'xpt/dm.xpt': before['xpt/dm.xpt'],
      });
    });
  });

  it('is refused where a test has not passed', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      project.write({ 'models/sdtm/dm.yml': 'tests: [{ name: none, sql: SELECT * FROM sdtm.dm }]\n' });
      await project.run();
      expect((await failureOf(project.export({ select: ['dm'] }))).message).toContain(
        'sdtm.dm (its test none has not passed)',
      );
    });
  });

  it('and where nothing has been built', async () => {
    await withProject(FILES, async (project) => {
      expect(await failureOf(project.export())).toMatchObject({ kind: 'usage', code: 'NOT_BUILT' });
      expect(existsSync(project.path('.warehouse/main.duckdb'))).toBe(false);
    });
  });
});

describe('a build of a part [BUILD-009]', () => {
  it('exports and publishes nothing while another model is not up to date, and says why', async () => {
    await withProject(FILES, async (project) => {
      const first = await project.build({ select: ['+sdtm.dm'] });
      expect(first.models.map(({ name, state }) => `${name} ${state}`)).toEqual([
        'staged.people built',
        'sdtm.dm built',
      ]);
      expect(first.withheld).toEqual({
        reason:
          'Nothing was exported or published, because not all is up to date: excluded.item_not_mapped (new), sdtm.ae (new), sdtm.suppae (sdtm.ae is not up to date), work.other (new). Run warehouse build.',
      });
      expect([first.exports, first.publications]).toEqual([[], []]);
      expect(project.outputs()).toEqual([]);
      const second = await project.build();
      expect(second.withheld).toBeUndefined();
      expect(second.exports).toHaveLength(6);
      const third = await project.build({ select: ['sdtm.dm'] });
      expect([third.withheld, third.exports.length, third.publications.length]).toEqual([undefined, 6, 1]);
    });
  });

  it('publishes nothing while a model that was not selected has failed before', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const before = project.read('target/main.duckdb');
      project.write({ 'models/work/other.sql': 'SELECT nothing AS x' });
      await project.build();
      const { models, withheld, publications } = await project.build({ select: ['sdtm.dm'] });
      expect(models.map(({ state }) => state)).toEqual(['skipped']);
      expect(withheld?.reason).toBe(
        'Nothing was exported or published, because not all is up to date: work.other (SQL changed). Run warehouse build.',
      );
      expect(publications).toEqual([]);
      expect(project.read('target/main.duckdb').equals(before)).toBe(true);
    });
  });
});

describe('the stamps of exports [EXPORT-044]', () => {
  afterEach(() => vi.unstubAllEnvs());

  /** The 16 characters of the library's creation in its first real header (TS-140). */
  const created = (project: TemporaryProject) => project.read('target/export/xpt/dm.xpt').toString('latin1', 144, 160);

  it('are 1960 unless SOURCE_DATE_EPOCH gives them', async () => {
    await withProject(FILES, async (project) => {
      vi.stubEnv('SOURCE_DATE_EPOCH', '');
      await project.build();
      expect(created(project)).toBe('01JAN60:00:00:00');
      vi.stubEnv('SOURCE_DATE_EPOCH', '1767225599');
      await project.export();
      expect(created(project)).toBe('31DEC25:23:59:59');
    });
  });

  it.each(['2026-01-01', '1767225600.5', '-1', '1e9', ' 1', '253402300800', '1767225600000'])(
    'are refused where it is %j, before anything is done',
    async (epoch) => {
      await withProject(FILES, async (project) => {
        vi.stubEnv('SOURCE_DATE_EPOCH', epoch);
        expect(await project.failure()).toEqual({
          kind: 'usage',
          code: 'SOURCE_DATE_EPOCH',
          message: 'The environment variable SOURCE_DATE_EPOCH is no number of whole seconds since 1970-01-01, UTC.',
          next: 'Write digits only, like 1767225600 for 2026-01-01, or leave it out: then stamps are 1960-01-01.',
        });
        expect(existsSync(project.path('.warehouse'))).toBe(false);
      });
    },
  );
});
