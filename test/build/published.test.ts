import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, TemporaryProject, withProject } from '../helpers/project.ts';

const day = (number: number, value: string) =>
  odm(
    { created: `2026-01-0${number}T00:00:00Z` },
    subject('1', {}, event('V', {}, form('F', {}, group('G', {}, item('I', value))))),
  );

/** Rows of a DuckDB file as any client sees them. */
async function clientRows(path: string, sql: string) {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const READER = `
import { DuckDBInstance } from '@duckdb/node-api';
import { createInterface } from 'node:readline';
const instance = await DuckDBInstance.create(process.argv[1], { access_mode: 'READ_ONLY' });
const connection = await instance.connect();
for await (const _ of createInterface({ input: process.stdin })) {
  const { getRows } = await connection.runAndReadAll('SELECT i FROM staged.g').then((reader) => ({ getRows: reader.getRows() }));
  console.log(JSON.stringify(getRows));
}
`;

/** A process that has a file open, and answers with what staged.g holds whenever it is asked. */
function reader(path: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', READER, path], {
    cwd: join(import.meta.dirname, '../..'),
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stderr.pipe(process.stderr);
  return {
    ask: async () => {
      child.stdin.write('\n');
      return JSON.parse((await lines.next()).value ?? 'null');
    },
    end: () => child.stdin.end(),
  };
}

describe('the published file', () => {
  it('may be open in another process while a build publishes the next one [BUILD-003]', async () => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': day(1, 'old') }, async (project) => {
      await project.build();
      const path = project.path('target/main.duckdb');
      const open = reader(path);
      try {
        expect(await open.ask()).toEqual([['old']]);
        project.write({ 'data/2.xml': day(2, 'new') });
        const { publications } = await project.build();
        expect(publications).toEqual([{ name: 'main', path: 'target/main.duckdb' }]);
        expect(await open.ask(), 'who has it open keeps it').toEqual([['old']]);
        expect(await clientRows(path, 'SELECT i FROM staged.g')).toEqual([['new']]);
      } finally {
        open.end();
      }
    });
  });

  it('stays as it was when a build fails [BUILD-003]', async () => {
    await withProject({ 'warehouse.yml': configuration(), 'data/1.xml': day(1, 'old') }, async (project) => {
      await project.build();
      const before = project.read('target/main.duckdb');
      project.write({ 'data/2.xml': day(2, 'new'), 'models/sdtm/x.sql': 'SELECT nothing FROM staged.g' });
      const { models, publications } = await project.build();
      expect(models.find(({ name }) => name === 'sdtm.x')?.state).toBe('failed');
      expect(publications).toEqual([]);
      expect(project.read('target/main.duckdb').equals(before)).toBe(true);
    });
  });

  it.each(['types-and-decodes', 'corrections', 'laboratory'])(
    'of %s has a comment on every table, view and column [BUILD-004]',
    async (name) => {
      const project = new TemporaryProject();
      try {
        cpSync(join(import.meta.dirname, '../golden', name, 'project'), project.root, { recursive: true });
        await project.build();
        const path = project.path('target/main.duckdb');
        const bare = await clientRows(
          path,
          `SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE comment IS NULL
           UNION ALL SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL
           UNION ALL SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns()
             WHERE NOT internal AND comment IS NULL ORDER BY ALL`,
        );
        expect(bare).toEqual([]);
      } finally {
        project.remove();
      }
    },
  );
});
