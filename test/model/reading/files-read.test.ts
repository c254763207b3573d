import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WarehouseError } from '../../../src/lib/errors.ts';
import { withProject } from '../../helpers/project.ts';
import { type TemporaryFile, temporaryFile } from '../database.ts';
import { model, run, sqlFile, states } from '../models.ts';

let file: TemporaryFile;
let root: string;
const SEEDS = ['data/a.csv', 'data/a.json'];

beforeEach(async () => {
  file = await temporaryFile();
  root = dirname(file.failures);
  mkdirSync(join(root, 'data'));
  writeFileSync(join(root, 'data/a.csv'), 'x\n1\n');
  writeFileSync(join(root, 'data/a.json'), '[{"x": 1}]');
});
afterEach(() => file.remove());

const given = () => ({ seeds: { root, paths: SEEDS } });

async function errorOf(sql: string, properties = {}, macros: string[] = []): Promise<WarehouseError | undefined> {
  const files = macros.map((text, i) => sqlFile(`macros/m${i}.sql`, text));
  const { models } = await run(file, [model('work.a', sql, properties)], { ...given(), macros: files });
  return models[0].error;
}

describe('a view that reads a file [MODEL-035]', () => {
  it('is refused where it reads it, and says what to do', async () => {
    const sql = `SELECT x\nFROM read_csv('${root}/data/a.csv')`;
    expect(await errorOf(sql, { materialized: 'view' })).toMatchObject({
      kind: 'usage',
      code: 'MODEL_FILE',
      message: `A view cannot read the file '${root}/data/a.csv': it is not there for those who read the published file.\n  FROM read_csv('${root}/data/a.csv')\n       ^`,
      place: { model: 'work.a', file: 'models/work/a.sql', line: 2, column: 6 },
      next: 'Say materialized: table in its properties.',
    });
    expect(await errorOf(sql)).toBeUndefined();
  });

  it('is refused through a macro too', async () => {
    const macro = `CREATE OR REPLACE MACRO seed() AS TABLE SELECT * FROM '${root}/data/a.csv'`;
    expect(await errorOf('SELECT x FROM seed()', { materialized: 'view' }, [macro])).toMatchObject({
      code: 'MODEL_FILE',
      place: { model: 'work.a', file: 'models/work/a.sql' },
    });
  });

  it('may read the table of a model that does', async () => {
    const seed = model('work.seed', `FROM '${root}/data/a.csv'`);
    const view = model('work.view', 'SELECT x FROM work.seed', { materialized: 'view' });
    expect(states(await run(file, [seed, view], given()))).toEqual(['work.seed built: new', 'work.view built: new']);
  });

  it('is built by no project, whose every view can be queried and published', async () => {
    const files = {
      'warehouse.yml': JSON.stringify({ name: 'seeded', study: { id: 'S' } }),
      'models/work/v.sql': "FROM read_csv('data/v.csv')",
      'models/work/v.yml': 'materialized: view\n',
      'data/v.csv': 'x\n1\n',
    };
    await withProject(files, async (project) => {
      const { models } = await project.build();
      expect(models.map(({ name, reason }) => [name, reason])).toEqual([['work.v', 'MODEL_FILE']]);
      project.write({ 'models/work/v.yml': 'materialized: table\n' });
      expect((await project.build()).withheld).toBeUndefined();
      expect(await project.rows('FROM work.v')).toEqual([[1]]);
    });
  });
});

describe('a model reads seeds and nothing else [MODEL-036]', () => {
  it.each([
    ["FROM read_csv('.warehouse/main.duckdb')", '.warehouse/main.duckdb'],
    ["FROM read_parquet(['data/a.csv', '.warehouse/failures/main/x.parquet'])", '.warehouse/failures/main/x.parquet'],
    ["FROM 'target/export/csv/dm.csv'", 'target/export/csv/dm.csv'],
    ["FROM read_csv('data/../.warehouse/main.duckdb')", 'data/../.warehouse/main.duckdb'],
    ["FROM read_csv('data/*.csv')", 'data/*.csv'],
    ["FROM read_csv('/etc/passwd')", '/etc/passwd'],
    ["FROM read_duckdb('.warehouse/main.duckdb', table_name = 't')", '.warehouse/main.duckdb'],
  ])('%s is refused', async (sql, path) => {
    expect(await errorOf(sql)).toMatchObject({
      kind: 'usage',
      code: 'MODEL_FILE',
      message: expect.stringMatching(`^SQL may not read the file '${path.replaceAll('*', '[*]')}'[.]\n  FROM`),
      place: { line: 1, column: 6 },
    });
  });

  it('not even the working file itself, which DuckDB would let it read', async () => {
    const path = join(root, 'w.duckdb');
    expect(await file.connection.row(`SELECT count(*) AS n FROM read_blob('${path}')`)).toEqual({ n: 1n });
    expect(await errorOf(`SELECT content FROM read_blob('${path}')`)).toMatchObject({ code: 'MODEL_FILE' });
    expect(await errorOf(`FROM read_csv('${path}')`)).toMatchObject({ code: 'MODEL_FILE' });
  });

  it.each(["FROM read_csv('data/' || 'a.csv')", "FROM read_csv(['data/a.csv', 'data/' || 'b.csv'])"])(
    '%s is refused: what it reads is not known',
    async (sql) => {
      expect(await errorOf(sql)).toMatchObject({
        code: 'MODEL_FILE',
        message: expect.stringContaining('The path of a file is computed.'),
        next: "Write it in full where it is read: read_csv('data/ref/visits.csv').",
      });
    },
  );

  it('nor may a test or a macro read another', async () => {
    const test = sqlFile('tests/t.sql', "SELECT 1 FROM read_csv('target/x.csv')");
    const { tests } = await run(file, [model('work.a', 'SELECT 1 AS x')], { ...given(), tests: [test] });
    expect(tests).toMatchObject([{ name: 't', state: 'failed', error: { code: 'MODEL_FILE' } }]);
    const macro = 'CREATE OR REPLACE MACRO csv(path) AS TABLE SELECT * FROM read_csv(path)';
    expect(await errorOf(`FROM csv('${root}/data/a.csv')`, {}, [macro])).toMatchObject({
      message: 'The path of a file is computed.',
    });
  });
});

describe('what of a file is not in it is refused [MODEL-037]', () => {
  it.each([
    ["SELECT content FROM read_text('data/a.csv')", 'read_text()'],
    ["SELECT last_modified FROM read_blob('data/a.csv')", 'read_blob()'],
    ["FROM glob('data/a.csv')", 'glob()'],
    ["FROM sniff_csv('data/a.csv')", 'sniff_csv()'],
    ["SELECT file_name FROM parquet_metadata('data/a.csv')", 'parquet_metadata()'],
    ["FROM read_csv('data/a.csv', filename = true)", 'The column filename'],
    ["FROM read_csv('data/a.csv', FILENAME := 'f')", 'The column filename'],
    ["FROM read_json('data/a.json', filename => true)", 'The column filename'],
    ["SELECT FileName FROM 'data/a.json'", 'The column filename'],
    ["SELECT t.x FROM read_json('data/a.json') t WHERE t.\"filename\" LIKE '%a%'", 'The column filename'],
  ])('%s', async (sql, what) => {
    expect(await errorOf(sql)).toMatchObject({
      kind: 'usage',
      code: 'MODEL_FILE',
      message: expect.stringContaining(
        `${what} tells where a file lies, when it was written or how, which is not the same on every machine.`,
      ),
      place: { line: 1 },
    });
  });

  it('but a column of a table may have any name', async () => {
    await file.connection.run("CREATE TABLE main.t AS SELECT 'ae.xpt' AS filename");
    expect(await errorOf('SELECT filename AS f FROM main.t')).toBeUndefined();
  });
});

describe('the state of the process is hidden [MODEL-003]', () => {
  it.each(['stats(x)', 'txid_current()', "current_setting('threads')", 'current_query()'])('%s', async (call) => {
    expect(await errorOf(`SELECT ${call} AS v FROM range(1) t(x)`)).toMatchObject({ code: 'MODEL_HIDDEN_TABLES' });
  });
});
