import { expect, it } from 'vitest';
import { WarehouseError } from '../../src/lib/errors.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';
import { describeWithSharedData } from '../helpers/shared-data.ts';
import { RealFiles } from '../odm/mutated.ts';
import { group } from '../odm/read.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
const MUTATIONS = LONG ? 300 : 12;
const TIMEOUT = LONG ? 7_200_000 : 600_000;

/** What a load may not leave half done: rows, and the sum of their hashes, of each table of the record. */
async function record(project: TemporaryProject): Promise<unknown[][]> {
  const tables = await project.column(
    `SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name IN ('raw', 'meta', 'audit') ORDER BY 1`,
  );
  const selects = tables.map((name) => `SELECT '${name}', count(*), CAST(sum(hash(t)) AS VARCHAR) FROM ${name} t`);
  return project.rows(selects.join(' UNION ALL '));
}

describeWithSharedData('real files that are spoiled', () => {
  it(
    `land, or leave every table as it was, ${MUTATIONS} times [LOAD-091]`,
    async () => {
      const files = new RealFiles();
      await withProject({ 'warehouse.yml': configuration({}, files.studyOids()) }, async (project) => {
        await project.loadInTurn([['data/0.xml', files.file(0)]]);
        let before = await record(project);
        let landed = 0;
        for (let seed = 1; seed <= MUTATIONS; seed++) {
          project.write({ 'data/mutated.xml': files.mutation(seed) });
          try {
            await project.load();
            before = await record(project);
            landed++;
          } catch (error) {
            if (!(error instanceof WarehouseError) || error.kind === 'fault') {
              throw new Error(`seed ${seed}: ${(error as Error).stack}`, { cause: error });
            }
            expect(await record(project), `seed ${seed}: ${error.code}`).toEqual(before);
          }
        }
        expect(landed).toBeGreaterThan(0);
        expect(landed).toBeLessThan(MUTATIONS);
        expect(await project.value('SELECT count(*) FROM raw.delivery')).toBe(landed + 1);
      });
    },
    TIMEOUT,
  );
});

it('more items than any study has are refused, and leave every table as it was [LOAD-090]', async () => {
  const items = Array.from({ length: 200_001 }, (_, index) => `<ItemData ItemOID="I${index}" Value="1"/>`);
  await withProject({ 'warehouse.yml': configuration({}, ['ST']) }, async (project) => {
    await project.loadInTurn([['data/0.xml', group('<ItemData ItemOID="I" Value="1"/>')]]);
    const before = await record(project);
    project.write({ 'data/1.xml': group(items.join('')) });
    await expect(project.load()).rejects.toMatchObject({ code: 'ODM_TOO_LARGE', kind: 'data' });
    expect(await record(project)).toEqual(before);
  });
});

it('nearly as many items as a study may have land, each with its name [LOAD-090]', async () => {
  const items = Array.from({ length: 150_000 }, (_, index) => `<ItemData ItemOID="I${index}" Value="1"/>`);
  await withProject(
    { 'warehouse.yml': configuration({}, ['ST']), 'data/0.xml': group(items.join('')) },
    async (project) => {
      await project.load();
      expect(await project.value("SELECT count(DISTINCT sql_name) FROM meta.name WHERE kind = 'item'")).toBe(150_000);
    },
  );
});
