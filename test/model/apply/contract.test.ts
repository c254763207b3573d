import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { model, run, states } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
  await file.connection.run(`
    CREATE SCHEMA raw;
    CREATE TABLE raw.kit AS SELECT * FROM (VALUES (1, 'A', 'open'), (2, 'B', 'open')) t(kit, lot, status)`);
});
afterEach(() => file.remove());

const sql = (statement: string) => file.connection.run(statement);
const kits = async () =>
  (await file.connection.rows<{ kit: number }>('SELECT kit FROM work.kit ORDER BY ALL')).map(({ kit }) => kit);

const SQL = 'SELECT kit, lot, status FROM raw.kit';
const CONTRACT = {
  keys: ['kit'],
  columns: { kit: { type: 'integer' }, lot: { type: 'text', mandatory: true }, status: { mandatory: true } },
};
const kit = (properties: object = {}) => model('work.kit', SQL, { ...CONTRACT, ...properties });

describe('what the contract says of values', () => {
  it('keeps the table from its place, with the rows that break it [MODEL-203]', async () => {
    await run(file, [kit()]);
    await sql("INSERT INTO raw.kit VALUES (2, NULL, 'open'), (3, '', NULL)");
    const result = await run(file, [kit()]);
    expect(result.models[0]).toMatchObject({
      state: 'failed',
      error: {
        kind: 'data',
        code: 'TEST_FAILED',
        message:
          'work.kit does not hold mandatory: lot is missing in 2 rows, status in 1 row, kept in failures.work_kit__mandatory; keys (kit): 2 rows, kept in failures.work_kit__keys.',
      },
    });
    expect(await kits()).toEqual([1, 2]);
    const kept = 'SELECT kit FROM failures.work_kit__mandatory ORDER BY kit';
    expect(await file.connection.rows(kept)).toEqual([{ kit: 2 }, { kit: 3 }]);
    expect(await file.connection.rows('SELECT test, asserts FROM run.current_test ORDER BY test')).toEqual([
      { test: 'keys', asserts: 'No two rows have the same kit.' },
      { test: 'mandatory', asserts: 'None of these is ever missing: lot, status.' },
    ]);
  });

  it.each([
    ['view', { materialized: 'view' }],
    ['incremental', { materialized: 'incremental', unique_key: 'kit' }],
    ['by subject', { materialized: 'incremental', by_subject: { column: 'kit', inputs: { 'raw.kit': 'kit' } } }],
    ['snapshot', { materialized: 'snapshot', unique_key: 'kit' }],
  ])('holds for a %s too, before anything new is in it [MODEL-203]', async (_, made) => {
    expect(states(await run(file, [kit(made)]))).toEqual(['work.kit built: new']);
    await sql("INSERT INTO raw.kit VALUES (3, NULL, 'open')");
    const { models } = await run(file, [kit(made)]);
    expect(models[0]).toMatchObject({
      state: 'failed',
      error: { code: 'TEST_FAILED', message: expect.stringContaining('mandatory: lot is missing in 1 row') },
    });
    if (made.materialized !== 'view') expect(await kits()).toEqual([1, 2]);
    const mistyped = model('work.kit', SQL.replace('kit,', 'kit::VARCHAR AS kit,'), { ...CONTRACT, ...made });
    expect((await run(file, [mistyped])).models[0]).toMatchObject({
      error: { code: 'MODEL_COLUMNS', message: 'kit: expected integer, found VARCHAR.' },
    });
    await sql("UPDATE raw.kit SET lot = 'C' WHERE kit = 3");
    expect((await run(file, [kit(made)])).models[0]).toMatchObject({ state: 'built' });
    expect(await kits()).toEqual([1, 2, 3]);
  });

  it('does not hold what a snapshot once was against it [MODEL-203]', async () => {
    const made = { materialized: 'snapshot', unique_key: 'kit' };
    await sql('UPDATE raw.kit SET lot = NULL WHERE kit = 2');
    await run(file, [model('work.kit', SQL, made)]);
    await sql("UPDATE raw.kit SET lot = 'B' WHERE kit = 2");
    expect((await run(file, [kit(made)])).models[0]).toMatchObject({ state: 'built' });
    expect(await kits()).toEqual([1, 2, 2]);
  });
});
