import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { TemporaryProject } from '../helpers/project.ts';

const FILES = {
  'warehouse.yml': `name: small
study: { id: SMALL }
sources:
  people: { files: data/people.csv, keys: [ID] }
publications:
  main: {}
  part:
    models: [sdtm.dm, recon.conversion_failures]
    columns: { sdtm.dm: [USUBJID, SEX] }
    where: { 'sdtm.*': SEX = 'F' }
exports: { formats: [csv] }
`,
  'data/people.csv': 'ID,SEX,NAME\n01,F,kept-out-of-the-part\n02,M,also-kept-out\n',
  'models/sdtm/dm.sql': 'SELECT id AS USUBJID, sex AS SEX, name AS NAME, [_row] AS _rows FROM staged.people',
  'models/sdtm/dm.yml': `label: Demographics
keys: [USUBJID]
columns:
  USUBJID: { label: Unique Subject Identifier }
  SEX: { label: Sex }
  NAME: { label: Name }
`,
};

async function rowsOf(path: string, sql: string): Promise<unknown[]> {
  const file = await WarehouseFile.open(path, { readOnly: true });
  const connection = await file.connect();
  try {
    return await connection.rows(sql);
  } finally {
    connection.close();
    file.close();
  }
}

it('publishes the whole file as a copy and a projection as a file built anew [BUILD-101]', async () => {
  const project = new TemporaryProject(FILES);
  try {
    const { publications } = await project.build();
    expect(publications).toEqual([
      { name: 'main', path: 'target/main.duckdb' },
      { name: 'part', path: 'target/part.duckdb' },
    ]);
    expect(
      await rowsOf(project.path('target/main.duckdb'), 'SELECT USUBJID, SEX, NAME FROM sdtm.dm ORDER BY ALL'),
    ).toEqual([
      { USUBJID: '01', SEX: 'F', NAME: 'kept-out-of-the-part' },
      { USUBJID: '02', SEX: 'M', NAME: 'also-kept-out' },
    ]);
    expect(await rowsOf(project.path('target/part.duckdb'), 'FROM sdtm.dm')).toEqual([{ USUBJID: '01', SEX: 'F' }]);
    expect(
      await rowsOf(
        project.path('target/part.duckdb'),
        `SELECT schema_name, table_name, comment FROM duckdb_tables() ORDER BY ALL`,
      ),
    ).toEqual([
      {
        schema_name: 'recon',
        table_name: 'conversion_failures',
        comment:
          'Live values that have not the form of their DataType, so that their typed column is NULL. The text stands in staged as sent.',
      },
      { schema_name: 'sdtm', table_name: 'dm', comment: 'Demographics' },
    ]);
  } finally {
    project.remove();
  }
});

it('leaves nothing of what a projection leaves out in its bytes [BUILD-102]', async () => {
  const project = new TemporaryProject(FILES);
  try {
    await project.build();
    expect(readFileSync(project.path('target/main.duckdb')).includes('kept-out-of-the-part')).toBe(true);
    expect(readFileSync(project.path('target/part.duckdb')).includes('kept-out')).toBe(false);
  } finally {
    project.remove();
  }
});
