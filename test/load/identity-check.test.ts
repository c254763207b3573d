import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { checkRowIdentities } from '../../src/load/check/identity-check.ts';
import { Connection } from '../../src/store/connection.ts';
import { runSqlFile } from '../../src/store/sql-files.ts';
import { csvSource } from '../helpers/csv.ts';
import { failureOf, withProject } from '../helpers/project.ts';

const collision = {
  kind: 'data',
  code: 'IDENTITY_COLLISION',
  next: 'Nothing of it was loaded. Please report this: it is one chance in billions, or a crafted file.',
};

/** Key, identity, ID and VALUE of rows; those from key 3 on are of the delivery that is being loaded. */
async function check(keys: string[], rows: [key: number, identity: number, id: string | null, value: string | null][]) {
  const connection = new Connection(await (await DuckDBInstance.create(':memory:')).connect());
  try {
    for (const name of ['raw.sql', 'meta.sql']) await runSqlFile(connection, name);
    await connection.run(`
      INSERT INTO meta.name BY NAME
      SELECT 'source' AS kind, 'lab' AS item_group_oid, NULL AS item_oid, 'lab' AS sql_name, 1 AS delivery_key
      UNION ALL SELECT 'column', 'lab', 'ID', 'id', 1 UNION ALL SELECT 'column', 'lab', 'VALUE', 'value', 1;
      CREATE TABLE raw.file_lab (_key BIGINT, _line BIGINT, _identity BIGINT, id VARCHAR, value VARCHAR)`);
    for (const [key, identity, id, value] of rows) {
      await connection.run('INSERT INTO raw.file_lab VALUES ($1, $1, $2, $3, $4)', [key, identity, id, value]);
    }
    await checkRowIdentities(connection, csvSource({ keys }), 3);
  } finally {
    connection.close();
  }
}

it('two rows of other keys and one identity stop the load [LOAD-022]', async () => {
  expect(
    await failureOf(
      check(
        ['ID'],
        [
          [1, 77, '1', 'a'],
          [3, 77, '2', 'a'],
        ],
      ),
    ),
  ).toEqual({ ...collision, message: 'Two different rows of raw.file_lab have the same identity, 77.' });
});

it('two rows of one identity in one delivery stop the load: the second of one key has another ordinal [LOAD-022]', async () => {
  expect(
    await failureOf(
      check(
        ['ID'],
        [
          [3, 78, '1', 'a'],
          [4, 78, '1', 'a'],
        ],
      ),
    ),
  ).toEqual({ ...collision, message: 'Two different rows of raw.file_lab have the same identity, 78.' });
});

it('without keys, rows that differ in any column stop it, and a column that a file does not have differs [LOAD-022]', async () => {
  const [message] = ['Two different rows of raw.file_lab have the same identity, 79.'];
  for (const other of [
    [3, 79, '1', 'b'],
    [3, 79, '1', null],
  ] as const) {
    expect(await failureOf(check([], [[1, 79, '1', 'a'], [...other]]))).toEqual({ ...collision, message });
  }
});

it('rows of the same keys in several deliveries pass, and so do collisions of deliveries before [LOAD-022]', async () => {
  await check(
    ['ID'],
    [
      [1, 77, '1', 'a'],
      [2, 80, '5', 'a'],
      [2, 80, '6', 'a'],
      [3, 77, '1', 'b'],
    ],
  );
});

it('a collision in a file leaves everything as it was [LOAD-022]', async () => {
  const yml = { name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', keys: ['ID'] } } };
  const files = { 'warehouse.yml': JSON.stringify(yml), 'data/lab.csv': 'ID,VALUE\n1,a\n2,b\n' };
  await withProject(files, async (project) => {
    await project.build();
    const instance = await DuckDBInstance.create(project.path('.warehouse/main.duckdb'));
    const connection = await instance.connect();
    // sha256sum of ["lab","Prod","S","lab","ID","3","0"], first eight bytes: what the row of ID 3 will have.
    await connection.run(`UPDATE raw.file_lab SET _identity = 5234404234174463633 WHERE id = '1'`);
    connection.closeSync();
    instance.closeSync();
    project.write({ 'data/lab.csv': 'ID,VALUE\n1,a\n2,b\n3,c\n' });
    expect(await project.failure()).toEqual({
      ...collision,
      message: 'Two different rows of raw.file_lab have the same identity, 5234404234174463633.',
    });
    expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(2);
    expect(await project.value('SELECT count(*) FROM raw.delivery')).toBe(1);
  });
});
