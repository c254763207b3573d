import { beforeAll, describe, expect, it } from 'vitest';
import { type References, readSelect } from '../../../src/model/reading/references.ts';
import type { Connection } from '../../../src/store/connection.ts';
import { memory } from '../database.ts';
import { HARD_CASES, MORE_CASES, type ReferenceCase } from './reference-cases.ts';

const COLUMNS =
  'id int, x int, k varchar, t timestamp, v int, testcd varchar, usubjid varchar, hr int, bp int, a int, b struct(c int), c int, l int[]';

const names = (list: string) => list.split(',').filter(Boolean).sort();
const namesOf = ({ tables }: References) => tables.map(({ parts }) => parts.join('.').toLowerCase()).sort();

let connection: Connection;
beforeAll(async () => {
  connection = await memory();
});

const read = (sql: string, declared = false) =>
  readSelect(connection, { path: 'models/sdtm/ae.sql', sql, model: 'sdtm.ae' }, declared);

async function binds(sql: string, tables: readonly string[]): Promise<boolean> {
  const database = await memory();
  try {
    await database.run('CREATE SCHEMA edc; CREATE SCHEMA raw');
    for (const table of tables) {
      const quoted = table
        .split('.')
        .map((part) => `"${part}"`)
        .join('.');
      await database.run(`CREATE TABLE ${quoted} (${COLUMNS})`);
      await database.run(`INSERT INTO ${quoted} (testcd) VALUES ('HR')`);
    }
    await database.rows(`DESCRIBE\n${sql}`);
    return true;
  } catch (error) {
    const missing = /Table with name|Table Function with name/.test(String(error));
    if (tables.length > 0 && !missing) throw error;
    return false;
  } finally {
    database.close();
  }
}

function check(test: ReferenceCase): void {
  it(`${test.name} [MODEL-001]`, async () => {
    if (test.declare) await expect(read(test.sql)).rejects.toMatchObject({ code: 'MODEL_HIDDEN_TABLES' });
    const { references } = await read(test.sql, test.declare);
    const expected = names(test.tables);
    if (!test.declare) expect(namesOf(references)).toEqual(expected);
    else expect(expected).toEqual(expect.arrayContaining(namesOf(references)));
    expect(references.files.map(({ path }) => path)).toEqual(names(test.files ?? ''));
  });
}

describe('tables read', () => {
  HARD_CASES.forEach(check);
  MORE_CASES.forEach(check);
});

describe('the expected tables are those that the binder of DuckDB needs', () => {
  for (const { name, sql, tables } of [...HARD_CASES, ...MORE_CASES].filter(({ unbound }) => !unbound)) {
    it(`${name} [MODEL-001]`, async () => {
      const needed = names(tables);
      expect(await binds(sql, needed)).toBe(true);
      for (const table of needed) {
        const without = needed.filter((other) => other !== table);
        // A WITH clause that nobody reads is not bound, yet it names the table.
        if (!name.includes('nobody')) expect(await binds(sql, without), `without ${table}`).toBe(false);
      }
    });
  }
});

describe('what gives another value in every run [MODEL-230]', () => {
  it.each([
    'SELECT now() AS t',
    'SELECT current_date AS t',
    'SELECT x FROM (SELECT CURRENT_TIMESTAMP AS x)',
    'SELECT random() AS n',
    'SELECT uuid() AS id FROM range(3)',
    "SELECT ago(INTERVAL '1 day') AS t",
    "SELECT age(TIMESTAMP '1990-01-01') AS t",
    'SELECT * FROM range(100) TABLESAMPLE 10%',
    'SELECT * FROM range(100) USING SAMPLE 3',
  ])('is refused: %s', async (sql) => {
    await expect(read(sql)).rejects.toMatchObject({ kind: 'usage', code: 'MODEL_CHANGES' });
  });

  it.each([
    'SELECT t.current_date, now, today FROM (SELECT 1 AS current_date, 2 AS now, 3 AS today) AS t',
    "SELECT 'now()' AS k -- random()",
    'SELECT "localtime", "current_date" FROM (SELECT 1 AS "localtime", 2 AS "current_date")',
    "SELECT age(TIMESTAMP '2026-01-01', TIMESTAMP '1990-01-01') AS t",
    'SELECT * FROM range(100) USING SAMPLE reservoir(3 ROWS) REPEATABLE (42)',
  ])('is not where it is called so: %s', async (sql) => {
    await expect(read(sql)).resolves.toBeDefined();
  });
});
