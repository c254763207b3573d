import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runTests } from '../../../src/model/run-tests.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { type Given, model, run } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
});
afterEach(() => file.remove());

const TABLE = 'failures.work_a__late';
const on = (day: number): Given => ({ clock: () => new Date(Date.UTC(2026, 2, day)) });

/** Runs a test, on a day of March 2026, that returns the rows of a SELECT. */
const returning = (day: number, select: string, given: Given = {}) =>
  run(
    file,
    [
      model('work.a', select, {
        tests: [{ name: 'late', sql: 'SELECT * FROM work.a', severity: 'warn' }],
      }),
    ],
    { ...on(day), ...given },
  );
const terms = (...list: string[]) =>
  `SELECT unnest([${list.map((term) => `'${term}'`).join(', ')}]::VARCHAR[]) AS term`;

/** What is kept: the term with the days of first seen, last seen and resolved. */
async function kept(column = 'term'): Promise<string[]> {
  const rows = await file.connection.rows<{ row: string }>(
    `SELECT concat_ws(' ', ${column}, day(_first_seen), day(_last_seen), coalesce(day(_resolved)::VARCHAR, 'open')) AS "row"
     FROM ${TABLE} ORDER BY ALL`,
  );
  return rows.map(({ row }) => row);
}

describe('the rows that fail a test are kept across runs [MODEL-128]', () => {
  it('with when each was seen first and last, and when it was resolved', async () => {
    await returning(1, terms('COUGH', 'RASH'));
    expect(await kept()).toEqual(['COUGH 1 1 open', 'RASH 1 1 open']);
    await returning(2, terms('COUGH', 'NAUSEA'));
    expect(await kept()).toEqual(['COUGH 1 2 open', 'NAUSEA 2 2 open', 'RASH 1 1 2']);
    await returning(3, 'SELECT NULL::VARCHAR AS term WHERE false');
    expect(await kept()).toEqual(['COUGH 1 2 3', 'NAUSEA 2 2 3', 'RASH 1 1 2']);
    expect(await file.connection.row("SELECT state, failures FROM run.current_test WHERE test = 'late'")).toEqual({
      state: 'passed',
      failures: TABLE,
    });
  });

  it('opens a row again that fails again, as of its first day', async () => {
    await returning(1, terms('RASH'));
    await returning(2, terms());
    await returning(3, terms('RASH'));
    expect(await kept()).toEqual(['RASH 1 3 open']);
  });

  it('counts equal rows', async () => {
    await returning(1, terms('RASH', 'RASH', 'RASH'));
    await returning(2, terms('RASH'));
    expect(await kept()).toEqual(['RASH 1 1 2', 'RASH 1 1 2', 'RASH 1 2 open']);
    await returning(3, terms('RASH', 'RASH', 'RASH', 'RASH'));
    expect(await kept()).toEqual(['RASH 1 3 open', 'RASH 1 3 open', 'RASH 1 3 open', 'RASH 3 3 open']);
  });

  it('tells NULL from an empty text, and heeds no number that a load gave', async () => {
    await returning(1, "SELECT NULL AS term, 1 AS _key, 7 AS _line UNION ALL SELECT '', 2, 8");
    await returning(2, 'SELECT NULL::VARCHAR AS term, 5 AS _key, 9 AS _line');
    expect(await kept("coalesce(term, 'null')")).toEqual([' 1 1 2', 'null 1 2 open']);
    expect(await file.connection.row(`SELECT _line FROM ${TABLE} WHERE term IS NULL`)).toEqual({ _line: 9 });
  });

  it('knows a row again in the columns that it still has, when others come, go or change their type', async () => {
    await returning(1, "SELECT 'RASH' AS term, 1 AS seq, 'x' AS gone");
    await returning(
      2,
      "SELECT 'RASH' AS term, 1::BIGINT AS seq, DATE '2026-01-01' AS came UNION ALL SELECT 'COUGH', 2, NULL",
    );
    expect(await kept("concat_ws(' ', term, seq, came)")).toEqual(['COUGH 2 2 2 open', 'RASH 1 2026-01-01 1 2 open']);
    await returning(3, 'SELECT true AS other');
    expect(await kept('other')).toEqual(['true 3 3 open']);
  });

  it('where a column changes its type, knows the values again that are the same in both, and loses none', async () => {
    await returning(1, "SELECT '1' AS term, NULL::VARCHAR AS v UNION ALL SELECT '2', NULL");
    await returning(2, "SELECT '1' AS term, NULL::VARCHAR AS v");
    await returning(3, 'SELECT 7 AS term, NULL::VARCHAR AS v');
    expect(await kept()).toEqual(['1 1 2 3', '2 1 1 2', '7 3 3 open']);
    await returning(4, 'SELECT 7.00 AS term, NULL::VARCHAR AS v');
    expect(await kept()).toEqual(['1.00 1 2 3', '2.00 1 1 2', '7.00 3 4 open']);
    await returning(5, "SELECT DATE '2026-01-01' AS term, NULL::VARCHAR AS v");
    await returning(6, "SELECT '7.00' AS term, NULL::VARCHAR AS v");
    expect(await kept()).toEqual(['1.00 1 2 3', '2.00 1 1 2', '2026-01-01 5 5 6', '7.00 3 6 open']);
  });

  it('keeps intervals as text, which Parquet does not hold', async () => {
    const told = "concat_ws(' ', term, l)";
    const of = (us: number) => `SELECT INTERVAL '-1 month' AS term, [INTERVAL '${us} microseconds'] AS l`;
    await returning(1, of(1));
    await returning(2, of(2));
    expect(await kept(told)).toEqual(["-1 month ['00:00:00.000001'] 1 1 2", "-1 month ['00:00:00.000002'] 2 2 open"]);
  });

  it('keeps rows of a model that was not put in place, and leaves no file behind', async () => {
    const failing = model('work.a', terms('RASH'), { tests: [{ name: 'late', sql: 'SELECT * FROM work.a' }] });
    await run(file, [failing], on(1));
    const { models } = await run(file, [failing], on(2));
    expect(models[0].error).toMatchObject({
      code: 'TEST_FAILED',
      message: `work.a does not hold late: 1 row, kept in ${TABLE}.`,
      next: `Look: warehouse query "SELECT * FROM ${TABLE} WHERE _resolved IS NULL"; the new table work.a was not put in place.`,
    });
    expect(await kept()).toEqual(['RASH 1 2 open']);
    expect(readdirSync(file.failures)).toEqual([]);
  });

  it('keeps columns whatever they are called', async () => {
    const select = "SELECT 'RASH' AS term, 1 AS _content, 2 AS _same, 3 AS __nth, 4 AS constructor";
    await returning(1, select);
    await returning(2, `${select} WHERE true`);
    expect(await kept()).toEqual(['RASH 1 2 open']);
    expect(
      await file.connection.row(`SELECT COLUMNS(* EXCLUDE (_first_seen, _last_seen, _resolved)) FROM ${TABLE}`),
    ).toEqual({ term: 'RASH', _content: 1, _same: 2, __nth: 3, constructor: 4 });
  });

  it('keeps them of a test whose name is longer than that of a file may be', async () => {
    const name = `late_${'x'.repeat(300)}`;
    const tested = model('work.a', "SELECT 'RASH' AS term", {
      tests: [{ name, sql: 'SELECT * FROM work.a', severity: 'warn' }],
    });
    const result = await run(file, [tested], on(1));
    expect(result.tests).toMatchObject([{ name, state: 'warned', failures: 1 }]);
    expect(await file.connection.row(`SELECT term FROM failures.work_a__${name}`)).toEqual({ term: 'RASH' });
  });

  it('leaves out columns of the names that it gives', async () => {
    await returning(1, "SELECT 'RASH' AS term, 5 AS _resolved, 6 AS _First_Seen");
    expect(await kept()).toEqual(['RASH 1 1 open']);
  });

  it('comments on the table and on each of its columns', async () => {
    await returning(1, terms('RASH'), { runId: 'the-run' });
    expect(
      await file.connection.rows(
        "SELECT column_name AS name, comment FROM duckdb_columns() WHERE schema_name = 'failures' ORDER BY column_index",
      ),
    ).toEqual([
      { name: 'term', comment: 'term of a row that fails.' },
      { name: '_first_seen', comment: 'The run in which the row failed for the first time, UTC.' },
      { name: '_last_seen', comment: 'The last run of the test that found it, UTC.' },
      { name: '_resolved', comment: 'The run that found it to fail no more, UTC; NULL while it fails.' },
    ]);
  });
});

describe('of many failing rows [MODEL-128]', () => {
  const numbers = (from: number, to: number) => `SELECT i AS term FROM range(${from}, ${to}) t(i)`;
  const counts = () =>
    file.connection.row(
      `SELECT count(*) FILTER (_resolved IS NULL)::INTEGER AS open, count(*) FILTER (_resolved IS NOT NULL)::INTEGER AS resolved FROM ${TABLE}`,
    );

  it('10,000 that fail are kept, those that were kept before first, and 10,000 that do no more', async () => {
    await returning(1, numbers(0, 12_000));
    expect(await counts()).toEqual({ open: 10_000, resolved: 0 });
    const before = await file.connection.rows(`SELECT term FROM ${TABLE} ORDER BY ALL`);
    await returning(2, numbers(0, 30_000));
    expect(await counts()).toEqual({ open: 10_000, resolved: 0 });
    expect(await file.connection.rows(`SELECT term FROM ${TABLE} ORDER BY ALL`)).toEqual(before);
    await returning(3, numbers(30_000, 45_000));
    expect(await counts()).toEqual({ open: 10_000, resolved: 10_000 });
    await returning(4, numbers(0, 0));
    expect(await counts()).toEqual({ open: 0, resolved: 10_000 });
    expect(await file.connection.rows(`SELECT DISTINCT day(_resolved)::INTEGER AS day FROM ${TABLE}`)).toEqual([
      { day: 4 },
    ]);
  });

  it('one that fails is never shown as resolved: not where it fails again behind the cut, nor where others are many', async () => {
    await returning(1, numbers(0, 12_000));
    await returning(2, numbers(2001, 12_000));
    await returning(3, numbers(0, 12_000));
    expect(await counts()).toEqual({ open: 10_000, resolved: 0 });
    const before = await file.connection.rows(`SELECT term, _first_seen FROM ${TABLE} ORDER BY ALL`);
    await returning(4, `${numbers(0, 12_000)} UNION ALL SELECT 5000 FROM range(25_000)`);
    expect(await counts()).toEqual({ open: 10_000, resolved: 0 });
    expect(await file.connection.rows(`SELECT term, _first_seen FROM ${TABLE} ORDER BY ALL`)).toEqual(before);
  });
});

describe('where rows are not to be stored [MODEL-129]', () => {
  const without: Given = { storeFailures: false };

  it('they are counted, and none is kept', async () => {
    const { tests } = await returning(1, terms('RASH'), without);
    expect(tests).toEqual([{ name: 'late', model: 'work.a', state: 'warned', failures: 1 }]);
    expect(await file.connection.rows("FROM duckdb_tables() WHERE schema_name = 'failures'")).toEqual([]);
    expect(await file.connection.row('SELECT failure_count, failures FROM run.current_test')).toEqual({
      failure_count: 1n,
      failures: null,
    });
  });

  it('those that were kept before stay as they are', async () => {
    await returning(1, terms('RASH'));
    await returning(2, terms('COUGH'), without);
    await returning(3, terms(), without);
    expect(await kept()).toEqual(['RASH 1 1 open']);
    const { connection, failures: failuresDirectory } = file;
    const a = model('work.a', terms(), { tests: [{ name: 'late', sql: 'SELECT * FROM work.a', severity: 'warn' }] });
    await runTests({ connection, failuresDirectory, macros: [], tests: [], models: [a], runId: 'again', ...on(4) });
    expect(await kept()).toEqual(['RASH 1 1 4']);
  });

  it('a run that keeps them tests again what was tested without, and brings them in line', async () => {
    await returning(1, terms('COUGH', 'RASH'));
    await returning(2, terms('RASH'), without);
    expect(await kept()).toEqual(['COUGH 1 1 open', 'RASH 1 1 open']);
    // Nothing has changed, and of what is counted only no table is named: that one has other rows.
    const again = await returning(3, terms('RASH'), without);
    expect([again.tests, again.standing]).toEqual([
      [],
      [{ name: 'late', model: 'work.a', state: 'warned', failures: 1 }],
    ]);
    const { tests, standing } = await returning(4, terms('RASH'));
    expect([tests, standing]).toEqual([
      [{ name: 'late', model: 'work.a', state: 'warned', failures: 1, table: TABLE }],
      [],
    ]);
    expect(await kept()).toEqual(['COUGH 1 1 4', 'RASH 1 4 open']);
    expect((await returning(5, terms('RASH'))).tests).toEqual([]);
    await returning(6, terms(), without);
    expect((await returning(7, terms())).tests).toMatchObject([{ state: 'passed' }]);
    expect(await kept()).toEqual(['COUGH 1 1 4', 'RASH 1 4 7']);
    expect((await returning(8, terms())).tests).toEqual([]);
  });

  it('the error says how they can be seen', async () => {
    const failing = model('work.a', terms('RASH'), { tests: [{ name: 'late', sql: 'SELECT * FROM work.a' }] });
    const { models } = await run(file, [failing], without);
    expect(models[0].error).toMatchObject({
      message: 'work.a does not hold late: 1 row.',
      next: 'To see the rows, run it without --no-store-failures; the new table work.a was not put in place.',
    });
  });
});
