import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { Client } from '../helpers/client.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const yml = (publication: object) =>
  JSON.stringify({
    name: 'test',
    study: { id: 'S' },
    sources: { ae: { files: 'data/ae.csv', keys: ['id'] } },
    publications: { main: publication },
  });

const FILES = {
  'warehouse.yml': yml({ level: 'unblinding' }),
  'data/ae.csv': 'id,term\n2,Headache\n1,Back pain\n',
  'macros/shout.sql': "CREATE OR REPLACE MACRO shout(t) AS upper(t) || '!';\n",
  'models/sdtm/ae.sql': 'SELECT id AS AESPID, shout(term) AS AETERM, [_row] AS _rows FROM staged.ae',
  'models/sdtm/ae.yml':
    'label: Adverse Events\nkeys: [AESPID]\ncolumns: { AESPID: { label: Identifier }, AETERM: {} }\n',
  'models/a/early.sql': 'SELECT AETERM FROM sdtm.ae',
  'models/a/early.yml': 'materialized: view\n',
};

/** Texts that no compression hides. */
const ARMS = {
  'models/work/arms.sql': "SELECT 'ARM-' || range || '-OF-' || (range * 7919) % 100003 AS arm FROM range(50000)",
  'models/work/arms.yml': 'columns: { arm: { classification: unblinding } }\n',
};
const holdsArms = (project: TemporaryProject, path: string) => project.read(path).includes('ARM-');

/** All that a file has: what is defined, with its comments, and the rows of its tables in their order. */
async function contentOf(path: string): Promise<unknown> {
  const client = await Client.open(path);
  try {
    const defined = await client.rows(`
      SELECT 'schema', schema_name, comment, NULL FROM duckdb_schemas() WHERE database_name = current_database()
      UNION ALL SELECT 'table', schema_name || '.' || table_name, comment, sql FROM duckdb_tables() WHERE database_name = current_database()
      UNION ALL SELECT 'view', schema_name || '.' || view_name, comment, sql FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
      UNION ALL SELECT 'column', schema_name || '.' || table_name || '.' || column_name, comment, column_index || data_type || is_nullable
        FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal
      UNION ALL SELECT 'macro', schema_name || '.' || function_name, comment, parameters::VARCHAR || macro_definition
        FROM duckdb_functions() WHERE database_name = current_database() AND NOT internal
      UNION ALL SELECT 'index', schema_name || '.' || index_name, comment, sql FROM duckdb_indexes() WHERE database_name = current_database()
      UNION ALL SELECT 'sequence', schema_name || '.' || sequence_name, comment, sql || last_value FROM duckdb_sequences() WHERE database_name = current_database()
      UNION ALL SELECT 'constraint', schema_name || '.' || table_name, NULL, constraint_text FROM duckdb_constraints() WHERE database_name = current_database()
      ORDER BY ALL`);
    const tables = await client.rows(
      `SELECT '"' || schema_name || '"."' || table_name || '"' FROM duckdb_tables() WHERE database_name = current_database() ORDER BY 1`,
    );
    const rows: Record<string, unknown> = {};
    // The ledger goes on after a file was published.
    for (const [name] of tables.filter(([name]) => !String(name).startsWith('"audit"'))) {
      rows[String(name)] = await client.rows(`SELECT list(hash(t) ORDER BY rowid) FROM ${name} t`);
    }
    return { defined, rows, early: await client.rows('FROM a.early ORDER BY 1') };
  } finally {
    client.close();
  }
}

async function inWorkingFile(project: TemporaryProject, ...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(project.path('.warehouse/main.duckdb'));
  const connection = await instance.connect();
  for (const sql of statements) await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

describe('a publication of the whole file', () => {
  it('holds no byte of what was dropped and was above its level, and all else [PUBLISH-010]', async () => {
    await withProject({ ...FILES, ...ARMS }, async (project) => {
      await project.build();
      expect(holdsArms(project, 'target/main.duckdb')).toBe(true);
      await inWorkingFile(
        project,
        'CREATE SCHEMA other',
        'CREATE SEQUENCE other.seq START 3',
        "SELECT nextval('other.seq')",
        'CREATE TABLE other.t (n INTEGER PRIMARY KEY, m INTEGER UNIQUE)',
        'INSERT INTO other.t VALUES (3, 1), (1, NULL), (2, 5)',
        'CREATE INDEX by_m ON other.t (m)',
        'CREATE VIEW other.v AS SELECT 1 AS n',
        'CREATE VIEW other.z AS SELECT n FROM other.t',
        'CREATE OR REPLACE VIEW other.v AS SELECT n FROM other.z',
        "COMMENT ON VIEW other.v IS 'Of others.'",
      );
      project.delete('models/work');
      project.write({ 'warehouse.yml': yml({}) });
      expect((await project.build()).publications).toEqual([{ name: 'main', path: 'target/main.duckdb' }]);
      expect(holdsArms(project, '.warehouse/main.duckdb')).toBe(true);
      expect(holdsArms(project, 'target/main.duckdb')).toBe(false);
      expect(await contentOf(project.path('target/main.duckdb'))).toEqual(
        await contentOf(project.path('.warehouse/main.duckdb')),
      );
      expect(await project.column('FROM run.held_class')).toEqual(['unblinding']);
      expect((await project.checks()).find(({ name }) => name === 'published files')).toMatchObject({ ok: true });
      project.write({ 'warehouse.yml': yml({ level: 'unblinding' }) });
      await project.build();
      expect(holdsArms(project, 'target/main.duckdb')).toBe(true);
    });
  });

  it('that cannot be made anew is not made, and says why [PUBLISH-010]', async () => {
    await withProject({ ...FILES, ...ARMS }, async (project) => {
      await project.build();
      const published = project.read('target/main.duckdb');
      await inWorkingFile(
        project,
        'CREATE SCHEMA other',
        'CREATE TABLE other.parent (n INTEGER PRIMARY KEY)',
        'CREATE TABLE other.child (n INTEGER REFERENCES other.parent (n))',
        'INSERT INTO other.parent VALUES (1)',
        'INSERT INTO other.child VALUES (1)',
      );
      project.delete('models/work');
      project.write({ 'warehouse.yml': yml({}) });
      const { withheld } = await project.build();
      expect(withheld?.error).toMatchObject({ kind: 'data', code: 'PUBLICATION_FOREIGN_KEY' });
      expect(project.read('target/main.duckdb').equals(published)).toBe(true);
    });
  });

  it('is a copy where the file never held what is above its level [PUBLISH-010]', async () => {
    const files = { ...FILES, ...ARMS, 'models/work/arms.yml': 'columns: { arm: {} }\n', 'warehouse.yml': yml({}) };
    await withProject(files, async (project) => {
      await project.build();
      project.delete('models/work');
      await project.build();
      expect(holdsArms(project, 'target/main.duckdb')).toBe(true);
      const there = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'held_class'";
      expect(await project.value(there)).toBe(0);
    });
  });

  it('counts what was only begun with: a model that failed, and a source before its first load [PUBLISH-010]', async () => {
    const held = 'SELECT classification FROM run.held_class ORDER BY 1';
    const failing = { 'tests/none.sql': 'SELECT arm FROM work.arms LIMIT 1' };
    await withProject({ ...FILES, ...ARMS, ...failing }, async (project) => {
      await project.build();
      expect(await project.column(held)).toEqual(['unblinding']);
    });
    const source = yml({ level: 'unblinding' }).replace('"keys"', '"classification":"identifier","keys"');
    await withProject({ ...FILES, 'warehouse.yml': source, 'data/ae.csv': 'id,id\n1,2\n' }, async (project) => {
      await expect(project.build()).rejects.toMatchObject({ kind: 'data' });
      expect(await project.column(held)).toEqual(['identifier']);
    });
  });
});
