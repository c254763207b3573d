import { beforeEach, describe, expect, it } from 'vitest';
import { contentOf } from '../../../src/model/table/content-hash.ts';
import type { Connection } from '../../../src/store/connection.ts';
import { memory } from '../database.ts';

let connection: Connection;
beforeEach(async () => {
  connection = await memory();
});

async function hash(select: string): Promise<string> {
  await connection.run(`CREATE OR REPLACE TABLE main.t AS ${select}`);
  return (await contentOf(connection, 'main.t', { surrogates: ['_key'] })).hash;
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

  it('leaves out surrogates and the order of the identities after the first, and nothing else', async () => {
    const row = "SELECT 1 AS x, 5 AS _key, 7 AS _row, 9 AS _line, 'a' AS _note, [1, 2, 3]::BIGINT[] AS _rows";
    const base = await hash(row);
    expect(await hash(row.replace('5 AS _key', '6 AS _key'))).toBe(base);
    expect(await hash(row.replace('[1, 2, 3]', '[1, 3, 2]')), 'the order of the others').toBe(base);
    for (const [was, is] of [
      ['7 AS _row', '8 AS _row'],
      ['9 AS _line', '10 AS _line'],
      ["'a' AS _note", "'b' AS _note"],
      ['[1, 2, 3]', '[1, 2, 4]'],
      ['[1, 2, 3]', '[2, 1, 3]'],
      ['[1, 2, 3]', '[1, 2, 3, 3]'],
    ]) {
      expect(await hash(row.replace(was, is)), is).not.toBe(base);
    }
  });

  it('takes for the first identity the first that is there', async () => {
    const rows = (list: string) => hash(`SELECT ${list}::BIGINT[] AS _rows`);
    expect(await rows('[NULL, 1, 2]')).toBe(await rows('[1, 2, NULL]'));
    expect(await rows('[NULL, 1, 2]')).not.toBe(await rows('[NULL, 2, 1]'));
    expect(await rows('[1, 2, NULL]')).not.toBe(await rows('[1, 2]'));
  });

  it('reads views, and tables without a column that counts', async () => {
    await connection.run('CREATE VIEW main.v AS SELECT 1 AS x; CREATE TABLE main.u AS SELECT 1 AS _key FROM range(4)');
    expect((await contentOf(connection, 'main.v')).rows).toBe(1n);
    expect((await contentOf(connection, 'main.u', { surrogates: ['_key'] })).rows).toBe(4n);
  });
});

/** Values of one type, no two of which are the same. */
const NEAR: readonly (readonly [type: string, ...values: string[]])[] = [
  ['BOOLEAN', 'true', 'false'],
  ['TINYINT', '0', '1', '-1', '-128'],
  ['BIGINT', '0', '1', '-1', '9223372036854775807', '-9223372036854775808', '4294967296'],
  ['UBIGINT', '0', '1', '18446744073709551615'],
  ['HUGEINT', '0', '1', '-1', '18446744073709551616', '18446744073709551617', '36893488147419103232'],
  ['UHUGEINT', '0', '1', '18446744073709551616', '340282366920938463463374607431768211455'],
  ['BIGNUM', '0', '1', '-1', "'340282366920938463463374607431768211456'"],
  ['FLOAT', '0', "'-0'", "'nan'", "'inf'", "'-inf'", '1'],
  ['DOUBLE', '0', "'-0'", "'nan'", "'inf'", "'-inf'", '0.1', "'0.30000000000000004'", "'0.3'"],
  ['DECIMAL(5,2)', '0', '1', '-1', '1.01'],
  ['DECIMAL(38,0)', '0', '1', '18446744073709551616', '-1'],
  ['VARCHAR', "''", "' '", "'a'", "'A'", "'a '", "'NULL'", 'chr(0)', "'a' || chr(0)", "'\u00e9'", "'e\u0301'"],
  ['VARCHAR', "'123456789012'", "'1234567890123'", "'1234567890123 '", "'0'", "'00'"],
  ['BLOB', "''", "'\\x00'", "'\\x00\\x00'", "'\\x5Cx00'"],
  ['BIT', "'0'", "'00'", "'1'", "'00000001'", "'100000000'"],
  ['UUID', "'00000000-0000-0000-0000-000000000001'", "'00000000-0000-0001-0000-000000000000'"],
  ['JSON', "'null'", `'{"a":1}'`, `'{"a": 1}'`, "'1'", `'"1"'`],
  ["ENUM('a', 'b')", "'a'", "'b'"],
  ['DATE', "'2026-03-27'", "'2026-03-28'", "'infinity'", "'-infinity'", "'1970-01-01'"],
  ['TIME', "'00:00:00'", "'24:00:00'", "'00:00:00.000001'"],
  ['TIME WITH TIME ZONE', "'12:00:00+00'", "'13:00:00+01'", "'11:00:00-01'"],
  ['TIMESTAMP', "'2026-03-27'", "'2026-03-27 00:00:00.000001'", "'infinity'"],
  ['TIMESTAMP_NS', "'2026-03-27'", "'2026-03-27 00:00:00.000000001'"],
  ['TIMESTAMP WITH TIME ZONE', "'2026-03-27 00:00:00+00'", "'2026-03-27 00:00:00+01'"],
  ['INTERVAL', "'1 month'", "'30 days'", "'720 hours'", "'1 day'", "'24 hours'", "'0 days'", "'-1 month'"],
  ['INTEGER[]', '[]', '[NULL]', '[NULL, NULL]', '[0]', '[0, 0]', '[0, NULL]', '[NULL, 0]', '[1, 2]', '[2, 1]'],
  ['BIGINT[]', '[]', '[NULL]', '[0]', '[0, 0, 5]', '[0, 5]', '[5]', '[5, 0]'],
  ['VARCHAR[]', '[]', "['']", "['', '']", '[NULL]', "['NULL']", "['a, b']", "['a', 'b']", "['[a]']", "['''a''']"],
  ['DOUBLE[]', '[]', '[NULL]', '[0]', "['-0'::DOUBLE]", "['nan'::DOUBLE]"],
  ['INTERVAL[]', "['1 month'::INTERVAL]", "['30 days'::INTERVAL]", '[NULL]', '[]'],
  ['INTEGER[][]', '[]', '[NULL]', '[[]]', '[[NULL]]', '[[1], [2]]', '[[1, 2]]', '[[1, 2], []]', '[[], [1, 2]]'],
  ['INTEGER[2]', '[NULL, NULL]', '[0, NULL]', '[NULL, 0]', '[0, 0]', '[1, 2]', '[2, 1]'],
  [
    'STRUCT(a INTEGER, b VARCHAR)',
    '{a: NULL, b: NULL}',
    '{a: 1, b: NULL}',
    "{a: NULL, b: '1'}",
    "{a: NULL, b: 'NULL'}",
    "{a: 1, b: ''}",
    "{a: 1, b: ', b: '}",
  ],
  ['STRUCT(a INTEGER[], b INTEGER[])', '{a: [], b: NULL}', '{a: NULL, b: []}', '{a: [1], b: []}', '{a: [], b: [1]}'],
  ['STRUCT(a JSON)', '{a: NULL}', "{a: 'null'::JSON}", `{a: '"null"'::JSON}`],
  ['STRUCT(a INTEGER)[]', '[]', '[NULL]', '[{a: NULL}]', '[{a: NULL}, NULL]', '[NULL, {a: NULL}]'],
  ['MAP(INTEGER, INTEGER)', 'MAP {}', 'MAP {1: NULL}', 'MAP {1: 2}', 'MAP {2: 1}', 'MAP {1: 2, 3: 4}'],
  [
    'UNION(a INTEGER, b INTEGER, c VARCHAR)',
    'union_value(a := 1)',
    'union_value(b := 1)',
    "union_value(c := '1')",
    'union_value(a := NULL::INTEGER)',
    'union_value(b := NULL::INTEGER)',
  ],
  ['VARIANT', '1', "'1'", '1::BIGINT', "'1 month'::INTERVAL", "'30 days'::INTERVAL", '[]', '[NULL]', '[[1], [2]]'],
];

describe('values of one type that are nearly the same [MODEL-007]', () => {
  it.each(NEAR)('%s: all differ, alone and in a row of others', async (type, ...values) => {
    const written = ['NULL', ...values].map((value) =>
      value.startsWith('union_value') ? `{x: ${value}::${type}}.x` : `CAST(${value} AS ${type})`,
    );
    for (const row of [(value: string) => `SELECT ${value} AS x`, (value: string) => `SELECT 0 AS a, ${value} AS x`]) {
      const seen = new Map<string, string>();
      for (const value of written) {
        const content = await hash(row(value));
        expect(seen.get(content), `${value} is taken for`).toBeUndefined();
        seen.set(content, value);
      }
    }
  });
});
