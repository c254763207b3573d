import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineage } from '../../src/build/lineage.ts';
import { silent } from '../../src/lib/events.ts';
import { loadProject } from '../../src/project/load-project.ts';
import { fixedClock } from '../helpers/fixed-clock.ts';
import { document, element, event, form, group, item, subject } from '../helpers/odm.ts';
import { failureOf, TemporaryProject } from '../helpers/project.ts';

const items = { 'I.AE.TERM': 'text', 'I.AE.DAY': 'integer' };
const STUDY = element(
  'Study',
  { OID: 'S' },
  element(
    'MetaDataVersion',
    { OID: '1', Name: '1' },
    element(
      'ItemGroupDef',
      { OID: 'AE', Name: 'AE', Repeating: 'No' },
      ...Object.keys(items).map((oid) => element('ItemRef', { ItemOID: oid, Mandatory: 'No' })),
    ),
    ...Object.entries(items).map(([oid, type]) => element('ItemDef', { OID: oid, Name: oid, DataType: type })),
  ),
);
const record = group('AE', {}, item('I.AE.TERM', 'Headache'), item('I.AE.DAY', '3'));
const DATA = element(
  'ClinicalData',
  { StudyOID: 'S', MetaDataVersionOID: '1' },
  subject('01', {}, event('V', {}, form('F', {}, record))),
);

const FILES = {
  'warehouse.yml': `name: p
study: { id: S }
vars: { cutoff: 9 }
sources:
  edc: { format: odm, files: [data/edc.xml] }
  lab: { format: csv, files: [data/lab.csv], keys: [subject] }
`,
  'data/edc.xml': document({ created: '2026-03-01T00:00:00Z' }, STUDY, DATA),
  'data/lab.csv': 'subject,result\n01,7\n',
  'data/ref/unit.csv': 'code,unit\n1,mg\n',
  'models/mid/event.sql': `SELECT subject_key, term, day_n, 'AE' AS domain, _row FROM staged.ae WHERE day_n < getvariable('cutoff')`,
  'models/out/result.sql': `SELECT e.term, l.result AS value, u.unit, concat(e.day_n, e.domain) AS text, e.domain
    FROM mid.event e JOIN staged.lab l ON l.subject = e.subject_key CROSS JOIN read_csv('data/ref/unit.csv') u`,
};

const project = new TemporaryProject(FILES);
beforeAll(() => project.build());
afterAll(() => project.remove());

const rows = (sql: string) => project.rows(sql);
const ofModel = (model: string, columns = '*') =>
  rows(`SELECT ${columns} FROM recon.column_lineage WHERE model = '${model}' ORDER BY ALL`);

describe('recon.column_lineage', () => {
  it('has each column of a model with those that it comes from, and what decides its rows [LINEAGE-004]', async () => {
    expect(await ofModel('out.result', 'column_name, from_table, from_column, kind, reason')).toEqual([
      ['domain', 'mid.event', 'domain', 'copy', null],
      ['term', 'mid.event', 'term', 'copy', null],
      ['text', 'mid.event', 'day_n', 'derived', null],
      ['text', 'mid.event', 'domain', 'derived', null],
      ['unit', 'data/ref/unit.csv', 'unit', 'copy', null],
      ['value', 'staged.lab', 'result', 'copy', null],
      [null, 'data/ref/unit.csv', null, 'rows', null],
      [null, 'mid.event', 'subject_key', 'rows', null],
      [null, 'mid.event', null, 'rows', null],
      [null, 'staged.lab', 'subject', 'rows', null],
      [null, 'staged.lab', null, 'rows', null],
    ]);
  });

  it('leads staged columns to their items and to the columns of files [LINEAGE-005]', async () => {
    const ae = await rows(`SELECT column_name, from_table, from_column, kind FROM recon.column_lineage
      WHERE model = 'staged.ae' AND column_name IN ('term', 'day', 'day_n', 'subject_key', '_row') ORDER BY ALL`);
    expect(ae).toEqual([
      ['_row', 'raw.item_group_data', 'identity', 'copy'],
      ['day', 'raw.item_data', 'I.AE.DAY', 'copy'],
      ['day_n', 'raw.item_data', 'I.AE.DAY', 'derived'],
      ['subject_key', 'state.subject', 'subject_key', 'copy'],
      ['term', 'raw.item_data', 'I.AE.TERM', 'copy'],
    ]);
    expect(
      await rows(
        `SELECT from_table, from_column, kind FROM recon.column_lineage WHERE model = 'staged.lab' AND column_name = 'result'`,
      ),
    ).toEqual([['state.file_lab', 'result', 'derived']]);
  });

  it('knows every column of every model here [LINEAGE-004]', async () => {
    expect(await rows(`FROM recon.column_lineage WHERE kind = 'unknown'`)).toEqual([]);
    const without = await rows(`
      SELECT c.schema_name || '.' || c.table_name, c.column_name FROM duckdb_columns() c
      JOIN run.current_model m ON m.model = c.schema_name || '.' || c.table_name
      WHERE NOT EXISTS (FROM recon.column_lineage l WHERE l.model = m.model AND l.column_name = c.column_name)`);
    expect(without).toEqual([]);
  });
});

describe('recon.column_origin', () => {
  it('follows columns through all models to what no model makes [LINEAGE-006]', async () => {
    const found = await rows(`SELECT column_name, from_table, from_column, kind FROM recon.column_origin
      WHERE model = 'out.result' ORDER BY ALL`);
    expect(found).toEqual([
      ['term', 'raw.item_data', 'I.AE.TERM', 'copy'],
      ['text', 'raw.item_data', 'I.AE.DAY', 'derived'],
      ['unit', 'data/ref/unit.csv', 'unit', 'copy'],
      ['value', 'state.file_lab', 'result', 'derived'],
      [null, 'data/ref/unit.csv', null, 'rows'],
      [null, 'raw.item_data', 'I.AE.DAY', 'rows'],
      [null, 'raw.item_group_data', 'item_group_code', 'rows'],
      [null, 'state.file_lab', 'subject', 'rows'],
      [null, 'state.file_lab', null, 'rows'],
      [null, 'state.subject', 'subject_key', 'rows'],
    ]);
  });
});

const follow = async (of: string, downstream = false) =>
  (
    await lineage(
      await loadProject(project.root),
      { of, downstream },
      { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent },
    )
  ).lineage;

type Node = Awaited<ReturnType<typeof follow>>[number];
const text = ({ table, column, kind, next }: Node): string =>
  `${table}.${column} ${kind}${next.length > 0 ? ` (${next.map(text).join(', ')})` : ''}`;

describe('lineage', () => {
  it('follows a column up, whatever its case [LINEAGE-007]', async () => {
    expect((await follow('OUT.result.TEXT')).map(text)).toEqual([
      'out.result.text null (mid.event.day_n derived (staged.ae.day_n copy (raw.item_data.I.AE.DAY derived)), ' +
        'mid.event.domain derived (null.null constant))',
    ]);
  });

  it('has the columns of a table in their order [LINEAGE-007]', async () => {
    const columns = (await follow('staged.ae')).flatMap(({ column }) => column ?? []);
    const [inTable] = await rows(
      "SELECT string_agg(column_name, ' ' ORDER BY column_index) FROM duckdb_columns() WHERE schema_name = 'staged' AND table_name = 'ae'",
    );
    expect(columns.join(' ')).toBe(inTable[0]);
  });

  it('follows an item down [LINEAGE-007]', async () => {
    expect((await follow('raw.item_data.I.AE.TERM', true)).map(text)).toEqual([
      'raw.item_data.I.AE.TERM null (staged.ae.term copy (mid.event.term copy (out.result.term copy)))',
    ]);
  });

  it('gives every column of a model and its rows [LINEAGE-007]', async () => {
    expect((await follow('mid.event')).map(({ column }) => column)).toEqual([
      'subject_key',
      'term',
      'day_n',
      'domain',
      '_row',
      null,
    ]);
  });

  it('names the nearest of a name that there is not [LINEAGE-007]', async () => {
    expect(await failureOf(follow('out.result.txt'))).toMatchObject({
      code: 'LINEAGE_UNKNOWN',
      kind: 'usage',
      next: 'Did you mean out.result.text?',
    });
  });
});

describe('what only orders rows', () => {
  it('has a kind of its own, and keeps it on the way [LINEAGE-004, LINEAGE-006, LINEAGE-008]', async () => {
    const ordered = new TemporaryProject({
      ...FILES,
      'models/mid/event.sql': `SELECT term, day_n, row_number() OVER (PARTITION BY subject_key ORDER BY day_n) AS seq FROM staged.ae`,
      'models/out/result.sql':
        'SELECT seq AS no, seq + day_n AS sum, max(term) OVER (ORDER BY seq) AS last FROM mid.event',
    });
    const kinds = (view: string, model: string) =>
      ordered.rows(`SELECT column_name, from_column, kind FROM recon.${view}
        WHERE model = '${model}' AND kind <> 'rows' ORDER BY ALL`);
    try {
      await ordered.build();
      expect(await kinds('column_lineage', 'mid.event')).toEqual([
        ['day_n', 'day_n', 'copy'],
        ['seq', 'day_n', 'order'],
        ['seq', 'subject_key', 'order'],
        ['term', 'term', 'copy'],
      ]);
      expect(await kinds('column_lineage', 'out.result')).toEqual([
        ['last', 'seq', 'order'],
        ['last', 'term', 'derived'],
        ['no', 'seq', 'copy'],
        ['sum', 'day_n', 'derived'],
        ['sum', 'seq', 'derived'],
      ]);
      expect(await kinds('column_origin', 'out.result')).toEqual([
        ['last', 'I.AE.DAY', 'order'],
        ['last', 'I.AE.TERM', 'derived'],
        ['last', 'subject_key', 'order'],
        ['no', 'I.AE.DAY', 'order'],
        ['no', 'subject_key', 'order'],
        ['sum', 'I.AE.DAY', 'derived'],
        ['sum', 'subject_key', 'order'],
      ]);
    } finally {
      ordered.remove();
    }
  });
});

describe('from run to run', () => {
  it('is found anew for what was built anew, stays for what stands, and goes with its model [LINEAGE-004]', async () => {
    const changed = new TemporaryProject({
      'warehouse.yml': 'name: p\nstudy: { id: S }\n',
      'models/m/one.sql': 'SELECT 1 AS a, 2 AS b',
      'models/m/two.sql': 'SELECT a FROM m.one',
      'models/m/three.sql': 'SELECT b FROM m.one',
    });
    const all = () =>
      changed.rows(
        `SELECT model, column_name, from_column FROM recon.column_lineage WHERE kind <> 'rows' ORDER BY ALL`,
      );
    try {
      await changed.build();
      expect(await all()).toEqual([
        ['m.one', 'a', null],
        ['m.one', 'b', null],
        ['m.three', 'b', 'b'],
        ['m.two', 'a', 'a'],
      ]);
      // What fails leaves the table and its lineage; what is changed has its own.
      changed.write({
        'models/m/two.sql': 'SELECT b + 1 AS a FROM m.one',
        'models/m/one.sql': 'SELECT 1 AS a, 2 AS b -- same',
      });
      changed.write({ 'models/m/three.sql': "SELECT error('no') AS b FROM m.one WHERE a = 1" });
      await changed.build();
      expect(await all()).toEqual([
        ['m.one', 'a', null],
        ['m.one', 'b', null],
        ['m.three', 'b', 'b'],
        ['m.two', 'a', 'b'],
      ]);
      changed.delete('models/m/three.sql');
      await changed.build();
      expect((await all()).map(([model]) => model)).toEqual(['m.one', 'm.one', 'm.two']);
    } finally {
      changed.remove();
    }
  });

  it('is asked for before the first run with a word of what to do [LINEAGE-007]', async () => {
    const loaded = new TemporaryProject({
      'warehouse.yml': FILES['warehouse.yml'],
      'data/edc.xml': FILES['data/edc.xml'],
      'data/lab.csv': FILES['data/lab.csv'],
    });
    try {
      await loaded.load();
      const asked = lineage(
        await loadProject(loaded.root),
        { of: 'sdtm.ae', downstream: false },
        { clock: fixedClock('2026-03-27T08:00:00Z'), events: silent },
      );
      expect(await failureOf(asked)).toMatchObject({ code: 'LINEAGE_NONE', next: 'Run warehouse build first.' });
    } finally {
      loaded.remove();
    }
  });
});
