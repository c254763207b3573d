import { describe, expect, it } from 'vitest';
import { list } from '../../src/build/inspect.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const data = (groupOid: string, value: string) =>
  odm(
    { created: '2026-01-01T00:00:00Z' },
    subject('1', {}, event('V', {}, form('F', {}, group(groupOid, {}, item('I', value))))),
  );
const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'select',
    study: { id: 'S' },
    sources: {
      edc: { files: 'data/edc/*.xml' },
      epro: { files: 'data/epro/*.xml', system: 'epro' },
      lab: { files: 'data/lab.csv' },
    },
    vars: { cutoff: '2026-01-01', unit: 'mg' },
    exports: { formats: ['csv'] },
  }),
  'data/edc/1.xml': data('AE', 'a'),
  'data/epro/1.xml': data('QS', 'b'),
  'data/lab.csv': 'A,B\n1,2\n',
  'data/seed.csv': 'X\n1\n',
  'macros/own.sql': 'CREATE OR REPLACE MACRO twice(x) AS 2 * x;',
  'models/sdtm/ae.sql': 'SELECT i AS TERM, [_row] AS _rows FROM staged.ae',
  'models/sdtm/lb.sql': "SELECT a AS A, getvariable('unit') AS U, [_row] AS _rows FROM staged.lab",
  'models/work/cells.sql': 'SELECT count(*) AS n FROM staged._cells',
  'models/work/macro.sql': 'SELECT twice(1) AS n',
  'models/work/seed.sql': "FROM read_csv('data/seed.csv')",
};

const CONTEXT = { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent };
const listed = async (project: TemporaryProject, select: string, ...exclude: string[]) => {
  const { models } = await list(await loadProject(project.root), { select: [select], exclude }, CONTEXT);
  return models.map(({ name }) => name).sort();
};

describe('a selection in a project', () => {
  it('by source is what reads the item groups or the file that it brought [MODEL-102]', async () => {
    await withProject(FILES, async (project) => {
      await project.load();
      expect(await listed(project, 'source:edc')).toEqual(['staged.ae', 'work.cells']);
      expect(await listed(project, 'source:epro')).toEqual(['staged.qs', 'work.cells']);
      expect(await listed(project, 'source:lab+')).toEqual(['sdtm.lb', 'staged.lab']);
      expect(await listed(project, 'source:*', 'work.*', '+lb')).toEqual(['staged.ae', 'staged.qs']);
    });
  });

  it('by state is what was edited since it was built, and not what has other data [MODEL-104]', async () => {
    await withProject(FILES, async (project) => {
      await project.load();
      expect(await listed(project, 'state:new')).toHaveLength(8);
      await project.build();
      expect(await listed(project, 'state:new state:modified')).toEqual([]);
      expect(await listed(project, 'state:old,state:unmodified')).toHaveLength(8);
      project.write({ 'data/lab.csv': 'A,B\n9,9\n' });
      await project.load();
      expect(await listed(project, 'state:modified')).toEqual([]);
      project.write({
        'warehouse.yml': FILES['warehouse.yml'].replace('mg', 'g'),
        'models/sdtm/ae.sql': `-- a comment\n${FILES['models/sdtm/ae.sql']}`,
        'models/work/cells.yml': 'tags: [counted]\n',
        'models/work/fresh.sql': 'SELECT 1 AS n',
        'macros/own.sql': 'CREATE OR REPLACE MACRO twice(x) AS x + x;',
        'data/seed.csv': 'X\n2\n',
      });
      const edited = ['sdtm.lb', 'work.cells', 'work.fresh', 'work.macro', 'work.seed'];
      expect(await listed(project, 'state:modified')).toEqual(edited);
      expect(await listed(project, 'state:new')).toEqual(['work.fresh']);
      project.write({ 'models/sdtm/ae.sql': 'SELEC' });
      expect(await listed(project, 'state:modified')).toEqual([...edited, 'sdtm.ae'].sort());
      expect(await listed(project, 'state:unmodified')).toEqual(['staged.ae', 'staged.lab', 'staged.qs']);
    });
  });

  it('is refused before anything is loaded where it can be none [MODEL-103]', async () => {
    await withProject(FILES, async (project) => {
      await expect(project.build({ select: ['stat:new'] })).rejects.toMatchObject({ code: 'SELECT_METHOD' });
      await expect(project.build({ exclude: ['@ae+'] })).rejects.toMatchObject({ code: 'SELECT_SYNTAX' });
      expect(() => project.read('.warehouse/main.duckdb')).toThrow();
    });
  });

  it('that leaves something out is exported as one [MODEL-100]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      const { exports } = await project.export({ exclude: ['lb'] });
      expect(exports.map(({ path }) => path)).toEqual(['target/export/csv/ae.csv']);
      expect(project.read('target/export/csv/lb.csv').toString()).toContain('mg');
    });
  });
});
