import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTests } from '../../../src/model/run-tests.ts';
import type { ModelSource } from '../../../src/project/project.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { type Given, model, run, sqlFile, states } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
  await file.connection.run(`
    CREATE SCHEMA raw;
    CREATE TABLE raw.ae AS SELECT * FROM (VALUES
      ('0012', 'HEADACHE', DATE '2026-01-02', 1.25::DECIMAL(4, 2)), ('0013', 'COUGH', DATE '2026-01-03', NULL)) t(subject, term, day, dose)`);
});
afterEach(() => file.remove());

const SQL = 'SELECT subject AS USUBJID, upper(term) AS AETERM, CAST(day AS VARCHAR) AS AESTDTC, dose FROM raw.ae';
const ae = (test: Record<string, unknown>, sql = SQL): ModelSource =>
  model('work.ae', sql, { unit_tests: [{ name: 'one', ...test }] });
const given = (rows: unknown, rest = {}) => [{ input: 'raw.ae', rows, ...rest }];
const errorOf = async (source: ModelSource, options: Given = {}) =>
  (await run(file, [source], options)).models[0].error!;
const difference = () =>
  file.connection.rows(
    'SELECT * EXCLUDE (_first_seen, _last_seen, _resolved) FROM failures.work_ae__one WHERE _resolved IS NULL ORDER BY ALL',
  );

const HOLDS = {
  given: given([{ subject: '0001', term: 'rash' }]),
  expect: { rows: [{ AETERM: 'RASH', USUBJID: '0001' }] },
};

describe('a unit test [MODEL-125]', () => {
  it('runs the SELECT as it is on the given rows, before the model is built, and leaves the tables as they were', async () => {
    const { models, tests } = await run(file, [ae(HOLDS)]);
    expect(tests).toEqual([{ name: 'one', model: 'work.ae', state: 'passed', failures: 0 }]);
    expect(models).toMatchObject([{ name: 'work.ae', state: 'built', rows: 2 }]);
    expect(await file.connection.rows('SELECT subject FROM raw.ae ORDER BY ALL')).toEqual([
      { subject: '0012' },
      { subject: '0013' },
    ]);
    expect(await file.connection.rows("FROM duckdb_tables() WHERE schema_name = 'failures'")).toEqual([]);
    expect(await file.connection.row('SELECT kind, asserts, severity FROM run.current_test')).toEqual({
      kind: 'unit_test',
      asserts: 'Of the given rows, the SELECT makes those expected.',
      severity: 'error',
    });
  });

  it('that fails keeps the model from being built, and its difference as rows', async () => {
    const test = {
      given: given([{ term: 'rash' }, { term: 'cough' }, { term: 'cough' }]),
      expect: { rows: [{ AETERM: 'rash' }, { AETERM: 'COUGH' }] },
    };
    await run(file, [model('work.ae', SQL)]);
    const { models, tests, stale } = await run(file, [ae(test)]);
    expect(tests).toMatchObject([{ name: 'one', state: 'failed', failures: 3, table: 'failures.work_ae__one' }]);
    expect(models[0]).toMatchObject({
      state: 'failed',
      reason: 'unchanged',
      rows: 2,
      error: {
        kind: 'usage',
        code: 'UNIT_TEST_FAILED',
        message:
          'work.ae does not make what its unit tests expect. one: 1 row missing, 2 unexpected, kept in failures.work_ae__one.',
        next: 'Look: warehouse query "SELECT * FROM failures.work_ae__one WHERE _resolved IS NULL"; the former table work.ae is still in place.',
        place: { model: 'work.ae', file: 'models/work/ae.yml' },
      },
    });
    expect(await difference()).toEqual([
      { _difference: 'missing', AETERM: 'rash' },
      { _difference: 'unexpected', AETERM: 'COUGH' },
      { _difference: 'unexpected', AETERM: 'RASH' },
    ]);
    expect(stale).toEqual([{ name: 'work.ae', reason: 'its test one has not passed' }]);
    expect(
      (
        await run(file, [
          ae({ ...test, expect: { rows: [{ AETERM: 'RASH' }, { AETERM: 'COUGH' }, { AETERM: 'COUGH' }] } }),
        ])
      ).stale,
    ).toEqual([]);
    expect(await difference()).toEqual([]);
  });

  it('compares the columns that are expected, equal rows by their number, texts byte for byte', async () => {
    const collated = 'SELECT term COLLATE NOCASE AS t, day FROM raw.ae';
    const rows = (...terms: string[]) => ({
      given: given(terms.map((term) => ({ term }))),
      expect: { rows: [{ t: 'a' }, { t: 'a' }] },
    });
    expect((await run(file, [ae(rows('a', 'a'), collated)])).tests).toMatchObject([{ state: 'passed' }]);
    expect((await run(file, [ae(rows('a'), collated)])).tests).toMatchObject([{ failures: 1 }]);
    expect((await run(file, [ae(rows('a', 'A'), collated)])).tests).toMatchObject([{ failures: 2 }]);
  });

  it('may expect no row at all: then every row is one too many', async () => {
    const none = { given: given([{ term: 'rash' }]), expect: { rows: [] } };
    expect((await run(file, [ae(none)])).tests).toMatchObject([{ failures: 1 }]);
    expect((await run(file, [ae({ ...none, given: given([]) })])).tests).toMatchObject([{ state: 'passed' }]);
  });

  it('gives values the types of the table, NULL to what is left out, and reads CSV with NULL in empty fields', async () => {
    const types = 'SELECT typeof(day) AS d, typeof(dose) AS n, subject IS NULL AS s, term FROM raw.ae';
    const csv = 'day,dose,term\n2026-02-01,1.5,""\n,,';
    const test = {
      given: given(csv, { format: 'csv' }),
      expect: { rows: 'd,n,s,term\nDATE,"DECIMAL(4,2)",true,""\nDATE,"DECIMAL(4,2)",true,' },
    };
    expect((await run(file, [ae(test, types)])).tests).toMatchObject([{ state: 'passed' }]);
  });

  it('compares lists, such as _rows', async () => {
    const listed = 'SELECT list(length(term) ORDER BY term) AS _rows FROM raw.ae';
    const test = { given: given([{ term: 'a' }, { term: 'bcd' }]), expect: { rows: [{ _rows: [1, 3] }] } };
    expect((await run(file, [ae(test, listed)])).tests).toMatchObject([{ state: 'passed' }]);
  });

  it('has macros and seeds as they are, and variables of its own', async () => {
    const root = dirname(file.failures);
    mkdirSync(join(root, 'data'));
    writeFileSync(join(root, 'data/a.csv'), 'x\n5\n');
    const options: Given = {
      variables: { cutoff: '2026-01-03' },
      macros: [sqlFile('macros/m.sql', "CREATE OR REPLACE MACRO before_cutoff(d) AS d < 'x' AND d < '2026-06'")],
      seeds: { root, paths: ['data/a.csv'] },
    };
    const sql = `SELECT term, getvariable('cutoff') AS c, x FROM raw.ae, '${root}/data/a.csv' WHERE before_cutoff(day::VARCHAR)`;
    const test = {
      given: given([
        { term: 'early', day: '2026-01-02' },
        { term: 'late', day: '2026-07-01' },
      ]),
      vars: { CUTOFF: '2026-02-01' },
      expect: { rows: [{ term: 'early', c: '2026-02-01', x: 5 }] },
    };
    expect((await run(file, [ae(test, sql)], options)).tests).toMatchObject([{ state: 'passed' }]);
    expect(await file.connection.row('SELECT DISTINCT c FROM work.ae')).toEqual({ c: '2026-01-03' });
  });

  it('gives rows in the place of a view, and of a table that a macro reads', async () => {
    await file.connection.run('CREATE VIEW raw.both AS SELECT term FROM raw.ae');
    const macros = [
      sqlFile('macros/m.sql', 'CREATE OR REPLACE MACRO counted() AS TABLE SELECT count(*) AS n FROM raw.ae'),
    ];
    const test = {
      given: [
        { input: 'raw.both', rows: [{ term: 'x' }] },
        { input: 'raw.ae', rows: [{}, {}, {}] },
      ],
      expect: { rows: [{ term: 'x', n: 3 }] },
    };
    const { tests } = await run(file, [ae(test, 'SELECT term, n FROM raw.both, counted()')], { macros });
    expect(tests).toMatchObject([{ state: 'passed' }]);
    expect(await file.connection.row('SELECT count(*)::INTEGER AS n FROM raw.both')).toEqual({ n: 2 });
  });
});

describe('a unit test is run [MODEL-126]', () => {
  const ran = async (source: ModelSource, options: Given = {}) => (await run(file, [source], options)).tests.length;

  it('where the SELECT, a macro, a row or the columns of a table changed, and not where data did', async () => {
    const macros = (body: string) => ({
      macros: [sqlFile('macros/m.sql', `CREATE OR REPLACE MACRO loud(t) AS ${body}`)],
    });
    const loud = SQL.replace('upper(', 'loud(');
    const test = ae(HOLDS, loud);
    expect(await ran(test, macros('upper(t)'))).toBe(1);
    expect(await ran(test, macros('upper(t)'))).toBe(0);
    await file.connection.run("INSERT INTO raw.ae VALUES ('0014', 'x', NULL, NULL)");
    const built = await run(file, [test], macros('upper(t)'));
    expect([states(built), built.tests]).toEqual([['work.ae built: raw.ae changed'], []]);
    expect(built.standing).toMatchObject([{ name: 'one', state: 'passed' }]);
    expect(await ran(test, macros('upper(t || t[:0])'))).toBe(1);
    expect(await ran(ae(HOLDS, `${loud} -- the same`), macros('upper(t || t[:0])'))).toBe(0);
    expect(await ran(ae(HOLDS, `${loud} WHERE true`), macros('upper(t || t[:0])'))).toBe(1);
    const more = { ...HOLDS, given: given([{ subject: '0001', term: 'rash', dose: 1 }]) };
    expect(await ran(ae(more, loud), macros('upper(t)'))).toBe(1);
    await file.connection.run('ALTER TABLE raw.ae ALTER dose TYPE DOUBLE');
    expect(await ran(ae(more, loud), macros('upper(t)'))).toBe(1);
    expect(await ran(ae(more, loud), macros('upper(t)'))).toBe(0);
  });

  it('again while it fails', async () => {
    const failing = ae({ ...HOLDS, expect: { rows: [] } });
    expect(await ran(failing)).toBe(1);
    expect(await ran(failing)).toBe(1);
  });

  it('by the command of tests, in a file in which nothing was ever built', async () => {
    await file.connection.run('DROP SCHEMA raw CASCADE');
    const { connection, failures: failuresDirectory } = file;
    mkdirSync(failuresDirectory, { recursive: true });
    const options = { connection, failuresDirectory, macros: [], tests: [], runId: 'new' };
    const whole = ae({
      given: given([{ subject: '0001', term: 'rash', day: '2026-01-01', dose: 1.5 }]),
      expect: { rows: [{ AETERM: 'RASH', dose: 1.5, AESTDTC: '2026-01-01' }] },
    });
    expect(await runTests({ ...options, models: [whole] })).toEqual([
      { name: 'one', model: 'work.ae', state: 'passed', failures: 0 },
    ]);
    expect(await runTests({ ...options, models: [ae({ ...HOLDS, given: given([]) })] })).toMatchObject([
      {
        state: 'failed',
        error: {
          code: 'UNIT_TEST',
          message: 'Unit test one: There is no table raw.ae yet, and no row that tells its columns.',
        },
      },
    ]);
  });

  it('no more once it is none any more, and its rows go', async () => {
    await run(file, [ae({ ...HOLDS, expect: { rows: [] } })]);
    await run(file, [model('work.ae', SQL)]);
    expect(await file.connection.rows('FROM run.current_test')).toEqual([]);
    expect(await file.connection.rows("FROM duckdb_tables() WHERE schema_name = 'failures'")).toEqual([]);
  });

  it('that cannot be run fails its model, and leaves the tables as they were', async () => {
    const wrong = ae(
      { given: given([{ term: 'x' }]), expect: { rows: [] } },
      'SELECT term::INTEGER AS AETERM\nFROM raw.ae',
    );
    expect(await errorOf(wrong)).toMatchObject({
      code: 'MODEL_SQL',
      kind: 'data',
      place: { file: 'models/work/ae.sql', line: 1 },
    });
    expect(await file.connection.row('SELECT count(*)::INTEGER AS n FROM raw.ae')).toEqual({ n: 2 });
  });
});

describe('what does not fit a unit test is refused [MODEL-127]', () => {
  const rows = [{ AETERM: 'RASH' }];

  it.each([
    [[{ input: 'raw.aee', rows: [] }], rows, 'work.ae does not read raw.aee.', 'Did you mean raw.ae?'],
    [
      [],
      rows,
      'work.ae reads raw.ae, which given does not have.',
      'Add {input: raw.ae, rows: []} to given, with the rows that matter.',
    ],
    [given([{ trem: 'x' }]), rows, 'raw.ae has no column trem.', 'Did you mean term?'],
    [given([]), [{ AETREM: 'x' }], 'work.ae has no column AETREM.', 'Did you mean AETERM?'],
    [
      given([{ term: 'x' }, { day: '2026-02-30' }]),
      rows,
      'raw.ae: rows[1].day is no DATE.',
      'Write it as the column has it.',
    ],
    [given([{ day: '2026-02-03T10:00' }]), rows, 'raw.ae: rows[0].day is no DATE.', 'Write it as the column has it.'],
    [given([{ dose: 1.255 }]), rows, 'raw.ae: rows[0].dose is no DECIMAL(4,2).', 'Write it as the column has it.'],
    [given([]), [{ dose: 'x' }], 'expect: rows[0].dose is no DECIMAL(4,2).', 'Write it as the SELECT makes it.'],
  ])('%j with %j', async (tables, expected, message, next) => {
    const error = await errorOf(ae({ given: tables, expect: { rows: expected } }));
    expect(error).toMatchObject({ kind: 'usage', code: 'UNIT_TEST', message: `Unit test one: ${message}`, next });
    expect(error.place).toEqual({ model: 'work.ae', file: 'models/work/ae.yml' });
  });

  it('a table that the SELECT hides and that is not given, whatever stands in the file', async () => {
    const hidden = (inputs: string[], tables: Record<string, unknown>[]) =>
      model('work.ae', "SELECT subject, term FROM query('SELECT * FROM raw.ae')", {
        depends_on: inputs,
        unit_tests: [{ name: 'one', given: tables, expect: { rows: [{ term: 'rash' }] } }],
      });
    await file.connection.run('CREATE TABLE raw.dm AS SELECT 1 AS subject; CREATE VIEW raw.v AS FROM raw.ae');
    const refused = await errorOf(hidden(['raw.dm'], [{ input: 'raw.dm', rows: [] }]));
    expect(refused).toMatchObject({
      kind: 'usage',
      code: 'UNIT_TEST',
      message: 'Unit test one: work.ae reads what given does not have: Table with name ae does not exist!',
      next: 'Name under depends_on all that the SELECT hides, and give rows of it: a unit test reads no data of the study.',
    });
    expect(await file.connection.rows("FROM duckdb_tables() WHERE schema_name = 'failures'")).toEqual([]);
    const { tests } = await run(file, [hidden(['raw.ae'], given([{ term: 'rash' }]))]);
    expect(tests).toMatchObject([{ state: 'passed' }]);
    expect(await file.connection.row('SELECT count(*)::INTEGER AS n FROM raw.v')).toEqual({ n: 2 });
  });

  it('a variable that the project does not have', async () => {
    const error = await errorOf(ae({ ...HOLDS, vars: { cutof: 'x' } }), { variables: { cutoff: 'x' } });
    expect(error).toMatchObject({
      code: 'UNIT_TEST',
      message: 'Unit test one: There is no variable cutof in warehouse.yml.',
      next: 'Did you mean cutoff?',
    });
  });

  it('and told once, where the SELECT itself is not understood', async () => {
    const result = await run(file, [ae(HOLDS, 'SELEC 1')]);
    expect(new Set([...result.models, ...result.tests].map(({ error }) => error)).size).toBe(1);
  });
});

describe('a value that is written is compared as it is written [MODEL-127]', () => {
  /** Each SELECT of one value as a model of its own, all in one run. */
  const made = (cases: readonly (readonly [string, unknown])[]) =>
    run(
      file,
      cases.map(([sql, value], i) =>
        model(`work.a${i}`, `SELECT ${sql} AS x`, { unit_tests: [{ name: 'one', expect: { rows: [{ x: value }] } }] }),
      ),
    );

  // What the SQL makes, and another value: by hand.
  const OTHERS: [string, unknown][] = [
    ['2::DECIMAL(10, 0)', 1.5],
    ['[2]::BIGINT[]', [1.5]],
    ['[1.25]::DECIMAL(3, 2)[]', [1.254]],
    ['[2]::INTEGER[1]', [1.5]],
    ["[DATE '2026-01-01']", ['2026-01-01 10:00:00']],
    ["{'a': 2}", "{'a': 1.5}"],
    ["[{'a, \"b': {'c': [2::TINYINT]}}]", "[{'a, \"b': {'c': [1.5]}}]"],
    ["MAP {'k': 2}", '{k=1.5}'],
    ["MAP {2: 'k'}", '{1.5=k}'],
    ["TIME '10:00:00'", '2026-01-05 10:00:00'],
    ["TIME '10:00:00.123456'", '10:00:00.1234561'],
    ["TIME '10:00:00'", '10:00:00+02'],
    ["TIMESTAMP_S '2026-01-01 10:00:01'", '2026-01-01 10:00:00.7'],
    ["TIMESTAMP_MS '2026-01-01 10:00:00.123'", '2026-01-01 10:00:00.1234'],
    ["TIMESTAMP '2026-01-01 08:00:00'", '2026-01-01 10:00:00+02:00'],
    ["TIMESTAMPTZ '2026-01-01 08:00:00.123456Z'", '2026-01-01 08:00:00.1234561Z'],
    ['9007199254740992::DOUBLE', 9007199254740993n],
    ['16777216::FLOAT', 16777217],
    ['1.5::DOUBLE', '1.4999999999999999999'],
    ["INTERVAL '1 second'", '1.0000005 seconds'],
    ["INTERVAL '1 month'", '0.1 years'],
    ['12::BIGNUM', '12.5'],
    ["['a']", "['a'"],
    ['[1, NULL]::BIGINT[]', '[1, x]'],
  ];

  it('and one that its type does not hold is refused', async () => {
    const { models } = await made(OTHERS);
    expect(
      OTHERS.filter((_, i) => models.find(({ name }) => name === `work.a${i}`)!.error?.code !== 'UNIT_TEST'),
    ).toEqual([]);
    for (const { error } of models) {
      expect(error!.message).toMatch(/^Unit test one: expect: rows\[0\]\.x is no /);
      expect(error!.next).toBe('Write it as the SELECT makes it.');
    }
  });

  const SAME: [string, unknown][] = [
    ['2::DECIMAL(10, 0)', 2],
    ['2::DECIMAL(10, 0)', '2.0'],
    ['1.5::DECIMAL(10, 1)', '1.50'],
    ['100::DECIMAL(10, 0)', '1e2'],
    ['-0.5::DECIMAL(3, 2)', '-.5'],
    ['170141183460469231731687303715884105727', '170141183460469231731687303715884105727'],
    ['100::BIGINT', 1e2],
    ['0.1::DOUBLE', 0.1],
    ['0.1::DOUBLE', '0.10000000000000001'],
    ['0.1::DOUBLE', '1.0e-1'],
    ['0.1::FLOAT', 0.1],
    ["'nan'::DOUBLE", 'NaN'],
    ['1e22::DOUBLE', 1e22],
    ['true', true],
    ["DATE '2026-01-05'", '2026-01-05'],
    ["TIME '09:05:00'", '9:05'],
    ["TIME '10:00:00.5'", '10:00:00.500'],
    ["TIMESTAMP '2026-01-01 00:00:00'", '2026-01-01'],
    ["TIMESTAMP '2026-01-01 10:00:00'", '2026-01-01T10:00:00Z'],
    ["TIMESTAMP '2026-01-01 10:00:00.5'", '2026-01-01 10:00:00.50'],
    ["TIMESTAMPTZ '2026-01-01 08:00:00Z'", '2026-01-01T10:00:00+02:00'],
    ["TIMESTAMP_NS '2026-01-01 10:00:00.123456789'", '2026-01-01 10:00:00.123456789'],
    ["INTERVAL '1 month'", '1 month'],
    ["INTERVAL '1 day 12 hours'", '1.5 days'],
    ['[1, 2]::BIGINT[]', [1, 2]],
    ['[1, 2]::BIGINT[]', '[1.0, 2]'],
    ['[1, 2]::BIGINT[]', '["1", "2"]'],
    ['[1.5, NULL]::DECIMAL(3, 1)[]', '[1.50, NULL]'],
    ["['a\"b', 'c, d\\', e'x\\ny']", ['a"b', 'c, d\\', 'x\ny']],
    ['[true, false]', [true, false]],
    ["[DATE '2026-01-05']", ['2026-01-05']],
    ["{'a': 1.5, 'b c': [DATE '2026-01-05'], 'D': NULL::INTEGER}", "{'a': 1.50, 'b c': [2026-01-05], 'D': NULL}"],
    ["MAP {'10': 1.5, '9': 2}", '{10=1.50, 9=2.0}'],
    ["'x'::ENUM('x', 'y')", 'x'],
    ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID", 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'],
    ["'A'::BLOB", '\\x41'],
    ['\'[1, "a"]\'::JSON', '[1, "a"]'],
    ["'x'::UNION(n INTEGER, t VARCHAR)", 'x'],
  ];

  it('and holds however it is written', async () => {
    const { models } = await made(SAME);
    expect(SAME.filter((_, i) => models.find(({ name }) => name === `work.a${i}`)!.state !== 'built')).toEqual([]);
  });

  it('and a month is not 30 days, though DuckDB says so', async () => {
    const { tests } = await made([
      ["INTERVAL '1 month'", '30 days'],
      ["[INTERVAL '1 month']", '[30 days]'],
      ["INTERVAL '36 hours'", '1 day 12 hours'],
    ]);
    expect(tests.map(({ failures }) => failures)).toEqual([2, 2, 2]);
  });

  it('among the given rows too', async () => {
    await file.connection.run('CREATE TABLE raw.l AS SELECT 2::DECIMAL(10, 0) AS d, [2]::BIGINT[] AS l');
    const withRow = (row: unknown) =>
      errorOf(ae({ given: [{ input: 'raw.l', rows: [row] }], expect: { rows: [] } }, 'SELECT d FROM raw.l'));
    expect((await withRow({ d: 1.5 })).message).toBe('Unit test one: raw.l: rows[0].d is no DECIMAL(10,0).');
    expect((await withRow({ d: 1, l: [1.5] })).message).toBe('Unit test one: raw.l: rows[0].l is no BIGINT[].');
  });

  it('and a UNION that DuckDB makes of no text is refused where a value is written, and NULL where none is', async () => {
    await file.connection.run(
      'CREATE TABLE raw.u AS SELECT 1 AS n, union_value(i := 1)::UNION(i INTEGER, d DOUBLE) AS u, [u] AS l',
    );
    const sql = 'SELECT n, u, l FROM raw.u';
    const withRows = (row: unknown, rows: unknown[]) =>
      ae({ given: [{ input: 'raw.u', rows: [row] }], expect: { rows } }, sql);
    const told = { kind: 'usage', code: 'UNIT_TEST' };
    expect(await errorOf(withRows({ n: 1, u: 1 }, []))).toMatchObject({
      ...told,
      message: 'Unit test one: raw.u: rows[0].u is a UNION(i INTEGER, d DOUBLE), which DuckDB makes of no text.',
      next: 'Leave u out.',
    });
    expect(await errorOf(withRows({ n: 1 }, [{ l: [1] }]))).toMatchObject({
      ...told,
      message: 'Unit test one: expect: rows[0].l is a UNION(i INTEGER, d DOUBLE)[], which DuckDB makes of no text.',
    });
    expect((await run(file, [withRows({ n: 1 }, [{ n: 1, u: null }])])).tests).toMatchObject([{ state: 'passed' }]);
    expect((await run(file, [withRows({ n: 1 }, [])])).tests).toMatchObject([{ state: 'failed', failures: 1 }]);
  });
});
