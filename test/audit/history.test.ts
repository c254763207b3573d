import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entry, Fixture } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await Fixture.create();
});
afterEach(() => fixture.dispose());

describe('audit.history', () => {
  it('tells an auditor who did what, when, why and with what outcome [AUDIT-018]', async () => {
    const ledger = await fixture.open();
    await ledger.append([
      entry('delivery/1', { reason: 'first transfer', before: 'aa', after: 'bb', meta: { rows: 3 }, payload: [1] }),
    ]);
    const rows = await fixture.connection.rows('SELECT * REPLACE (time::VARCHAR AS time) FROM audit.history');
    expect(rows).toEqual([
      {
        sequence: 1n,
        time: '2026-03-27 08:00:00.5',
        actor: 'somebody',
        actor_proof: 'os-user',
        action: 'delivery.load',
        object: 'delivery/1',
        outcome: 'committed',
        reason: 'first transfer',
        before_hash: 'aa',
        after_hash: 'bb',
        meta: '{"rows":3}',
        payload_state: 'kept',
        payload: '[1]',
        correlation_id: 'run-1',
      },
    ]);
    expect(await fixture.connection.row("SELECT meta ->> '$.rows' AS n FROM audit.history")).toEqual({ n: '3' });
  });

  it('shows a payload that is gone as missing [AUDIT-018]', async () => {
    await (await fixture.open()).append([entry('delivery/1', { payload: 1 })]);
    await fixture.connection.run('DELETE FROM audit.payload');
    expect(await fixture.connection.row('SELECT payload_state FROM audit.history')).toEqual({
      payload_state: 'missing',
    });
  });

  it('has a comment on every table, view and column [AUDIT-018]', async () => {
    const uncommented = await fixture.connection.rows(`
      SELECT table_name AS name FROM duckdb_columns() WHERE schema_name = 'audit' AND comment IS NULL
      UNION ALL SELECT table_name FROM duckdb_tables() WHERE schema_name = 'audit' AND comment IS NULL
      UNION ALL SELECT view_name FROM duckdb_views() WHERE schema_name = 'audit' AND comment IS NULL`);
    expect(uncommented).toEqual([]);
  });
});
