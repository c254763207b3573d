import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Ledger } from '../../../src/audit/ledger.ts';
import type { WarehouseEvent } from '../../../src/lib/events.ts';
import { AUDIT_SQL } from '../../audit/fixture.ts';
import { fixedClock } from '../../helpers/fixed-clock.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { model, run, states } from '../models.ts';

let file: TemporaryFile;
let ledger: Ledger;
beforeEach(async () => {
  file = await temporaryFile();
  await file.connection.run(AUDIT_SQL);
  ledger = await Ledger.open({
    directory: join(file.failures, '../ledger'),
    connection: file.connection,
    clock: fixedClock('2026-03-27T08:00:00Z'),
    actor: { name: 'somebody', proof: 'os-user' },
  });
});
afterEach(() => file.remove());

const rows = (sql: string) => file.connection.rows(sql);
const relations = async () =>
  (
    await rows(
      `SELECT table_schema || '.' || table_name || ' ' || table_type AS r FROM information_schema.tables
       WHERE table_schema IN ('work', 'failures') ORDER BY ALL`,
    )
  ).map(({ r }) => r);

const A = model('work.a', 'SELECT 1 AS x');
const B = model('work.b', 'SELECT x FROM work.a');
const AS_VIEW = model('work.a', 'SELECT 1 AS x', { materialized: 'view' });

describe('a model whose file was removed [MODEL-018]', () => {
  it('is dropped, with what its tests kept, and says so in the record, the ledger and a notice', async () => {
    const tested = model('work.b', B.sql, { tests: [{ name: 'none', sql: 'SELECT * FROM work.b', severity: 'warn' }] });
    await run(file, [A, tested], { ledger });
    expect(await relations()).toEqual(['failures.work_b__none BASE TABLE', 'work.a BASE TABLE', 'work.b BASE TABLE']);
    const [{ content_hash }] = await rows("SELECT content_hash FROM run.current_model WHERE model = 'work.b'");
    const events: WarehouseEvent[] = [];
    const result = await run(file, [A], { ledger, runId: 'second', events: (event) => events.push(event) });
    expect(states(result)).toEqual(['work.b dropped: no file defines it any more', 'work.a skipped: unchanged']);
    expect(result.stale).toEqual([]);
    expect(await relations()).toEqual(['work.a BASE TABLE']);
    expect(await rows('SELECT model FROM run.current_model')).toEqual([{ model: 'work.a' }]);
    expect(
      await rows("SELECT run_id, materialized, reason FROM run.model WHERE model = 'work.b' ORDER BY ordinal"),
    ).toEqual([
      { run_id: expect.any(String), materialized: 'table', reason: 'new' },
      { run_id: 'second', materialized: 'dropped', reason: 'no file defines it any more' },
    ]);
    expect(
      await rows("SELECT object, effect, before_hash, after_hash FROM audit.ledger WHERE action = 'model.drop'"),
    ).toEqual([{ object: 'work.b', effect: 'commit', before_hash: content_hash, after_hash: null }]);
    expect(events).toContainEqual(expect.objectContaining({ event: 'notice', code: 'MODEL_DROPPED' }));
    expect(states(await run(file, [A], { ledger }))).toEqual(['work.a skipped: unchanged']);
  });

  it('goes whatever is selected, and a view goes too', async () => {
    await run(file, [AS_VIEW, B]);
    expect(states(await run(file, [model('work.c', 'SELECT 1 AS y')], { select: ['work.c'] }))).toEqual([
      'work.a dropped: no file defines it any more',
      'work.b dropped: no file defines it any more',
      'work.c built: new',
    ]);
    expect(await relations()).toEqual(['work.c BASE TABLE']);
  });

  it('is no table that another may read', async () => {
    await run(file, [A, B]);
    const { models } = await run(file, [B]);
    expect(models.map(({ name, state, reason }) => `${name} ${state}: ${reason}`)).toEqual([
      'work.a dropped: no file defines it any more',
      'work.b failed: MODEL_UNKNOWN_TABLE',
    ]);
    expect(await relations()).toEqual(['work.b BASE TABLE']);
  });

  it('is built as new when its file comes back', async () => {
    await run(file, [A, B]);
    await run(file, [A]);
    expect(states(await run(file, [A, B]))).toEqual(['work.a skipped: unchanged', 'work.b built: new']);
  });

  it('may have been dropped by somebody already', async () => {
    await run(file, [A, B]);
    await file.connection.run('DROP TABLE work.b');
    expect(states(await run(file, [A]))[0]).toBe('work.b dropped: no file defines it any more');
  });

  it('leaves tables that the runner did not make, and one that takes its name afterwards', async () => {
    await run(file, [A, B]);
    await file.connection.run('CREATE TABLE work.mine AS SELECT 1 AS x');
    await run(file, [A]);
    await file.connection.run('CREATE TABLE work.b AS SELECT 42 AS x');
    await run(file, [A]);
    expect(await relations()).toEqual(['work.a BASE TABLE', 'work.b BASE TABLE', 'work.mine BASE TABLE']);
    expect((await run(file, [A, B])).models[1].error).toMatchObject({ code: 'MODEL_NAME_TAKEN' });
  });
});

describe('a model that takes the place of another of its name [MODEL-018]', () => {
  it.each([
    ['a table the place of a view', AS_VIEW, A, 'BASE TABLE'],
    ['a view the place of a table', A, AS_VIEW, 'VIEW'],
    ["a person's table the place of a generated view", { ...AS_VIEW, generated: true }, A, 'BASE TABLE'],
    ["a generated view the place of a person's table", A, { ...AS_VIEW, generated: true }, 'VIEW'],
  ])('%s', async (_, before, after, kind) => {
    await run(file, [before, B]);
    const changed = { ...after, sql: 'SELECT 2 AS x' };
    expect(states(await run(file, [changed, B]))).toEqual([
      'work.a built: SQL changed',
      'work.b built: work.a changed',
    ]);
    expect(await relations()).toEqual([`work.a ${kind}`, 'work.b BASE TABLE']);
    expect(await rows('FROM work.b')).toEqual([{ x: 2 }]);
  });
});

describe('the ledger [MODEL-020]', () => {
  const records = () =>
    rows(
      `SELECT action, object, effect, before_hash, after_hash, meta->>'fingerprint' AS fingerprint
       FROM audit.ledger WHERE action LIKE 'model.%' ORDER BY sequence`,
    );
  const current = async () =>
    (await rows("SELECT content_hash, fingerprint FROM run.current_model WHERE model = 'work.a'"))[0];

  it('has the content before and after each swap, in the transaction of the swap', async () => {
    await run(file, [A], { ledger });
    const first = await current();
    await run(file, [{ ...A, sql: 'SELECT 2 AS x' }], { ledger });
    const second = await current();
    expect(await records()).toEqual([
      {
        action: 'model.build',
        object: 'work.a',
        effect: 'commit',
        before_hash: null,
        after_hash: first.content_hash,
        fingerprint: first.fingerprint,
      },
      {
        action: 'model.build',
        object: 'work.a',
        effect: 'commit',
        before_hash: first.content_hash,
        after_hash: second.content_hash,
        fingerprint: second.fingerprint,
      },
    ]);
  });

  it('keeps no swap whose record could not be written', async () => {
    await run(file, [A], { ledger });
    const full = { append: () => Promise.reject(new Error('no room')) };
    await expect(run(file, [{ ...A, sql: 'SELECT 2 AS x' }], { ledger: full })).rejects.toThrow('no room');
    expect(await rows('FROM work.a')).toEqual([{ x: 1 }]);
    expect(states(await run(file, [{ ...A, sql: 'SELECT 2 AS x' }], { ledger }))).toEqual([
      'work.a built: SQL changed',
    ]);
  });

  it('has the failure of a model, and no swap that its tests did not let happen', async () => {
    await run(file, [A], { ledger });
    const tested = model('work.a', 'SELECT 3 AS x', { tests: [{ name: 'none', sql: 'SELECT * FROM work.a' }] });
    await run(file, [tested], { ledger });
    expect((await records()).slice(1)).toEqual([
      expect.objectContaining({ action: 'model.failure', object: 'work.a', effect: 'done', after_hash: null }),
    ]);
    expect(await rows('FROM work.a')).toEqual([{ x: 1 }]);
  });
});
