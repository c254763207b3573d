import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testOfQc } from '../../../src/model/test/qc.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { model } from '../models.ts';

let file: TemporaryFile;
beforeEach(async () => {
  file = await temporaryFile();
  await file.connection.run('CREATE SCHEMA work; CREATE SCHEMA qc');
});
afterEach(() => file.remove());

/** Each difference between two SELECTs, as its values that are not NULL. */
async function differences(one: string, other: string, keys: string[] = ['k']): Promise<string[]> {
  await file.connection.run(`CREATE OR REPLACE TABLE work.x AS ${one}; CREATE OR REPLACE TABLE qc.x AS ${other}`);
  const of = model('work.x', one, { keys });
  const { sql } = testOfQc({ of, source: model('qc.x', other), severity: 'warn' });
  const rows = await file.connection.rows<Record<string, string | null>>(`FROM (${sql}) ORDER BY ALL`);
  return rows.map((row) =>
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
}

describe('a second version is compared [MODEL-053]', () => {
  it('in its columns where there are no rows, and where a column has but NULL', async () => {
    const nothing = 'SELECT 1 AS k, 2 AS v, 3 AS u WHERE false';
    expect(await differences(nothing, 'SELECT 1 AS k, 2 AS v WHERE false')).toEqual([
      'difference column only in the model, variable u',
    ]);
    expect(await differences('SELECT 1 AS k, NULL AS u', 'SELECT 1 AS k, NULL AS v')).toEqual([
      'difference column only in qc, variable v',
      'difference column only in the model, variable u',
    ]);
  });

  it('in a column that both have; of one that only one has, no value is a difference', async () => {
    const many = (columns: string) => `SELECT i AS k, ${columns} FROM range(3) t(i)`;
    expect(await differences(many("'a' AS v, 'b' AS u"), many("if(i = 1, 'c', 'a') AS v"))).toEqual([
      'difference column only in the model, variable u',
      'difference value, k 1, variable v, model a, qc c',
    ]);
    expect(await differences("SELECT 1 AS k, 'a' AS v", 'SELECT 1 AS k, NULL AS v')).toEqual([
      'difference value, k 1, variable v, model a',
    ]);
  });

  it('byte for byte, whatever the collation of values and keys', async () => {
    expect(await differences("SELECT 1 AS k, 'a' COLLATE NOCASE AS v", "SELECT 1 AS k, 'A' AS v")).toEqual([
      'difference value, k 1, variable v, model a, qc A',
    ]);
    expect(
      await differences("SELECT 'a' COLLATE NOCASE AS k, 1 AS v", "SELECT 'A' COLLATE NOCASE AS k, 1 AS v"),
    ).toEqual(['difference record only in qc, k A', 'difference record only in the model, k a']);
  });

  it('where every column is a key, and where keys are of other types', async () => {
    expect(await differences('SELECT 1 AS k', 'SELECT 1 AS k')).toEqual([]);
    expect(await differences('SELECT unnest([1, 2]) AS k', 'SELECT unnest([1, 1]) AS k')).toEqual([
      'difference key repeats in qc, k 1',
      'difference record only in the model, k 2',
    ]);
    expect(await differences("SELECT DATE '2026-01-02' AS k, 1 AS v", "SELECT '2026-01-02' AS k, 2 AS v")).toEqual([
      'difference value, k 2026-01-02, variable v, model 1, qc 2',
    ]);
  });

  it.each([
    ['2', '2::DOUBLE'],
    ['1.50::DECIMAL(4,2)', '1.5::DOUBLE'],
    ['1.5::DECIMAL(2,1)', '1.500::DECIMAL(10,3)'],
    ['-0.5::DECIMAL(2,2)', '-0.5::DOUBLE'],
    ['0::DECIMAL(2,2)', '-0.0::DOUBLE'],
    ['100::SMALLINT', '100.00::DECIMAL(5,2)'],
    ['9007199254740993::BIGINT', '9007199254740993::HUGEINT'],
    ['9007199254740993::BIGINT', '9007199254740993::DECIMAL(20,2)'],
    ['4611686018427387904::BIGINT', '4611686018427387904::DOUBLE'],
    ['1e300::DOUBLE::BIGNUM', '1e300::DOUBLE'],
    ['0.00000015::DECIMAL(9,8)', '1.5e-7::DOUBLE'],
    ['0.1::DECIMAL(2,1)', '0.1::FLOAT'],
    ['0.333333333333333333::DECIMAL(18,18)', '(1 / 3)::DOUBLE'],
    ['1234567.25::FLOAT', '1234567.25::DOUBLE'],
    ["'nan'::DOUBLE", "'nan'::FLOAT"],
    ["'-inf'::DOUBLE", "'-inf'::FLOAT"],
    ['NULL::INT', 'NULL::DOUBLE'],
    ['0.0::DOUBLE', '-(0.0::DOUBLE)'],
  ])('in numbers as numbers, whatever their types: %s is %s', async (one, other) => {
    const select = (v: string) => `SELECT 1 AS k, ${v} AS v`;
    expect(await differences(select(one), select(other))).toEqual([]);
    expect(await differences(select(other), select(one))).toEqual([]);
  });

  it.each([
    ['2', '2.5::DOUBLE', 'model 2, qc 2.5'],
    ['2', '3::DOUBLE', 'model 2, qc 3'],
    ['3::DOUBLE', '4::DOUBLE', 'model 3.0, qc 4.0'],
    ['9007199254740993::BIGINT', '9007199254740992::DOUBLE', 'model 9007199254740993, qc 9007199254740992'],
    ['9007199254740993::BIGINT', '9007199254740992::HUGEINT', 'model 9007199254740993, qc 9007199254740992'],
    ['9223372036854775807::BIGINT', '9223372036854775807::DOUBLE', 'model 9223372036854775807, qc 9223372036854775808'],
    [
      '9007199254740993.1::DECIMAL(20,1)',
      '9007199254740993.10001::DECIMAL(25,5)',
      'model 9007199254740993.1, qc 9007199254740993.10001',
    ],
    ['2.00000000000000000001::DECIMAL(21,20)', '2::DOUBLE', 'model 2.00000000000000000001, qc 2'],
    ['0.3::DECIMAL(2,1)', '0.1::DOUBLE + 0.2::DOUBLE', 'model 0.3, qc 0.30000000000000004'],
    ['0.1::FLOAT', '0.1::DOUBLE', 'model 0.10000000149011612, qc 0.1'],
    ['0', 'NULL::DOUBLE', 'model 0'],
    ["'nan'::DOUBLE", "'inf'::DOUBLE", 'model nan, qc inf'],
    ["'2'", '2::DOUBLE', 'model 2, qc 2.0'],
    ["DATE '2026-01-02'", "TIMESTAMP '2026-01-02'", 'model 2026-01-02, qc 2026-01-02 00:00:00'],
    ['[1]', '[1::DOUBLE]', 'model [1], qc [1.0]'],
  ])('in numbers exactly, and in all else as text: %s is not %s', async (one, other, told) => {
    const select = (v: string) => `SELECT 1 AS k, ${v} AS v`;
    expect(await differences(select(one), select(other))).toEqual([`difference value, k 1, variable v, ${told}`]);
  });

  it('by keys that are numbers, whatever their types', async () => {
    const keyed = (k: string, v: number) => `SELECT (${k}) AS k, ${v} AS v`;
    for (const other of ['7::DOUBLE', '7::BIGINT', '7.00::DECIMAL(5,2)', '7::FLOAT']) {
      expect(await differences(keyed('7', 1), keyed(other, 1))).toEqual([]);
      expect(await differences(keyed('7', 1), keyed(other, 2))).toEqual([
        'difference value, k 7, variable v, model 1, qc 2',
      ]);
    }
    expect(await differences(keyed('1.50::DECIMAL(3,2)', 1), keyed('1.5::DOUBLE', 1))).toEqual([]);
    expect(await differences('SELECT 1 AS name, 2 AS v', 'SELECT 1::DOUBLE AS name, 3::DOUBLE AS v', ['name'])).toEqual(
      ['difference value, name 1, variable v, model 2, qc 3'],
    );
    expect(await differences(keyed('NULL::INT', 1), keyed('NULL::DOUBLE', 1))).toEqual([]);
    expect(await differences(keyed('9007199254740993', 1), keyed('9007199254740992::DOUBLE', 1))).toEqual([
      'difference record only in qc, k 9007199254740992',
      'difference record only in the model, k 9007199254740993',
    ]);
  });

  it('whatever its columns are called', async () => {
    const select = (v: number) => `SELECT 1 AS k, ${v} AS variable, 2 AS model, 3 AS qc, 4 AS difference, 5 AS value`;
    expect(await differences(select(1), select(2))).toEqual([
      'difference value, k 1, variable variable, model 1, qc 2',
    ]);
    const keyed = (v: number) => `SELECT 1 AS variable, ${v} AS v`;
    expect(await differences(keyed(1), keyed(2), ['variable'])).toEqual([
      'difference value, variable_key 1, variable v, model 1, qc 2',
    ]);
  });
});
