import { expect, it } from 'vitest';
import { appendRows } from '../../src/store/append-rows.ts';
import { memory } from '../model/database.ts';

const TABLE = `CREATE SCHEMA s; CREATE TABLE s.t (
  b BIGINT, v VARCHAR, j JSON, i INTEGER, t TIMESTAMP, l VARCHAR[], n VARCHAR)`;
const AT = new Date('2026-03-27T08:00:00.123Z');
const ROW = [9007199254740993n, "it's ❤", '{"a":1}', -7, AT, ['x', "y'"], null] as const;

it('appends values as their columns have them, and none of a transaction that is rolled back [STORE-014]', async () => {
  const connection = await memory();
  await connection.run(TABLE);
  const kept = connection.transaction(async () => {
    await appendRows(connection, 's', 't', [ROW]);
    throw new Error('undone');
  });
  await expect(kept).rejects.toThrow('undone');
  expect(await connection.rows('FROM s.t')).toEqual([]);
  await connection.transaction(() => appendRows(connection, 's', 't', [ROW, [1n, '', 'null', 0, AT, [], null]]));
  const shown = "b::VARCHAR AS b, v, j->>'a' AS a, i, t::VARCHAR AS t, l::VARCHAR AS l, n";
  expect(await connection.rows(`SELECT ${shown} FROM s.t ORDER BY i`)).toEqual([
    { b: '9007199254740993', v: "it's ❤", a: '1', i: -7, t: '2026-03-27 08:00:00.123', l: "[x, 'y\\'']", n: null },
    { b: '1', v: '', a: null, i: 0, t: '2026-03-27 08:00:00.123', l: '[]', n: null },
  ]);
});

it('counts what failed or was rolled back on a connection, and nothing else [STORE-014]', async () => {
  const connection = await memory();
  await connection.transaction(() => connection.run('CREATE TABLE t (a INTEGER)'));
  expect(connection.setbacks).toBe(0);
  await expect(connection.rows('SELECT b FROM t')).rejects.toThrow();
  expect(connection.setbacks).toBe(1);
  await connection.trial(() => connection.run('INSERT INTO t VALUES (1)'));
  expect(connection.setbacks).toBe(2);
});
