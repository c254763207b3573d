import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownMacros } from '../../../src/store/sql-files.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { type Given, model, run } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
});
afterEach(() => file.remove());

/** The rows that a test of a model finds, in order. */
async function found(select: string, properties: Record<string, unknown>, given: Given = {}) {
  const { tests } = await run(file, [model('work.a', select, properties)], given);
  const [{ table, state, failures }] = tests;
  const rows =
    table === undefined ? [] : await file.connection.rows(`FROM ${table} WHERE _resolved IS NULL ORDER BY ALL`);
  return { state, failures, rows: rows.map(({ _first_seen, _last_seen, _resolved, ...row }) => row) };
}

const values = (list: string) => `SELECT unnest([${list}]) AS v`;
const ofColumn = (test: unknown) => ({ columns: { v: { tests: [test] } } });
const texts = (list: readonly string[]) => values(list.map((text) => `'${text}'`).join(', '));
const vs = (rows: readonly Record<string, unknown>[]) => rows.map(({ v }) => v);

describe('the kinds of tests [MODEL-120]', () => {
  const dates = `SELECT * FROM (VALUES (1, '2026-01-02', '2026-01-01'), (2, '2026-01-02', '2026-01-02'),
    (3, NULL, '2026-01-01')) t(id, AESTDTC, AEENDTC)`;

  it('expression: rows for which it is false, not those for which nobody knows, as by CHECK', async () => {
    const expression = 'AEENDTC >= AESTDTC -- ends after it starts';
    expect(await found(dates, { tests: [{ expression }] })).toMatchObject({ failures: 1, rows: [{ id: 1 }] });
  });

  it('expression of a column, which may begin with the comparison', async () => {
    expect(vs((await found(values('1, 5, NULL'), ofColumn({ expression: '< 5' }))).rows)).toEqual([5]);
    expect(vs((await found(values('1, 5, NULL'), ofColumn({ expression: 'v + 1 < 6' }))).rows)).toEqual([5]);
    expect(vs((await found(values("'A', 'B'"), ofColumn({ expression: "IN ('A')" }))).rows)).toEqual(['B']);
  });

  it('expression of a column, which may begin with whatever compares', async () => {
    const failing: [string, number][] = [
      ["NOT IN ('A', 'x')", 1],
      ["not\n like 'A%'", 2],
      ["ILIKE 'a%'", 1],
      ["NOT ILIKE 'a%'", 2],
      ["NOT BETWEEN 'A' AND 'B'", 2],
      ["~ 'A.*'", 1],
      ["!~ 'A.*'", 2],
      ["~~ 'A'", 2],
      ["~~* 'B'", 2],
      ["~~~ 'A*'", 1],
      ["GLOB 'A*'", 1],
      ["SIMILAR TO 'A|b'", 1],
      ["NOT SIMILAR TO 'A|b'", 2],
      ["^@ 'A'", 1],
      ["IS DISTINCT FROM 'A'", 1],
      ["IS NOT DISTINCT FROM 'A'", 3],
      ['NOT NULL', 1],
      ['NOTNULL', 1],
      ['ISNULL', 3],
      ["NOT v = 'A'", 1],
    ];
    const tests = failing.map(([expression], i) => ({ name: `e${i}`, expression }));
    const a = model('work.a', values("'A', 'AB', 'b', NULL"), { columns: { v: { tests } } });
    const done = new Map((await run(file, [a])).tests.map(({ name, failures }) => [name, Number(failures)]));
    expect(failing.map(([expression], i) => [expression, done.get(`e${i}`)])).toEqual(failing);
  });

  it('expression of a column of lists, which begins with an operator of lists', async () => {
    expect((await found(values('[1], [2, 3]'), ofColumn({ expression: '@> [2]' }))).failures).toBe(1);
    expect((await found(values('[1], [2, 3]'), ofColumn({ expression: '&& [1, 2]' }))).failures).toBe(0);
  });

  it.each([
    [{ min: 3 }, 0],
    [{ min: 4 }, 1],
    [{ max: 2 }, 1],
    [{ min: 1, max: 3 }, 0],
    [{ equals: 3 }, 0],
    [{ equals: 0 }, 1],
  ])('row_count %j of three rows: %i row with the count', async (row_count, failures) => {
    const rows = failures === 0 ? [] : [{ row_count: 3n }];
    expect(await found(values('1, 2, 3'), { tests: [{ row_count }] })).toMatchObject({ failures, rows });
  });

  it('relationships of columns of other types: says which types, and to cast', async () => {
    const dm = model('work.dm', "SELECT '1' AS v");
    const vs = model('work.vs', values('1'), ofColumn({ relationships: { to: 'work.dm', column: 'v' } }));
    const { models } = await run(file, [dm, vs]);
    expect(models.map(({ error }) => error).filter(Boolean)).toMatchObject([
      {
        kind: 'usage',
        code: 'TEST_SQL',
        message:
          'The test relationships_v compares work.vs.v, INTEGER, with work.dm.v, VARCHAR: no value of the one can be in the other.',
        place: { model: 'work.vs' },
        next: 'Cast one of the two to the type of the other in the SELECT of its model.',
      },
    ]);
  });

  it('equal_rowcount: one row with both counts', async () => {
    const dm = model('work.dm', values('1, 2'));
    const compared = (list: string) =>
      model('work.vs', values(list), { tests: [{ equal_rowcount: { to: 'work.dm' } }] });
    const { tests } = await run(file, [dm, compared('1, 2, 3')]);
    expect(tests).toMatchObject([{ name: 'equal_rowcount_work_dm', state: 'failed', failures: 1 }]);
    expect(await file.connection.rows(`SELECT row_count, other_row_count FROM ${tests[0].table}`)).toEqual([
      { row_count: 3n, other_row_count: 2n },
    ]);
    expect((await run(file, [dm, compared('1, 2')])).tests).toMatchObject([{ state: 'passed' }]);
  });

  it('not_negative: numbers below 0, in texts too', async () => {
    expect(
      vs((await found(values('-1, 0, 1.5, NULL'), ofColumn('not_negative'))).rows.map(({ v }) => ({ v: String(v) }))),
    ).toEqual(['-1.0']);
    expect(vs((await found(texts(['-0.5', '0', 'none']), ofColumn('not_negative'))).rows)).toEqual(['-0.5']);
  });

  it('unique_combination is unique of several columns', async () => {
    const test = { unique_combination: ['id', 'AESTDTC'] };
    const { tests } = await run(file, [model('work.a', dates, { tests: [test] })]);
    expect(tests).toMatchObject([{ name: 'unique_id_AESTDTC', state: 'passed' }]);
  });

  it('of rows that a condition chooses alone, whatever stands in it [MODEL-124]', async () => {
    const rows = "SELECT * FROM (VALUES (1, 'Y', NULL), (2, 'N', NULL), (3, 'Y', 'x'), (4, NULL, NULL)) t(id, f, v)";
    const test = { not_null: true, where: "f = 'Y' -- (only these" };
    expect(await found(rows, ofColumns(test))).toMatchObject({ failures: 1, rows: [{ id: 1 }] });
    const share = { ...test, error_if: '50%' };
    expect(await found(rows, ofColumns(share))).toMatchObject({ state: 'failed' });
    expect(await found(rows, ofColumns({ ...share, where: undefined }))).toMatchObject({
      state: 'failed',
      failures: 3,
    });
    expect(await found(rows, ofColumns({ ...share, error_if: '51%' }))).toMatchObject({ state: 'warned' });
  });

  const ofColumns = (test: unknown) => ({ columns: { id: {}, f: {}, v: { tests: [test] } } });
});

describe('iso8601 (SDTMIG 3.4, 4.4) [MODEL-120]', () => {
  const given = { macros: ownMacros() };
  const wrong = async (list: readonly string[], form: unknown) =>
    vs((await found(texts(list), ofColumn(form === true ? 'iso8601' : { iso8601: form }), given)).rows).sort();

  beforeEach(async () => {
    await file.connection.run('CREATE SCHEMA raw; CREATE SCHEMA meta; CREATE SCHEMA state');
  });

  /** Of the tables of precision and of missing parts, 4.4.1 and 4.4.2. */
  const DATETIMES = [
    '2003-12-15T13:14:17.123',
    '2003-12-15T13:14:17',
    '2003-12-15T13:14',
    '2003-12-15T13',
    '2003-12-15',
    '2003-12',
    '2003',
    '2003-12-15T-:15',
    '2003-12-15T13:-:17',
    '2003---15',
    '--12-15',
    '-----T07:15',
  ];
  /** Of the table of durations, 4.4.3, and of --ELTM. */
  const DURATIONS = [
    'P2Y',
    'P10W',
    'P3M14D',
    'P3D',
    'P6M17DT3H',
    'P14DT7H57M',
    'PT42M18S',
    'PT0.5H',
    'P5DT12.25H',
    'P4.5W',
    '-PT15M',
    'PT8H',
  ];
  /** Of the table of intervals of uncertainty, 4.4.2. */
  const INTERVALS = [
    '2003-12-15T10:00/2003-12-15T10:30',
    '2003-01-01/2003-02-15',
    '2003-12-01/2003-12-10',
    '2003-01-01/2003-06-30',
  ];

  it('takes the examples of the standard, each as what it is', async () => {
    expect(await wrong(DATETIMES, true)).toEqual([]);
    expect(await wrong(DURATIONS, 'duration')).toEqual([]);
    expect(await wrong(INTERVALS, 'interval')).toEqual([]);
    const all = [...DATETIMES, ...DURATIONS, ...INTERVALS];
    expect(await wrong(all, ['datetime', 'duration', 'interval'])).toEqual([]);
    expect(await wrong(all, 'datetime')).toEqual([...DURATIONS, ...INTERVALS].sort());
    expect(await wrong(all, 'duration')).toEqual([...DATETIMES, ...INTERVALS].sort());
    expect(await wrong(all, 'interval')).toEqual([...DATETIMES, ...DURATIONS].sort());
  });

  it('refuses other forms: the basic format, a comma, parts that do not exist', async () => {
    const datetimes = [
      '20031215',
      '2003-12-15 13:14',
      '2003-12-15T13:14:17,5',
      '2003-13-01',
      '2003-02-30',
      '15DEC2003',
    ];
    expect(await wrong(datetimes, true)).toEqual(datetimes.toSorted());
    const durations = ['P', 'PT', 'P1YT', '3D', 'P1.5Y3M', 'P1W2D', 'PT15m', 'P3M2Y', 'PT0,5H', '+PT15M', 'P1S'];
    expect(await wrong(durations, 'duration')).toEqual(durations.toSorted());
    const intervals = ['2003-01-01/', '/2003-01-01', '2003-01-01/2003-02-01/2003-03-01', 'P1D/P2D', '2003-01-01/now'];
    expect(await wrong(intervals, 'interval')).toEqual(intervals.toSorted());
  });

  it('takes a TIMESTAMP in its ISO form, and a DATE; a text with a blank is none', async () => {
    const day = "TIMESTAMP '2003-12-15 13:14:17.5'";
    for (const type of ['DATE', 'TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMPTZ']) {
      const select = `SELECT ${day}::${type} AS v`;
      expect(await found(select, ofColumn('iso8601'), given)).toMatchObject({ state: 'passed' });
    }
    const never = "SELECT 'infinity'::TIMESTAMP AS v";
    expect(await found(never, ofColumn('iso8601'), given)).toMatchObject({ failures: 1 });
  });

  it('takes an interval of a time and a duration (ISO 8601)', async () => {
    expect(await wrong(['2003-12-15/P3D', 'P3D/2003-12-15'], 'interval')).toEqual([]);
  });
});

describe('codelist [MODEL-121]', () => {
  beforeEach(async () => {
    await file.connection.run(`CREATE SCHEMA meta;
      CREATE TABLE meta.code_list AS SELECT * FROM (VALUES ('CL.SEX', 'Sex'), ('CL.NY', 'No Yes'), ('CL.NY2', 'No Yes'),
        ('CL.DRUG', 'External'), ('Sex', 'Another')) t(oid, name);
      CREATE TABLE meta.decode AS SELECT * FROM (VALUES ('CL.SEX', 'F', 'Female'), ('CL.SEX', 'M', 'Male'),
        ('CL.NY', 'Y', 'Yes'), ('Sex', 'X', 'x')) t(code_list_oid, coded_value, decode)`);
  });
  const sex = texts(['F', 'm', 'X']);

  it('refuses what is none of its coded values, by OID before name, byte for byte', async () => {
    expect(vs((await found(sex, ofColumn({ codelist: 'CL.SEX' }))).rows)).toEqual(['X', 'm']);
    expect(vs((await found(sex, ofColumn({ codelist: 'Sex' }))).rows)).toEqual(['F', 'm']);
    expect((await found("SELECT 'Y' AS v UNION ALL SELECT NULL", ofColumn({ codelist: 'CL.NY' }))).state).toBe(
      'passed',
    );
  });

  it('is that of the column where the test names none', async () => {
    const { tests } = await run(file, [
      model('work.a', sex, { columns: { v: { codelist: 'CL.SEX', tests: ['codelist'] } } }),
    ]);
    expect(tests).toMatchObject([{ name: 'codelist_v', failures: 2 }]);
  });

  it.each([
    ['CL.SEXX', 'There is no codelist CL.SEXX in the study definitions.', 'Did you mean CL.SEX?'],
    ['No Yes', 'Several codelists have the name No Yes: CL.NY, CL.NY2.', 'Name one by its OID.'],
    [
      'CL.DRUG',
      'The codelist CL.DRUG has no values in the study definitions.',
      expect.stringMatching(/^Name a codelist/),
    ],
  ])('%s is refused, and with it its model', async (codelist, message, next) => {
    const { models } = await run(file, [model('work.a', sex, ofColumn({ codelist }))]);
    expect(models[0].error).toMatchObject({ kind: 'usage', code: 'TEST_CODELIST', message, next });
    expect(models[0].error?.place.file).toBe('models/work/a.yml, test codelist_v');
  });
});

describe('freshness [MODEL-122]', () => {
  const at = (time: string): Given => ({ clock: () => new Date(time) });
  const dated = values("'2026-03-01', '2026-03-20T10:00', '2026-03', NULL, 'soon'");
  const within = (ages: Record<string, string>) => ofColumn({ freshness: ages });

  it.each([
    ['2026-03-27T10:00:00Z', 'passed', undefined],
    ['2026-03-27T10:00:01Z', 'passed', 'warned'],
    ['2026-04-19T10:00:00Z', 'passed', 'warned'],
    ['2026-04-19T10:00:01Z', 'failed', undefined],
  ])('at %s the test with the last word is %s, the other %s', async (time, state, warning = 'passed') => {
    const properties = within({ warn_after: '7 days', error_after: '30 days' });
    const { tests } = await run(file, [model('work.a', dated, properties)], at(time));
    expect(tests.map(({ name, state: found }) => [name, found])).toEqual([
      ['freshness_v', state],
      ['freshness_v_warn', warning],
    ]);
  });

  it('is asked in every run, though nothing has changed; the row that fails is the newest time', async () => {
    const a = model('work.a', dated, within({ error_after: '30 days' }));
    expect((await run(file, [a], at('2026-03-27T00:00:00Z'))).tests).toMatchObject([{ state: 'passed' }]);
    expect((await run(file, [a], at('2026-03-28T00:00:00Z'))).tests).toMatchObject([{ state: 'passed' }]);
    const late = await run(file, [a], at('2026-05-01T00:00:00Z'));
    expect(late.models).toMatchObject([{ state: 'failed', error: { code: 'TEST_FAILED' } }]);
    expect(late.stale).toEqual([{ name: 'work.a', reason: 'its test freshness_v has not passed' }]);
    await run(file, [a], at('2026-05-02T00:00:00Z'));
    expect(
      await file.connection.rows(
        'SELECT newest::VARCHAR AS newest, _first_seen::VARCHAR AS first FROM failures.work_a__freshness_v',
      ),
    ).toEqual([{ newest: '2026-03-20 10:00:00', first: '2026-05-01 00:00:00' }]);
    expect((await run(file, [a], at('2026-03-29T00:00:00Z'))).stale).toEqual([]);
  });

  it('fails where there is no time at all', async () => {
    const { tests } = await run(file, [
      model('work.a', texts(['soon']), within({ warn_after: '1 hour', error_after: '1 day' })),
      model('work.b', texts(['soon']), within({ warn_after: '1 hour' })),
    ]);
    expect(tests.map(({ name, state }) => [name, state])).toEqual([
      ['freshness_v', 'failed'],
      ['freshness_v_warn', 'passed'],
      ['freshness_v', 'warned'],
    ]);
  });

  it.each(["DATE 'infinity'", "TIMESTAMP 'infinity'", "'infinity'", "DATE '-infinity'"])(
    'leaves out %s, which is no time',
    async (never) => {
      const ages = within({ warn_after: '7 days', error_after: '30 days' });
      const both = model('work.a', values(`${never}, '2026-03-20'`), ages);
      const alone = model('work.b', values(never), ages);
      const { tests } = await run(file, [both, alone], at('2026-04-01T00:00:00Z'));
      expect(tests.map(({ name, state }) => [name, state])).toEqual([
        ['freshness_v', 'passed'],
        ['freshness_v_warn', 'warned'],
        ['freshness_v', 'failed'],
        ['freshness_v_warn', 'passed'],
      ]);
    },
  );

  it('of a source asks when it last delivered', async () => {
    await file.connection.run(`CREATE SCHEMA raw; CREATE TABLE raw.delivery AS SELECT * FROM (VALUES
      ('edc', TIMESTAMP '2026-03-01'), ('edc', TIMESTAMP '2026-03-20'), ('lab', TIMESTAMP '2026-03-26')) t(source, arrived_at)`);
    const of = (source: string) => ({ tests: [{ freshness: { source, error_after: '3 days' } }] });
    const models = [model('work.a', values('1'), of('edc')), model('work.b', values('1'), of('lab'))];
    const { tests } = await run(file, models, at('2026-03-27T00:00:00Z'));
    expect(tests.map(({ name, state }) => [name, state])).toEqual([
      ['freshness_edc', 'failed'],
      ['freshness_lab', 'passed'],
    ]);
  });

  it('is measured against a time that is given, if one is', async () => {
    const a = model('work.a', dated, within({ error_after: '30 days' }));
    const given = { ...at('2030-01-01T00:00:00Z'), asOf: new Date('2026-03-21T00:00:00Z') };
    expect((await run(file, [a], given)).tests).toMatchObject([{ state: 'passed' }]);
  });
});
