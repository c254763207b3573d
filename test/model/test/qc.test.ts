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
