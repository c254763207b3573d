import { expect, it } from 'vitest';
import { failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

const yml = JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv' } } });

function wide(columns: number): string {
  const numbers = Array.from({ length: columns }, (_, index) => index + 1);
  return `${numbers.map((n) => `C${n}`).join()}\n${numbers.map((n) => `v${n}`).join()}\n`;
}

/** Columns with a comment that are not the warehouse's own, in raw, state and staged. */
const commented = (project: TemporaryProject) =>
  project.rows(`SELECT schema_name, count(comment) FROM duckdb_columns()
    WHERE table_name IN ('file_lab', 'lab') AND column_name LIKE 'c%' GROUP BY ALL ORDER BY ALL`);

const tablesWithComment = `SELECT count(comment) FROM duckdb_tables() WHERE table_name IN ('file_lab', 'lab')`;

// 4 columns of raw, and 2 of staged, are the warehouse's own.
it('a CSV file of few columns has a comment on each [LOAD-032]', async () => {
  await withProject({ 'warehouse.yml': yml, 'data/lab.csv': wide(496) }, async (project) => {
    await project.build();
    expect(await commented(project)).toEqual([
      ['raw', 496],
      ['staged', 496],
      ['state', 496],
    ]);
  });
});

it('one of many columns lands and stages whole, without a comment on each, which would cost their square [LOAD-032]', async () => {
  await withProject({ 'warehouse.yml': yml, 'data/lab.csv': wide(600) }, async (project) => {
    await project.build();
    expect(await commented(project)).toEqual([
      ['raw', 0],
      ['staged', 0],
      ['state', 0],
    ]);
    expect(await project.value(tablesWithComment)).toBeGreaterThan(0);
    expect(await project.rows('SELECT c1, c600 FROM staged.lab')).toEqual([['v1', 'v600']]);
    // A later file with further columns.
    project.write({ 'data/lab.csv': wide(610) });
    await project.build();
    expect(await project.rows('SELECT c1, c600, c610 FROM staged.lab')).toEqual([['v1', 'v600', 'v610']]);
  });
});

it('one of more than 10,000 columns is refused [LOAD-032]', async () => {
  await withProject({ 'warehouse.yml': yml, 'data/lab.csv': wide(10_001) }, async (project) => {
    expect(await failureOf(project.load())).toMatchObject({
      kind: 'data',
      code: 'CSV_COLUMNS',
      message: 'The header has 10001 columns, more than 10000.',
      file: 'data/lab.csv',
      line: 1,
    });
  });
});
