import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { prepareRecord } from '../../../src/model/plan/record.ts';
import { reach, readMacros } from '../../../src/model/reading/macro-catalog.ts';
import { installMacros } from '../../../src/model/reading/macros.ts';
import type { Connection } from '../../../src/store/connection.ts';
import { WarehouseFile } from '../../../src/store/warehouse-file.ts';
import { withFolder } from '../../helpers/store.ts';
import { memory } from '../database.ts';
import { sqlFile } from '../models.ts';

let connection: Connection;
beforeEach(async () => {
  connection = await memory();
  await prepareRecord(connection);
});

const install = (...sql: string[]) =>
  installMacros(
    connection,
    sql.map((text, i) => sqlFile(`macros/m${i}.sql`, text)),
  );
const value = async (sql: string) => Object.values((await connection.row(`SELECT ${sql}`))!)[0];
const hashes = async () => [...(await readMacros(connection)).values()].map(({ hash }) => hash);

describe('installMacros [MODEL-016]', () => {
  it('creates macros whatever their order, and replaces those that changed', async () => {
    await install('CREATE OR REPLACE MACRO twice(x) AS 2 * once(x);\nCREATE MACRO once(x) AS x;');
    expect(await value('twice(3)')).toBe(6);
    await install('CREATE OR REPLACE MACRO twice(x) AS 2 * once(x);\nCREATE MACRO once(x) AS x + 1;');
    expect(await value('twice(3)')).toBe(8);
  });

  it('gives each the comment above it, and the new one where only that has changed [MODEL-024]', async () => {
    const comments = () =>
      connection.rows(`SELECT function_name AS name, comment FROM duckdb_functions()
        WHERE NOT internal AND function_type IN ('macro', 'table_macro') ORDER BY ALL`);
    const rest = 'CREATE MACRO bare() AS 1; -- not of the next\nCREATE MACRO t() AS TABLE SELECT 1 AS one;';
    await install(`-- Of the file.\n\n-- once(x): x,\r\n--   it''s own.\nCREATE MACRO once(x) AS x;\n${rest}`);
    expect(await comments()).toEqual([
      { name: 'bare', comment: 'Of macros/m0.sql.' },
      { name: 'once', comment: "once(x): x, it''s own." },
      { name: 't', comment: 'Of macros/m0.sql.' },
    ]);
    await install(
      `-- The same.\nCREATE MACRO once(x) AS x;\n${rest.replace('CREATE MACRO t', '-- One.\nCREATE MACRO t')}`,
    );
    expect(await comments()).toEqual([
      { name: 'bare', comment: 'Of macros/m0.sql.' },
      { name: 'once', comment: 'The same.' },
      { name: 't', comment: 'One.' },
    ]);
  });

  it('puts its own in the place of what another client has made of it [MODEL-016]', async () => {
    const files = 'CREATE MACRO once(x) AS x;\nCREATE MACRO t(x) AS TABLE SELECT once(x) AS one;';
    await install(files);
    await install(files);
    for (const other of ['CREATE OR REPLACE MACRO once(x) AS 100 * x', 'DROP MACRO once', 'DROP MACRO TABLE t']) {
      await connection.run(other);
      await install(files);
      expect(await connection.rows('SELECT once(3) AS three, one FROM t(4)'), other).toEqual([{ three: 3, one: 4 }]);
    }
  });

  it('creates nothing again while all is as it was left [MODEL-016]', async () => {
    const files = '-- One.\nCREATE MACRO once(x) AS x;\nCREATE MACRO t(x) AS TABLE SELECT once(x) AS one;';
    const oids = () =>
      connection.rows(
        "SELECT function_oid AS oid FROM duckdb_functions() WHERE function_name IN ('once', 't') ORDER BY 1",
      );
    await install(files);
    const made = await oids();
    expect(made).toHaveLength(2);
    await install(files);
    expect(await oids()).toEqual(made);
    await connection.run('CREATE OR REPLACE MACRO once(x) AS 100 * x');
    await install(files);
    const again = await oids();
    expect(again).not.toEqual(made);
    await install(files);
    expect(await oids()).toEqual(again);
  });

  it('creates nothing again in a file that was opened again, where DuckDB prints some of them in another way [MODEL-016]', async () => {
    const files = [
      'CREATE MACRO day_of(x) AS TRY_CAST(x AS DATE)',
      'CREATE MACRO amount(x, "of") AS x::DECIMAL(38,18) || "of" || \'it\'\'s  "all"\'',
    ].map((text, i) => sqlFile(`macros/m${i}.sql`, text));
    await withFolder(async (folder) => {
      const opened = async (work: (connection: Connection) => Promise<void>) => {
        const file = await WarehouseFile.open(join(folder, 'test.duckdb'));
        const own = await file.connect();
        await work(own);
        own.close();
        file.close();
      };
      await opened(async (own) => {
        await prepareRecord(own);
        await installMacros(own, files);
        // What is created again has its own path.
        await own.run("UPDATE run.macro SET path = 'left alone'");
      });
      await opened(async (own) => {
        await installMacros(own, files);
        const paths = await own.rows('SELECT DISTINCT path FROM run.macro');
        expect(paths).toEqual([{ path: 'left alone' }]);
      });
    });
  });

  it('drops what no file defines any more', async () => {
    await install('CREATE MACRO a(x) AS x; CREATE MACRO b() AS TABLE SELECT 1 AS one');
    await install('CREATE MACRO a(x) AS x');
    expect([...(await readMacros(connection)).keys()]).toEqual(['a']);
  });

  it('refuses the name of a built-in function', async () => {
    await expect(install('-- the year\nCREATE OR REPLACE MACRO "Year"(d) AS 1')).rejects.toMatchObject({
      code: 'MACRO_SHADOWS_BUILTIN',
      kind: 'usage',
      message:
        'Year is a function of DuckDB: a macro of that name would change what other SQL means.\n  CREATE OR REPLACE MACRO "Year"(d) AS 1\n  ^',
      place: { file: 'macros/m0.sql', line: 2, column: 1 },
    });
    await expect(install('CREATE MACRO read_csv(f) AS TABLE SELECT 1')).rejects.toMatchObject({
      code: 'MACRO_SHADOWS_BUILTIN',
    });
  });

  for (const sql of [
    'SELECT 1',
    'CREATE TABLE x AS SELECT 1',
    'CREATE TEMP MACRO x() AS 1',
    'CREATE MACRO IF NOT EXISTS x() AS 1',
    'CREATE OR REPLACE VIEW macro AS SELECT 1',
    "CREATE MACRO x() AS 1; ATTACH 'a.db'",
    'DROP MACRO x',
  ]) {
    it(`refuses ${sql}, and creates nothing`, async () => {
      await expect(install('CREATE MACRO fine() AS 1', sql)).rejects.toMatchObject({ code: 'MACRO_NOT_MACRO' });
      expect(await hashes()).toEqual([]);
    });
  }

  it('refuses a macro that is defined twice', async () => {
    await expect(install('CREATE MACRO a(x) AS x', 'CREATE OR REPLACE MACRO A(x, y) AS y')).rejects.toMatchObject({
      code: 'MACRO_DEFINED_TWICE',
      message: expect.stringContaining('The macro A is defined in macros/m0.sql too.'),
      place: { file: 'macros/m1.sql', line: 1, column: 1 },
    });
  });

  it('leaves alone a macro that no file defined', async () => {
    await connection.run('CREATE MACRO mine(x) AS 42');
    await expect(install('CREATE OR REPLACE MACRO mine(x) AS x')).rejects.toMatchObject({ code: 'MACRO_NAME_TAKEN' });
    expect(await value('mine(1)')).toBe(42);
    await install();
    expect(await value('mine(1)')).toBe(42);
  });

  it('shows where a macro does not bind', async () => {
    await expect(install('CREATE MACRO fine(x) AS x;\n\n  CREATE MACRO bad(x) AS\n  nope(x)')).rejects.toMatchObject({
      code: 'MACRO_SQL',
      place: { file: 'macros/m0.sql', line: 4, column: 3 },
    });
  });
});

describe('readMacros [MODEL-005]', () => {
  it('hashes the definition with default values, without comments and layout', async () => {
    await install('CREATE MACRO a(x, y := 2) AS x + y');
    const before = await hashes();
    await install('CREATE OR REPLACE MACRO a(x,\n y := 2) /* two */ AS x + y;');
    expect(await hashes()).toEqual(before);
    await install('CREATE MACRO a(x, y := 3) AS x + y');
    expect(await hashes()).not.toEqual(before);
  });

  it('has the hash of run.macro for a macro that a file defines [MODEL-024]', async () => {
    await install('CREATE MACRO a(x, y := 2) AS x + y; CREATE MACRO b(x) AS a(x);');
    const recorded = await connection.rows<{ hash: string }>('SELECT hash FROM run.macro ORDER BY macro');
    expect(await hashes()).toEqual(recorded.map(({ hash }) => hash));
  });

  it('finds what is reached at any distance, with tables and files', async () => {
    await connection.run('CREATE SCHEMA ct; CREATE TABLE ct.term (code VARCHAR, term VARCHAR)');
    await install(`CREATE MACRO outer_one(x) AS middle(upper(x));
      CREATE MACRO middle(x) AS (SELECT max(term) FROM ct.term WHERE code = x);
      CREATE MACRO other(x) AS x;
      CREATE MACRO overloaded(x) AS x, (x, y) AS other(x)`);
    const catalog = await readMacros(connection);
    const reached = reach(new Set(['outer_one', 'upper']), catalog);
    expect(reached.macros.map(({ name }) => name)).toEqual(['middle', 'outer_one']);
    expect(reached.tables).toEqual([{ parts: ['ct', 'term'] }]);
    expect(reach(new Set(['overloaded']), catalog).macros.map(({ name }) => name)).toEqual(['other', 'overloaded']);
  });
});
