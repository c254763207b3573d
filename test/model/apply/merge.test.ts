import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { model, run, states } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
  await file.connection.run(`
    CREATE SCHEMA raw;
    CREATE TABLE raw.lab AS SELECT * FROM (VALUES (1, 'K', 4.1), (2, 'K', 4.4), (3, 'NA', 140.0)) t(id, test, value)`);
});
afterEach(() => file.remove());

const sql = (statement: string) => file.connection.run(statement);
const values = async () =>
  (
    await file.connection.rows<{ v: string }>("SELECT id || ' ' || test || ' ' || value AS v FROM work.lab ORDER BY v")
  ).map(({ v }) => v);
const LAB = model('work.lab', 'SELECT id, test, value FROM raw.lab', { materialized: 'incremental', unique_key: 'id' });

describe('a model with a unique key [MODEL-048]', () => {
  it('takes the rows that come in the place of those with their key, and keeps the others', async () => {
    expect(states(await run(file, [LAB]))).toEqual(['work.lab built: new']);
    await sql("DELETE FROM raw.lab; INSERT INTO raw.lab VALUES (2, 'K', 4.5), (4, 'CL', 101.0)");
    expect(states(await run(file, [LAB]))).toEqual(['work.lab built: raw.lab changed: 2 rows came, 2 stayed']);
    expect(await values()).toEqual(['1 K 4.1', '2 K 4.5', '3 NA 140.0', '4 CL 101.0']);
    expect(states(await run(file, [LAB]))).toEqual(['work.lab skipped: unchanged']);
  });

  it('counts NULL as a value of the key', async () => {
    await sql("INSERT INTO raw.lab VALUES (NULL, 'K', 1.0)");
    await run(file, [LAB]);
    await sql('UPDATE raw.lab SET value = 2.0 WHERE id IS NULL');
    await run(file, [LAB]);
    expect(await file.connection.rows('SELECT value::DOUBLE AS value FROM work.lab WHERE id IS NULL')).toEqual([
      { value: 2 },
    ]);
  });

  it('begins anew where its SQL or properties change, or when asked', async () => {
    await run(file, [LAB]);
    await sql('DELETE FROM raw.lab WHERE id < 3');
    const other = { ...LAB, sql: 'SELECT id, test, value FROM raw.lab WHERE value > 0' };
    expect(states(await run(file, [other]))).toEqual(['work.lab built: SQL changed']);
    expect(await values()).toEqual(['3 NA 140.0']);
    await sql("INSERT INTO raw.lab VALUES (5, 'K', 5.0)");
    await run(file, [other]);
    await sql('DELETE FROM raw.lab WHERE id = 5');
    expect(states(await run(file, [other], { fullRefresh: true }))).toEqual(['work.lab built: raw.lab changed']);
    expect(await values()).toEqual(['3 NA 140.0']);
  });

  it('is refused where a column is of another type, or more, than its table has; what was there stands', async () => {
    const all = { ...LAB, sql: 'SELECT * FROM raw.lab' };
    await run(file, [all]);
    await sql("DELETE FROM raw.lab WHERE id < 3; ALTER TABLE raw.lab ADD COLUMN unit VARCHAR DEFAULT 'mmol/L'");
    expect((await run(file, [all])).models[0].error).toMatchObject({ kind: 'usage', code: 'INCREMENTAL_COLUMNS' });
    expect(await values()).toEqual(['1 K 4.1', '2 K 4.4', '3 NA 140.0']);
    await sql('ALTER TABLE raw.lab DROP COLUMN unit; ALTER TABLE raw.lab ALTER value TYPE DOUBLE');
    expect((await run(file, [all])).models[0].error).toMatchObject({ code: 'INCREMENTAL_COLUMNS' });
    expect(states(await run(file, [all], { fullRefresh: true }))).toEqual(['work.lab built: raw.lab changed']);
    expect(await values()).toEqual(['3 NA 140.0']);
  });

  it('is refused where several rows come for one key; what was there stands', async () => {
    await run(file, [LAB]);
    await sql("INSERT INTO raw.lab VALUES (3, 'NA', 141.0)");
    const [{ state, error }] = (await run(file, [LAB])).models;
    expect(state).toBe('failed');
    expect(error).toMatchObject({ kind: 'data', code: 'UNIQUE_KEY_REPEATS' });
    expect(error?.message).toContain('several rows for 1 of the keys id');
    expect(await values()).toEqual(['1 K 4.1', '2 K 4.4', '3 NA 140.0']);
  });

  it('is refused where a key is no column of the SELECT, with what was meant', async () => {
    const misnamed = model('work.lab', LAB.sql, { materialized: 'incremental', unique_key: ['tst'] });
    expect((await run(file, [misnamed])).models[0].error).toMatchObject({
      kind: 'usage',
      code: 'MODEL_KEY_COLUMN',
      message: 'unique_key names tst, which the SELECT does not give.',
      next: 'Did you mean test?',
    });
  });

  it('is nothing that a dataset can be made of [MODEL-050]', async () => {
    const dataset = model('sdtm.lb', 'SELECT id, [1::BIGINT] AS _rows FROM work.lab');
    const view = model('work.between', 'FROM work.lab', { materialized: 'view' });
    const through = model('sdtm.lc', 'SELECT id, [1::BIGINT] AS _rows FROM work.between');
    const { models } = await run(file, [LAB, dataset, view, through]);
    const errors = models.map(({ name, state, error }) => [name, state, error?.code]);
    expect(errors).toEqual([
      ['work.lab', 'built', undefined],
      ['sdtm.lb', 'failed', 'DATASET_OF_HISTORY'],
      ['work.between', 'built', undefined],
      ['sdtm.lc', 'failed', 'DATASET_OF_HISTORY'],
    ]);
  });
});
