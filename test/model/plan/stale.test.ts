import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { type Given, model, run, sqlFile } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
  await file.connection.run('CREATE SCHEMA raw; CREATE TABLE raw.t AS SELECT 1 AS x');
});
afterEach(() => file.remove());

const A = model('work.a', 'SELECT x FROM raw.t');
const B = model('work.b', 'SELECT x FROM work.a');
const C = model('work.c', 'SELECT 7 AS y');
const stale = async (models: (typeof A)[], given: Given = {}) =>
  (await run(file, models, given)).stale.map(({ name, reason }) => `${name}: ${reason}`);

describe('after a run, a model is stale [MODEL-019]', () => {
  it('never where everything was built, nor where nothing had to be', async () => {
    expect(await stale([A, B, C])).toEqual([]);
    expect(await stale([A, B, C], { select: ['work.c'] })).toEqual([]);
  });

  it('that was not selected and has never been built, with what reads it', async () => {
    expect(await stale([A, B, C], { select: ['work.c'] })).toEqual(['work.a: new', 'work.b: work.a is not up to date']);
  });

  it('that was not selected and whose SQL or input changed', async () => {
    await run(file, [A, B, C]);
    await file.connection.run('UPDATE raw.t SET x = 2');
    const changed = { ...C, sql: 'SELECT 8 AS y' };
    expect(await stale([A, B, changed], { select: ['work.b'] })).toEqual([
      'work.a: raw.t changed',
      'work.b: work.a is not up to date',
      'work.c: SQL changed',
    ]);
    expect(await stale([A, B, changed], { select: ['work.a'] })).toEqual([
      'work.b: work.a changed',
      'work.c: SQL changed',
    ]);
  });

  it('whose table somebody dropped, or which cannot be built', async () => {
    await run(file, [A, B, C]);
    await file.connection.run('DROP TABLE work.b');
    expect(await stale([A, B, { ...C, sql: 'SELECT y FROM nowhere.t' }], { select: ['work.a'] })).toEqual([
      'work.b: its table is missing',
      'work.c: MODEL_UNKNOWN_TABLE',
    ]);
  });

  it('whose tests did not pass, until they do; a warning is a pass', async () => {
    const tested = (severity: string) =>
      model('work.c', C.sql, { tests: [{ name: 'none', sql: 'SELECT * FROM work.c', severity }] });
    expect(await stale([C])).toEqual([]);
    expect(await stale([tested('error')])).toEqual(['work.c: its test none has not passed']);
    expect(await stale([A, tested('error')], { select: ['work.a'] })).toEqual(['work.c: its test none has not passed']);
    expect(await stale([A, tested('warn')])).toEqual([]);
  });

  it('or a test of tests/ that reads no model', async () => {
    const test = sqlFile('tests/nothing.sql', 'SELECT * FROM raw.t');
    expect(await stale([C], { tests: [test] })).toEqual(['test nothing: it has not passed']);
  });
});
