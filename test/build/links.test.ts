import { existsSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'small',
    study: { id: 'S' },
    sources: { people: { files: 'data/*.csv', keys: ['ID'], delivery: 'together' } },
    exports: { formats: ['csv'] },
  }),
  'data/a.csv': 'ID,SEX\n01,F\n',
  'models/sdtm/a.sql': `SELECT id AS USUBJID, [_row] AS _rows FROM staged.people`,
  'models/excluded/item_not_mapped.sql': "SELECT 'people' AS table_name, 'sex' AS column_name, 'not mapped' AS rule",
};
const NEXT = 'Put the file or folder itself in its place: a project reads and writes nothing outside its own folder.';

/** A project, and a folder beside it that has `b.csv`, `seed.json` and an empty folder `empty`. */
async function withElsewhere(work: (project: TemporaryProject, elsewhere: TemporaryProject) => Promise<void>) {
  const files = { 'b.csv': 'ID,SEX\n02,M\n', 'seed.json': '[]', 'sources/c.csv': 'ID,SEX\n03,M\n' };
  await withProject(files, (elsewhere) => withProject(FILES, (project) => work(project, elsewhere)));
}

const refusal = (link: string, end: string) => ({
  kind: 'usage',
  code: 'LINK_OUTSIDE',
  message: `${link} is a link to ${realpathSync(end)}, outside the project.`,
  file: link,
  next: NEXT,
});

describe('a link that leads out of the project is refused [PROJECT-030]', () => {
  it.each([
    ['a file of a source', 'data/b.csv', 'b.csv', 'file'],
    ['a seed', 'data/seed.json', 'seed.json', 'file'],
    ['the folder of the sources', 'data', 'sources', 'junction'],
    ['the folder of what is built', 'target', 'sources', 'junction'],
    ['the folder of the exports', 'target/export', 'sources', 'junction'],
    ['the folder of a format', 'target/export/csv', 'sources', 'junction'],
  ] as const)('as %s', async (_, link, end, type) => {
    await withElsewhere(async (project, elsewhere) => {
      if (link === 'data') project.delete('data');
      if (link.startsWith('target/')) project.write({ [`${link}.txt`]: '' });
      symlinkSync(elsewhere.path(end), project.path(link), type);
      expect(await failureOf(project.build())).toEqual(refusal(link, elsewhere.path(end)));
      expect(elsewhere.read('sources/c.csv').toString()).toBe('ID,SEX\n03,M\n');
    });
  });

  it('before an export, and where it leads nowhere too', async () => {
    await withElsewhere(async (project, elsewhere) => {
      await project.build();
      project.delete('target/export');
      symlinkSync(elsewhere.path('sources'), project.path('target/export'), 'junction');
      expect(await failureOf(project.export())).toEqual(refusal('target/export', elsewhere.path('sources')));
      project.delete('target/export');
      symlinkSync(project.path('nowhere'), project.path('target/export'));
      expect(await failureOf(project.export())).toMatchObject({
        code: 'LINK_OUTSIDE',
        message: `target/export is a link to ${project.path('nowhere')}, which is not there.`,
      });
    });
  });

  it('while links within it are as good as what they lead to', async () => {
    await withElsewhere(async (project) => {
      project.write({ 'received/b.csv': 'ID,SEX\n02,M\n', 'received/seed.json': '[]', 'derived/x.txt': '' });
      symlinkSync(project.path('received/b.csv'), project.path('data/b.csv'));
      symlinkSync(project.path('received/seed.json'), project.path('data/seed.json'));
      symlinkSync(project.path('derived'), project.path('target'), 'junction');
      await project.build();
      expect(project.read('derived/export/csv/a.csv').toString()).toBe('USUBJID\n01\n02\n');
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });
});

describe('an output goes through no link below target/ [PROJECT-031]', () => {
  it.each([
    ['target/export', 'target/export-unblinded'],
    ['target/export', '.warehouse'],
    ['target', '.warehouse'],
  ])('%s to %s', async (link, end) => {
    await withProject({ ...FILES, [`${end}/x`]: 'x', 'target/x': 'x' }, async (project) => {
      project.delete(link);
      symlinkSync(project.path(end), project.path(link), 'junction');
      expect(await failureOf(project.build())).toMatchObject({
        kind: 'usage',
        code: 'OUTPUT_PLACE',
        message: `${link} is a link, by which one output could lie over another.`,
        file: link,
      });
    });
  });
});

describe('a place where nothing can be written is refused before anything is done [PROJECT-031]', () => {
  it.each([
    ['target', 'is a file, and a folder is to be there'],
    ['target/export', 'is a file, and a folder is to be there'],
    ['target/export/csv', 'is a file, and a folder is to be there'],
    ['target/main.duckdb/x', 'is a folder, and a published file is to go there'],
    ['target/main.duckdb.partial/x', 'is a folder, and a published file is to go there'],
  ])('%s', async (path, what) => {
    await withProject({ ...FILES, [path]: 'x' }, async (project) => {
      const place = path.replace(/\/x$/, '');
      expect(await failureOf(project.build())).toEqual({
        kind: 'usage',
        code: 'OUTPUT_PLACE',
        message: `${place} ${what}.`,
        file: place,
        next: 'Move it away, or say in warehouse.yml that the output goes elsewhere in target/.',
      });
    });
  });

  it.each(['target/lists/a.parquet', 'target/lists/.a.parquet.partial'])('%s, of an external model', async (place) => {
    const model = {
      'models/work/a.sql': 'SELECT 1 AS x',
      'models/work/a.yml': 'materialized: external\nlocation: target/lists/a.parquet\n',
    };
    await withProject({ ...FILES, ...model, [`${place}/x`]: 'x' }, async (project) => {
      expect(await failureOf(project.build())).toEqual({
        kind: 'usage',
        code: 'OUTPUT_PLACE',
        message: `${place} is a folder, and the file of a model is to go there.`,
        file: place,
        next: 'Move it away, or say in the properties of the model that the output goes elsewhere in target/.',
      });
      expect(existsSync(project.path('.warehouse/main.duckdb'))).toBe(false);
    });
  });

  it('and, where only the models tell, before anything of the export is in its place', async () => {
    await withProject({ ...FILES, 'target/export/csv/a.csv/x': 'x' }, async (project) => {
      const { withheld, exports } = await project.build();
      expect(withheld?.error).toMatchObject({
        kind: 'usage',
        code: 'OUTPUT_PLACE',
        message: 'target/export/csv/a.csv is a folder, and a file is to go there.',
      });
      expect(exports).toEqual([]);
      expect(readdirSync(project.path('target/export'), { recursive: true }).sort()).toEqual([
        'csv',
        'csv/a.csv',
        'csv/a.csv/x',
      ]);
    });
  });
});
