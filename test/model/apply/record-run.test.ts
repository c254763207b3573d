import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLastRun } from '../../../src/model/plan/last-run.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { model, run, sqlFile } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
});
afterEach(() => file.remove());

const GOOD = model('work.good', 'SELECT 1 AS x');
const BAD = model('work.bad', 'SELECT no_such_column FROM work.good');

it('of a run that is cut short there is no record, and the one before it is still the last [MODEL-105]', async () => {
  await run(file, [GOOD, BAD], { command: 'build' });
  const last = await readLastRun(file.connection);
  expect(last).toEqual({
    command: 'build',
    fullRefresh: false,
    results: [
      { model: 'work.good', test: null, state: 'built', code: null },
      { model: 'work.bad', test: null, state: 'failed', code: 'MODEL_SQL' },
    ],
  });
  const append = () => Promise.reject(new Error('the disk is gone'));
  const other = model('work.good', 'SELECT 2 AS x');
  await expect(run(file, [other, BAD], { ledger: { append } })).rejects.toThrow('the disk is gone');
  expect(await readLastRun(file.connection)).toEqual(last);
});

it('keeps every run, in order, with its times and a test that reads no model [MODEL-105]', async () => {
  const times = ['2026-03-27T08:00:00Z', '2026-03-27T08:00:01Z'].map((time) => new Date(time));
  await run(file, [GOOD], { select: ['good'] });
  await run(file, [GOOD], { runId: 'second', clock: () => times.shift() ?? new Date('2026-03-27T08:00:02.345Z') });
  await run(file, [GOOD], { tests: [sqlFile('tests/free.sql', 'SELECT 1 AS one')], exclude: [] });
  const rows = await file.connection.rows(
    `SELECT ordinal, command, to_json(selected)::VARCHAR AS selected, started_at::VARCHAR AS started, ended_at::VARCHAR AS ended
     FROM run.invocation ORDER BY ordinal LIMIT 2`,
  );
  expect(rows).toEqual([
    { ordinal: 1n, command: 'run', selected: '["good"]', started: '2026-03-27 08:00:00', ended: '2026-03-27 08:00:00' },
    { ordinal: 2n, command: 'run', selected: '[]', started: '2026-03-27 08:00:00', ended: '2026-03-27 08:00:02.345' },
  ]);
  expect((await readLastRun(file.connection))?.results).toEqual([
    { model: '', test: 'free', state: 'failed', code: null },
  ]);
});
