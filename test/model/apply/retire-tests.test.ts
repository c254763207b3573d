import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTests } from '../../../src/model/run-tests.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { model, run, sqlFile } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
});
afterEach(() => file.remove());

const column = async (sql: string) => (await file.connection.rows(sql)).map((row) => Object.values(row)[0]);
const kept = () => column("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'failures' ORDER BY ALL");
const current = () => column("SELECT model || ' ' || test || ' ' || state FROM run.current_test ORDER BY ALL");

const warning = (name: string, of = 'work.a') => ({ name, sql: `SELECT * FROM ${of}`, severity: 'warn' });
const a = (...tests: string[]) =>
  model('work.a', 'SELECT 1 AS x', { tests: tests.map((name) => warning(name, 'work.a')) });
const b = (...tests: string[]) =>
  model('work.b', 'SELECT 1 AS y', { tests: tests.map((name) => warning(name, 'work.b')) });
const OF_FILE = sqlFile('tests/late.sql', 'SELECT * FROM work.a WHERE x = 1');
const FREE = sqlFile('tests/free.sql', 'SELECT 1 AS one');

describe('a test that is none any more [MODEL-038]', () => {
  it('goes with its rows, and stays in the history', async () => {
    await run(file, [a('kept', 'gone'), b('other')], { tests: [OF_FILE, FREE] });
    expect(await kept()).toEqual(['free', 'work_a__gone', 'work_a__kept', 'work_a__late', 'work_b__other']);
    await run(file, [a('kept', 'renamed'), b('other')], { runId: 'second' });
    expect(await kept()).toEqual(['work_a__kept', 'work_a__renamed', 'work_b__other']);
    expect(await current()).toEqual(['work.a kept warned', 'work.a renamed warned', 'work.b other warned']);
    expect(
      await file.connection.rows(
        "SELECT run_id, state, failure_count, failures FROM run.test WHERE test = 'gone' ORDER BY ordinal",
      ),
    ).toEqual([
      expect.objectContaining({ state: 'warned', failures: 'failures.work_a__gone' }),
      { run_id: 'second', state: 'dropped', failure_count: 1n, failures: null },
    ]);
  });

  it('is run again when it comes back', async () => {
    await run(file, [a('t')]);
    await run(file, [a()]);
    const { tests } = await run(file, [a('t')]);
    expect(tests).toMatchObject([{ name: 't', state: 'warned' }]);
    expect(await current()).toEqual(['work.a t warned']);
    expect(await kept()).toEqual(['work_a__t']);
  });

  it('goes with a selection where its model is selected, else with the next run that selects nothing', async () => {
    await run(file, [a('t'), b('u')], { tests: [FREE] });
    await run(file, [a(), b()], { select: ['work.a'] });
    expect(await current()).toEqual([' free failed', 'work.b u warned']);
    expect(await kept()).toEqual(['free', 'work_b__u']);
    await run(file, [a(), b()]);
    expect(await current()).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  it('goes when only tests are run', async () => {
    await run(file, [a('t'), b('u')]);
    const { connection, failures: failuresDirectory } = file;
    const options = { connection, failuresDirectory, macros: [], tests: [], runId: 'tests', models: [a('t'), b()] };
    await runTests(options);
    expect(await current()).toEqual(['work.a t warned']);
    expect(await kept()).toEqual(['work_a__t']);
  });

  it('goes with its model, put in place or not, whatever is selected', async () => {
    const failing = model('work.b', 'SELECT 1 AS y', { tests: [{ name: 'never', sql: 'SELECT * FROM work.b' }] });
    await run(file, [a('t'), failing]);
    expect(await kept()).toEqual(['work_a__t', 'work_b__never']);
    await run(file, [model('work.c', 'SELECT 1 AS z')], { select: ['work.c'] });
    expect(await current()).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  it('is none that is not understood at the moment', async () => {
    const late = (sql: string) => ({ tests: [sqlFile('tests/late.sql', sql)] });
    await run(file, [a('t')], late(OF_FILE.sql));
    const broken = model('work.a', 'SELECT 1 AS x', {
      tests: [{ ...warning('t'), sql: 'SELECT * FROM work.nothing' }],
    });
    await run(file, [broken], late('SELECT * FROM work.nothing'));
    expect(await current()).toEqual(['work.a late failed', 'work.a t warned']);
    expect(await kept()).toEqual(['work_a__late', 'work_a__t']);
  });

  it('goes from the model under which a file was shown, once it reads another', async () => {
    await run(file, [a(), b()], { tests: [OF_FILE] });
    await run(file, [a(), b()], { tests: [sqlFile('tests/late.sql', 'SELECT * FROM work.b')] });
    expect(await current()).toEqual(['work.b late failed']);
    expect(await kept()).toEqual(['work_b__late']);
  });
});

describe('tests of one model and one name [MODEL-039]', () => {
  const refused = { state: 'failed', error: { kind: 'usage', code: 'TEST_NAME_TAKEN' } };

  it.each(['late', 'LATE'])('a file and a declared test %s: the file is refused', async (name) => {
    const { tests, stale } = await run(file, [a(name)], { tests: [OF_FILE] });
    expect(tests).toMatchObject([
      { name, model: 'work.a', state: 'warned' },
      { name: 'late', ...refused },
    ]);
    expect(tests[1].error).toMatchObject({
      message: 'work.a has another test of the name late: the rows that fail would be kept in one table.',
      place: { file: 'tests/late.sql' },
      next: 'Give one of them another name.',
    });
    expect(stale).toEqual([{ name: 'test late', reason: 'it has not passed' }]);
    expect(await kept()).toEqual([`work_a__${name}`]);
  });

  it('one of another model may have the name', async () => {
    const { tests } = await run(file, [a(), b('late')], { tests: [OF_FILE] });
    expect(tests.map(({ model, state }) => [model, state])).toEqual([
      ['work.a', 'failed'],
      ['work.b', 'warned'],
    ]);
  });

  it('no test of a dataset is called as the one that every dataset has', async () => {
    const dataset = (tests: unknown[]) => model('sdtm.ae', "SELECT 'A' AS AETERM, [1]::BIGINT[] AS _rows", { tests });
    const own = await run(file, [dataset([{ name: 'No_Empty_Text', sql: 'SELECT * FROM sdtm.ae' }])]);
    expect(own.models[0].error).toMatchObject(refused.error);
    const given = { tests: [sqlFile('tests/no_empty_text.sql', 'SELECT * FROM sdtm.ae')] };
    const ofFile = await run(file, [dataset([])], given);
    expect(ofFile.tests).toMatchObject([
      { name: 'no_empty_text', state: 'passed' },
      { name: 'no_empty_text', ...refused },
    ]);
  });
});
