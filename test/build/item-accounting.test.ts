import { describe, expect, it } from 'vitest';
import { element, event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const record = (key: string, ...items: string[]) =>
  subject(key, {}, event('V', {}, form('F', {}, group('G', {}, ...items))));

/** An EDC in which the third subject is a test, and a list of people. Of NOTE the second has none; Z nobody has. */
const EDC = odm(
  { created: '2026-01-01T00:00:00Z' },
  record('1', item('TERM', 'a'), item('COM', 'x'), item('NUMBER', '11')),
  record('2', item('TERM', 'b'), item('COM', ''), item('NUMBER', '12')),
  record('3', item('TERM', 'c'), element('ItemData', { ItemOID: 'COM', IsNull: 'Yes' }), item('NUMBER', '13')),
);

const FILES = {
  'warehouse.yml': JSON.stringify({
    name: 'items',
    study: { id: 'S' },
    sources: { edc: { files: 'data/*.xml' }, people: { files: 'data/people.csv', keys: ['NO'] } },
    exports: { formats: ['csv'] },
  }),
  'data/1.xml': EDC,
  'data/people.csv': 'NO,NAME,NOTE,Z\n11,Ann,tall,\n12,Bea,,\n',
  'models/work/person.sql': 'SELECT * FROM staged.people',
  'models/work/remark.sql': 'SELECT _row, com FROM staged.g',
  'models/sdtm/x.sql': `
    SELECT g.subject_key AS USUBJID, upper(g.term) AS TERM, p.* EXCLUDE (no, z, _line, _row), [g._row, p._row] AS _rows
    FROM staged.g g JOIN work.person p ON p.no = g.number`,
  'models/sdtm/x.yml': 'label: Test\nkeys: [USUBJID]\n',
  'models/sdtm/co.sql': `
    SELECT x.USUBJID, 'X' AS RDOMAIN, g.com AS COVAL, [g._row] AS _rows
    FROM sdtm.x x JOIN work.remark g ON g._row = x._rows[1] WHERE g.com <> ''`,
  'models/sdtm/co.yml': 'label: Comments\nkeys: [USUBJID]\n',
  'models/excluded/test_subject.sql': `SELECT _row, 'test subject' AS rule FROM staged.g WHERE subject_key = '3'`,
  'models/excluded/item.sql': `
    SELECT 'g' AS table_name, 'number' AS column_name, 'key' AS rule
    UNION ALL SELECT 'PEOPLE', 'No', 'key'`,
};

const ACCOUNTING = `
  SELECT table_name || '.' || column_name, value_count, reached_count, excluded_count, open_count,
    list_aggregate(columns, 'string_agg', ' '), list_aggregate(decides, 'string_agg', ' '), list_aggregate(rules, 'string_agg', ', '), accounted
  FROM recon.item_accounting`;

const CLOSED = [
  ['g.com', 1, 1, 0, 0, 'sdtm.co.COVAL', 'sdtm.co', null, true],
  ['g.number', 3, 0, 3, 0, null, 'sdtm.x', 'key, test subject', true],
  ['g.term', 3, 2, 1, 0, 'sdtm.x.TERM', null, 'test subject', true],
  ['people.name', 2, 2, 0, 0, 'sdtm.x.name', null, null, true],
  ['people.no', 2, 0, 2, 0, null, 'sdtm.x', 'key', true],
  ['people.note', 1, 1, 0, 0, 'sdtm.x.note', null, null, true],
];

async function told(project: TemporaryProject): Promise<string | undefined> {
  return (await project.checks()).find(({ name }) => name === 'item accounting')?.detail;
}

const OK = 'every live value reaches a dataset or is excluded by a rule';

describe('the accounting of items', () => {
  it('has every item with a live value, what it reaches, what it decides and who leaves it out [LINEAGE-020, LINEAGE-021]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      expect(await project.rows(ACCOUNTING)).toEqual(CLOSED);
      expect(await told(project)).toBe(OK);

      // Nobody names NOTE on its way, so that nothing else notices. What names COM is not built any more: its table stays.
      project.write({ 'models/work/person.sql': 'SELECT * EXCLUDE (note) FROM staged.people' });
      project.write({ 'models/work/remark.sql': 'SELECT _row FROM staged.g' });
      const { models } = await project.build();
      expect(models.filter(({ error }) => error !== undefined).map(({ name }) => name)).toEqual(['sdtm.co']);
      expect(await project.rows(`${ACCOUNTING} WHERE NOT accounted`)).toEqual([
        ['g.com', 1, 0, 0, 1, null, null, null, false],
        ['people.note', 1, 0, 0, 1, null, null, null, false],
      ]);
      expect(await told(project)).toBe('open: 1 item of g (com), 1 item of people (note)');
      project.write(FILES);
      await project.build();
      expect(await project.rows(ACCOUNTING)).toEqual(CLOSED);
    });
  });

  it('counts what a dataset has of the records that it cites, and no rule for what staged does not have [LINEAGE-020, LINEAGE-022]', async () => {
    // Two of the three are not in the dataset, and no rule says why; comments are in none.
    const { 'models/sdtm/co.sql': _sql, 'models/sdtm/co.yml': _yml, ...files } = FILES;
    await withProject(
      { ...files, 'models/sdtm/x.sql': `${FILES['models/sdtm/x.sql']} WHERE g.number = '11'` },
      async (project) => {
        await project.build();
        const open = `SELECT table_name || '.' || column_name, open_count, open_record_count FROM recon.item_accounting WHERE NOT accounted`;
        expect(await project.rows(open)).toEqual([
          ['g.com', 1, 0],
          ['g.term', 1, 1],
          ['people.name', 1, 1],
        ]);
        // What is open with its whole record is told by the accounting of rows.
        expect(await told(project)).toBe('open: 1 item of g (com)');

        project.write({
          'models/staged/people.sql': `SELECT no, name, _line, _identity AS _row FROM state.file_people`,
          'models/excluded/rest.sql': `
          SELECT 'people' AS table_name, 'note' AS column_name, 'not wanted' AS rule
          UNION ALL SELECT 'g', 'comm', 'not wanted'
          UNION ALL SELECT 'g', 'com', NULL`,
        });
        await project.build();
        expect(await told(project)).toBe(
          'open: g.comm, which a rule excludes and no table has, 1 item of g (com), 1 item of people (note)',
        );
      },
    );
  });

  it('does not take the order of a window for the value: a date that only numbers the rows is open [LINEAGE-020, LINEAGE-008]', async () => {
    const visit = (key: string, date: string) => record(key, item('PNDT', date), item('RES', '1'));
    const select = (columns: string) => `SELECT subject_key AS USUBJID, ${columns}, [_row] AS _rows FROM work.pn`;
    const files = {
      'warehouse.yml': JSON.stringify({ name: 'q', study: { id: 'S' }, sources: { edc: { files: 'data/*.xml' } } }),
      'data/1.xml': odm({ created: '2026-01-01T00:00:00Z' }, visit('1', '2026-01-01'), visit('2', '2026-01-02')),
      'models/work/pn.sql': `
        SELECT *, row_number() OVER (PARTITION BY subject_key ORDER BY pndt, _row) AS seq FROM staged.g`,
      'models/sdtm/qs.sql': select('seq AS QSSEQ, res AS QSORRES, pndt AS QSDTC'),
      'models/sdtm/qs.yml': 'label: Questionnaires\nkeys: [USUBJID, QSSEQ]\n',
    };
    await withProject(files, async (project) => {
      await project.build();
      expect(await project.rows(ACCOUNTING)).toEqual([
        ['g.pndt', 2, 2, 0, 0, 'sdtm.qs.QSDTC', 'work.pn', null, true],
        ['g.res', 2, 2, 0, 0, 'sdtm.qs.QSORRES', null, null, true],
      ]);
      expect(await told(project)).toBe(OK);

      project.write({ 'models/sdtm/qs.sql': select('seq AS QSSEQ, res AS QSORRES') });
      await project.build();
      expect(await project.rows(`${ACCOUNTING} WHERE NOT accounted`)).toEqual([
        ['g.pndt', 2, 0, 0, 2, null, 'work.pn', null, false],
      ]);
      expect(await told(project)).toBe('open: 1 item of g (pndt)');

      // A flag shows the condition that it is made of.
      project.write({ 'models/sdtm/qs.sql': select("res AS QSORRES, CASE WHEN pndt > '2026' THEN 'Y' END AS QSFL") });
      project.write({ 'models/sdtm/qs.yml': 'label: Questionnaires\nkeys: [USUBJID]\n' });
      await project.build();
      expect(await told(project)).toBe(OK);
    });
  });

  it('is not told before there is a dataset [LINEAGE-021]', async () => {
    const { 'models/sdtm/x.sql': _x, 'models/sdtm/co.sql': _co, ...files } = FILES;
    const { 'models/sdtm/x.yml': _y, 'models/sdtm/co.yml': _z, ...without } = files;
    await withProject(without, async (project) => {
      await project.load();
      expect(await told(project)).toBeUndefined();
      await project.build();
      expect(await told(project)).toBeUndefined();
      expect(await project.value('SELECT count(*) FROM recon.item_accounting WHERE NOT accounted')).toBe(4);
    });
  });
});
