import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelSource } from '../../../src/project/project.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { model, run, states } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
  await file.connection.run(`
    CREATE SCHEMA raw;
    CREATE TABLE raw.vs (subject VARCHAR, visit INTEGER, value INTEGER);
    INSERT INTO raw.vs VALUES ('01', 1, 120), ('01', 2, 130), ('02', 1, 110), ('03', 1, 90);
    CREATE TABLE raw.dm (subject VARCHAR, arm VARCHAR);
    INSERT INTO raw.dm VALUES ('01', 'A'), ('02', 'B'), ('03', 'A');
    CREATE TABLE raw.visit (visit INTEGER, name VARCHAR);
    INSERT INTO raw.visit VALUES (1, 'SCREENING'), (2, 'WEEK 1')`);
});
afterEach(() => file.remove());

const SQL = `SELECT v.subject, 'S-' || v.subject AS usubjid, n.name, v.value,
  v.value - first_value(v.value) OVER (PARTITION BY v.subject ORDER BY v.visit, v.value) AS change, d.arm
FROM raw.vs v JOIN raw.visit n USING (visit) LEFT JOIN raw.dm d ON d.subject = v.subject`;

const BY = { column: 'subject', inputs: { 'raw.vs': 'subject', 'raw.dm': 'subject' } };
const VS = model('work.vs', SQL, { materialized: 'incremental', by_subject: BY });
const AS_TABLE = model('work.as_table', SQL);

const sql = (statement: string) => file.connection.run(statement);
const rows = (statement: string) => file.connection.rows(statement);

/** What it came to, and how it differs from the same SELECT built as a table. */
async function built(...models: ModelSource[]): Promise<{ states: string[]; difference: unknown[] }> {
  const result = await run(file, [...models, AS_TABLE]);
  const difference = await rows(
    '(FROM work.vs EXCEPT ALL FROM work.as_table) UNION ALL (FROM work.as_table EXCEPT ALL FROM work.vs)',
  );
  return { states: states(result).filter((state) => state.startsWith('work.vs')), difference };
}

describe('a model that is built by subject [MODEL-047]', () => {
  it('computes the rows of those of whom something changed, and keeps the others', async () => {
    expect(await built(VS)).toEqual({ states: ['work.vs built: new'], difference: [] });
    await sql("UPDATE raw.vs SET value = 125 WHERE subject = '01' AND visit = 1");
    expect(await built(VS)).toEqual({ states: ['work.vs built: raw.vs changed: 1 of 3 subjects'], difference: [] });
    expect(await rows("SELECT value, change FROM work.vs WHERE subject = '01' ORDER BY name")).toEqual([
      { value: 125, change: 0 },
      { value: 130, change: 5 },
    ]);
    expect(await built(VS)).toEqual({ states: ['work.vs skipped: unchanged'], difference: [] });
  });

  it('reads only these: what a SELECT counts over all is that of the changed ones', async () => {
    const counting = model('work.vs', 'SELECT subject, count(*) OVER () AS all_rows FROM raw.vs', {
      materialized: 'incremental',
      by_subject: { column: 'subject', inputs: { 'raw.vs': 'subject' } },
    });
    await run(file, [counting]);
    await sql("INSERT INTO raw.vs VALUES ('02', 2, 111)");
    await run(file, [counting]);
    expect(await rows('SELECT subject, any_value(all_rows) AS n FROM work.vs GROUP BY 1 ORDER BY 1')).toEqual([
      { subject: '01', n: 4n },
      { subject: '02', n: 2n },
      { subject: '03', n: 4n },
    ]);
  });

  it('follows subjects that come, that go, and that another input tells something of', async () => {
    await built(VS);
    await sql("INSERT INTO raw.vs VALUES ('04', 1, 100); DELETE FROM raw.vs WHERE subject = '02'");
    expect(await built(VS)).toEqual({ states: ['work.vs built: raw.vs changed: 2 of 4 subjects'], difference: [] });
    await sql("UPDATE raw.dm SET arm = 'B' WHERE subject = '03'");
    expect(await built(VS)).toEqual({ states: ['work.vs built: raw.dm changed: 1 of 4 subjects'], difference: [] });
  });

  it('tells those that are gone from every input apart from those that are there', async () => {
    const told = async (change: string) => {
      await sql(change);
      const { states, difference } = await built(VS);
      expect(difference).toEqual([]);
      return states;
    };
    await built(VS);
    expect(
      await told("UPDATE raw.vs SET value = 1 WHERE subject = '01'; DELETE FROM raw.vs WHERE subject = '03'"),
    ).toEqual(['work.vs built: raw.vs changed: 2 of 3 subjects']);
    expect(await told("DELETE FROM raw.dm WHERE subject = '03'")).toEqual([
      'work.vs built: raw.dm changed: 0 of 2 subjects, 1 gone',
    ]);
    expect(
      await told(
        "UPDATE raw.vs SET value = 2 WHERE subject = '01'; INSERT INTO raw.vs VALUES ('05', 1, 9), ('06', 1, 9)",
      ),
    ).toEqual(['work.vs built: raw.vs changed: 3 of 4 subjects']);
    await built(VS);
    expect(
      await told("UPDATE raw.vs SET value = 3 WHERE subject = '01'; DELETE FROM raw.vs WHERE subject IN ('05', '06')"),
    ).toEqual(['work.vs built: raw.vs changed: 1 of 2 subjects, 2 gone']);
  });

  it('is computed anew where what is shared, its SQL or the columns of an input change, or when asked', async () => {
    await built(VS);
    await sql("UPDATE raw.visit SET name = 'WEEK 01' WHERE visit = 2");
    expect(await built(VS)).toEqual({ states: ['work.vs built: raw.visit changed'], difference: [] });
    const other = { ...VS, sql: `${SQL} WHERE v.value > 0` };
    expect(await built(other)).toEqual({ states: ['work.vs built: SQL changed'], difference: [] });
    await sql('ALTER TABLE raw.vs ALTER value TYPE BIGINT');
    expect(await built(other)).toEqual({ states: ['work.vs built: raw.vs changed'], difference: [] });
    expect(states(await run(file, [other, AS_TABLE], { fullRefresh: true })).slice(1)).toEqual([
      'work.vs built: full refresh',
    ]);
  });

  it('is computed anew where records of no subject change', async () => {
    await sql('INSERT INTO raw.vs VALUES (NULL, 1, 5)');
    const named = model('work.vs', SQL.replace('SELECT v.subject,', "SELECT coalesce(v.subject, '?') AS subject,"), {
      materialized: 'incremental',
      by_subject: BY,
    });
    await run(file, [named]);
    await sql('UPDATE raw.vs SET value = 6 WHERE subject IS NULL');
    expect(states(await run(file, [named]))).toEqual(['work.vs built: raw.vs changed']);
    expect(await rows("SELECT value FROM work.vs WHERE subject = '?'")).toEqual([{ value: 6 }]);
  });

  it('reads through macros and views of the file as through tables, and subjects may be named by an expression', async () => {
    const macro = { name: 'm', path: 'macros/m.sql', sql: 'CREATE OR REPLACE MACRO doubled(x) AS x * 2;' };
    const view = model('work.seen', 'SELECT * FROM raw.vs', { materialized: 'view' });
    const vs = model('work.vs', "SELECT 'S-' || subject AS usubjid, doubled(value) AS value FROM work.seen", {
      materialized: 'incremental',
      by_subject: { column: 'usubjid', inputs: { 'work.seen': "'S-' || subject" } },
    });
    await run(file, [view, vs], { macros: [macro] });
    await sql("UPDATE raw.vs SET value = 91 WHERE subject = '03'");
    expect(states(await run(file, [view, vs], { macros: [macro] }))).toContain(
      'work.vs built: work.seen changed: 1 of 3 subjects',
    );
    expect(await rows("SELECT value FROM work.vs WHERE usubjid = 'S-03'")).toEqual([{ value: 182 }]);
  });

  it('fails on data that its SQL cannot take as any model does, and is built once they are mended', async () => {
    const casting = model('work.vs', "SELECT subject, CAST(arm || '1' AS INTEGER) AS arm FROM raw.dm", {
      materialized: 'incremental',
      by_subject: { column: 'subject', inputs: { 'raw.dm': 'subject' } },
    });
    const beside = model('work.beside', 'SELECT count(*) AS n FROM raw.dm');
    await sql("UPDATE raw.dm SET arm = '7'");
    expect(states(await run(file, [casting, beside]))).toEqual(['work.beside built: new', 'work.vs built: new']);
    await sql("UPDATE raw.dm SET arm = 'B' WHERE subject = '02'");
    const failed = await run(file, [casting, beside]);
    expect(failed.models.find(({ name }) => name === 'work.vs')).toMatchObject({
      state: 'failed',
      error: { kind: 'data', code: 'MODEL_SQL', place: { line: 1, model: 'work.vs' } },
    });
    expect(await rows('FROM work.vs ORDER BY ALL')).toEqual(
      ['01', '02', '03'].map((subject) => ({ subject, arm: 71 })),
    );
    expect(await rows('FROM work.beside')).toEqual([{ n: 3n }]);
    await sql("UPDATE raw.dm SET arm = '8' WHERE subject = '02'");
    expect(states(await run(file, [casting, beside]))).toContain('work.vs built: raw.dm changed: 1 of 3 subjects');
    expect(await rows('SELECT arm FROM work.vs ORDER BY subject')).toEqual([{ arm: 71 }, { arm: 81 }, { arm: 71 }]);
  });

  it('is refused where its rows are not of the subjects that were read, or of none', async () => {
    const shifted = model('work.vs', "SELECT 'X' AS subject, value FROM raw.vs", {
      materialized: 'incremental',
      by_subject: { column: 'subject', inputs: { 'raw.vs': 'subject' } },
    });
    await run(file, [shifted]);
    await sql("UPDATE raw.vs SET value = 1 WHERE subject = '03'");
    const [{ error }] = (await run(file, [shifted])).models;
    expect(error).toMatchObject({ kind: 'usage', code: 'BY_SUBJECT_ROWS', place: { model: 'work.vs' } });
    expect(error?.message).toContain('gives 1 rows of subjects that it was not given to read');
    const none = model('work.none', 'SELECT NULL::VARCHAR AS subject, value FROM raw.vs', {
      materialized: 'incremental',
      by_subject: { column: 'subject', inputs: { 'raw.vs': 'subject' } },
    });
    expect((await run(file, [none])).models.at(-1)?.error?.message).toContain('gives 4 rows without subject');
  });

  it('is refused where an input is not read, its subject reads more, or is no column', async () => {
    const errorOf = async (inputs: Record<string, string>) => {
      const made = model('work.x', 'SELECT subject FROM raw.vs', {
        materialized: 'incremental',
        by_subject: { column: 'subject', inputs },
      });
      return (await run(file, [made])).models[0].error;
    };
    expect(await errorOf({ 'raw.vz': 'subject' })).toMatchObject({
      code: 'BY_SUBJECT_INPUT',
      message: 'by_subject names raw.vz, which the SELECT does not read.',
      next: 'Did you mean raw.vs?',
    });
    expect(await errorOf({ 'raw.vs': '(SELECT max(arm) FROM raw.dm)' })).toMatchObject({ code: 'BY_SUBJECT_INPUT' });
    expect(await errorOf({ 'raw.vs': 'subjekt' })).toMatchObject({ kind: 'usage', code: 'BY_SUBJECT_INPUT' });
    expect(await errorOf({ 'raw.vs': 'subject) FROM raw.dm --' })).toMatchObject({ kind: 'usage' });
  });

  it('comes to what a table of the same SELECT comes to, whatever changes [MODEL-047]', async () => {
    const change = fc.record({
      table: fc.constantFrom('vs', 'dm'),
      subject: fc.constantFrom('01', '02', '03', '04'),
      what: fc.constantFrom('insert', 'delete', 'update'),
      value: fc.integer({ min: 80, max: 83 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 3 }), async (steps) => {
        for (const step of steps) {
          for (const { table, subject, what, value } of step) {
            const arm = value % 2 === 0 ? "'A'" : "'B'";
            if (what === 'delete') await sql(`DELETE FROM raw.${table} WHERE subject = '${subject}'`);
            else if (what === 'insert')
              await sql(
                `INSERT INTO raw.${table} SELECT '${subject}', ${table === 'vs' ? `1 + ${value} % 2, ${value}` : arm}`,
              );
            else
              await sql(
                `UPDATE raw.${table} SET ${table === 'vs' ? `value = ${value}` : `arm = ${arm}`} WHERE subject = '${subject}'`,
              );
          }
          expect((await built(VS)).difference).toEqual([]);
        }
      }),
      { numRuns: 8 },
    );
  });
});
