import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blankFile } from '../../src/build/blank-file.ts';
import { WarehouseFile } from '../../src/store/warehouse-file.ts';
import { odm, subject } from '../helpers/odm.ts';
import { configuration, failureOf, type TemporaryProject, withProject } from '../helpers/project.ts';

/** Everything that a file has and says of itself, whatever the order in which it was made. */
const CATALOG = [
  "SELECT 'schema', schema_name, NULL, NULL, NULL, comment FROM duckdb_schemas() WHERE database_name = current_database()",
  "SELECT 'table', schema_name, table_name, NULL, NULL, comment FROM duckdb_tables()",
  "SELECT 'view', schema_name, view_name, NULL, NULL, comment FROM duckdb_views() WHERE NOT internal",
  `SELECT 'column', schema_name, table_name, column_name, data_type || if(is_nullable, '', ' NOT NULL'), comment
   FROM duckdb_columns() WHERE NOT internal`,
  `SELECT 'macro', schema_name, function_name, function_type, parameters::VARCHAR, comment
   FROM duckdb_functions() WHERE NOT internal`,
  "SELECT 'default', schema_name, table_name, column_name, column_default, NULL FROM duckdb_columns() WHERE NOT internal",
  "SELECT 'constraint', schema_name, table_name, NULL, constraint_text, NULL FROM duckdb_constraints()",
  "SELECT 'defined', 'meta', name, sha256, NULL, NULL FROM meta._defined",
  "SELECT 'defined', 'state', name, sha256, NULL, NULL FROM state._defined",
  "SELECT 'defined', 'recon', name, sha256, NULL, NULL FROM recon._defined",
  "SELECT 'installed', '', macro, path, hash, NULL FROM run.macro",
].join('\nUNION ALL ');

const catalog = (project: TemporaryProject) => project.rows(`${CATALOG} ORDER BY ALL`);

/** An empty DuckDB file in the place of the working file, which is filled from nothing. */
async function beginEmpty(project: TemporaryProject): Promise<void> {
  const path = project.path('.warehouse/main.duckdb');
  mkdirSync(dirname(path), { recursive: true });
  (await WarehouseFile.open(path)).close();
}

const FILES = {
  'warehouse.yml': configuration({ optional: true }),
  'macros/twice.sql': 'CREATE MACRO twice(x) AS 2 * x;',
  'models/m/one.sql': 'SELECT twice(1) AS two',
};

describe('a working file that begins with the one that comes with the warehouse', () => {
  it('is there once the warehouse is built, in the version of its tables [BUILD-016]', () => {
    expect(WarehouseFile.exists(blankFile())).toBe(true);
  });

  it('has after a load, and after a build, what one made from nothing has [BUILD-016]', async () => {
    await withProject(FILES, async (begun) => {
      await withProject(FILES, async (made) => {
        await beginEmpty(made);
        await Promise.all([begun, made].map((project) => project.load()));
        expect(await catalog(begun)).toEqual(await catalog(made));
        for (const project of [begun, made]) {
          project.write({ 'data/1.xml': odm({ created: '2026-01-01T00:00:00Z' }, subject('1', {})) });
          await project.build();
        }
        const all = await catalog(begun);
        expect(all).toEqual(await catalog(made));
        expect(all).toContainEqual(['macro', 'main', 'twice', 'macro', '[x]', 'Of macros/twice.sql.']);
        expect(await begun.column('SELECT two FROM m.one')).toEqual([2]);
      });
    });
  });

  it('is no warehouse before it is one of a study [BUILD-016]', async () => {
    await withProject(FILES, async (project) => {
      const path = project.path('.warehouse/main.duckdb');
      mkdirSync(dirname(path), { recursive: true });
      (await WarehouseFile.open(path, { blank: blankFile })).close();
      expect(await failureOf(project.checks())).toMatchObject({
        code: 'NOT_BUILT',
        message: 'Nothing has been built yet: nothing is in .warehouse/main.duckdb.',
      });
      await project.build();
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });

  it('does not say that records are accounted for before a load has worked out what is live [BUILD-016]', async () => {
    const sources = {
      people: { files: 'data/people.csv', keys: ['ID'] },
      sites: { files: 'data/sites.csv', keys: ['ID'] },
    };
    const files = {
      'warehouse.yml': JSON.stringify({ name: 'small', study: { id: 'S' }, sources }),
      'data/people.csv': 'ID\n1\n2\n',
      'data/sites.csv': 'ID,ID\n1,2\n',
    };
    await withProject(files, async (project) => {
      expect(await failureOf(project.load())).toMatchObject({ kind: 'data' });
      const accounting = (await project.checks()).find(({ name }) => name === 'row accounting');
      expect(accounting).toMatchObject({ ok: false, detail: expect.stringContaining('not known') });
      expect(await failureOf(project.rows('FROM recon.row_accounting'))).toMatchObject({ kind: 'usage' });
    });
  });

  it('has its accounting defined anew where another version defined it by other views [BUILD-016]', async () => {
    await withProject(FILES, async (project) => {
      await project.build();
      // An older one has both in one, and leaves the record of the accounting as it is.
      await project.inWorkingFile("UPDATE recon._defined SET sha256 = 'older' WHERE name = 'views'");
      await project.inWorkingFile('CREATE OR REPLACE VIEW recon.row_accounting AS SELECT 1 AS older');
      expect((await project.checks()).find(({ name }) => name === 'row accounting')).toMatchObject({ ok: false });
      await project.run();
      expect((await project.checks()).find(({ name }) => name === 'row accounting')).toMatchObject({ ok: true });
    });
  });
});
