import { beforeEach, describe, expect, it } from 'vitest';
import { contentOf } from '../../src/model/content-hash.ts';
import type { Connection } from '../../src/store/connection.ts';
import { memory } from './database.ts';

let connection: Connection;
beforeEach(async () => {
  connection = await memory();
});

async function hash(select: string): Promise<string> {
  await connection.run(`CREATE OR REPLACE TABLE main.t AS ${select}`);
  return (await contentOf(connection, 'main.t')).hash;
}

describe('contentOf [MODEL-007]', () => {
  const rows = "SELECT * FROM (VALUES (1, 'a'), (2, NULL), (2, NULL)) t(x, y)";

  it('does not heed the order of rows', async () => {
    expect(await hash(`${rows} ORDER BY x DESC`)).toBe(await hash(`${rows} ORDER BY x`));
  });

  it('heeds every value, NULL, name, type and count', async () => {
    const base = await hash(rows);
    for (const other of [
      rows.replace("'a'", "'b'"),
      rows.replace('(2, NULL), (2, NULL)', '(2, NULL)'),
      rows.replace('(2, NULL), (2, NULL)', "(2, ''), (2, NULL)"),
      rows.replace('t(x, y)', 't(x, z)'),
      `SELECT x::BIGINT AS x, y FROM (${rows})`,
      `SELECT y, x FROM (${rows})`,
    ]) {
      expect(await hash(other), other).not.toBe(base);
    }
  });

  it('is not misled by equal rows that cancel out, or rows of zeros', async () => {
    expect(await hash('SELECT 5 AS x FROM range(2)')).not.toBe(await hash('SELECT 7 AS x FROM range(2)'));
    expect(await hash('SELECT 0 AS x FROM range(2)')).not.toBe(await hash('SELECT 0 AS x FROM range(3)'));
    expect(await hash('SELECT 0 AS x FROM range(0)')).not.toBe(await hash('SELECT 0 AS x FROM range(1)'));
  });

  it('has room for the sum of many large hashes', async () => {
    await connection.run('CREATE TABLE main.big AS SELECT i FROM range(200000) t(i)');
    expect((await contentOf(connection, 'main.big')).rows).toBe(200_000n);
  });

  it('leaves out columns of the runner, but not identities', async () => {
    const base = await hash('SELECT 1 AS x, 5 AS _key, 7 AS _row, [1, 2]::BIGINT[] AS _rows');
    expect(await hash('SELECT 1 AS x, 6 AS _key, 7 AS _row, [2, 1]::BIGINT[] AS _rows')).toBe(base);
    expect(await hash('SELECT 1 AS x, 5 AS _key, 8 AS _row, [1, 2]::BIGINT[] AS _rows')).not.toBe(base);
    expect(await hash('SELECT 1 AS x, 5 AS _key, 7 AS _row, [1, 3]::BIGINT[] AS _rows')).not.toBe(base);
  });

  it('reads views, and tables without a column that counts', async () => {
    await connection.run('CREATE VIEW main.v AS SELECT 1 AS x; CREATE TABLE main.u AS SELECT 1 AS _x FROM range(4)');
    expect((await contentOf(connection, 'main.v')).rows).toBe(1n);
    expect((await contentOf(connection, 'main.u')).rows).toBe(4n);
  });
});
