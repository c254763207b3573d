import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Cell, type TemporaryProject, withProject } from './helpers/project.ts';

const FOLDER = join(import.meta.dirname, 'golden');

/** Files of a folder by path, with forward slashes. */
function filesOf(folder: string): Record<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path))]));
}

const textsOf = (files: Record<string, Buffer>) =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [path, content.toString('utf8')]));

/** What the build made: tables as CSV, and the files of the export. */
async function madeBy(project: TemporaryProject): Promise<Record<string, string>> {
  const made: Record<string, string> = {};
  const tables = await project.column(`
    SELECT DISTINCT schema_name || '.' || table_name FROM duckdb_columns()
    WHERE schema_name IN ('staged', 'sdtm') AND table_name <> '_cells' ORDER BY ALL`);
  for (const table of tables) {
    const columns = await project.column(
      `SELECT column_name FROM (DESCRIBE ${table}) WHERE column_name NOT LIKE '\\_%' ESCAPE '\\'`,
    );
    const list = columns.map((column) => `"${column}"`).join(', ');
    const rows = await project.rows(`SELECT ${list} FROM ${table} ORDER BY ALL NULLS FIRST`);
    made[`${table}.csv`] = [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('');
  }
  for (const [path, content] of Object.entries(filesOf(project.path('target/export')))) {
    if (path !== 'manifest.json' && !/\.(xpt|parquet)$/.test(path)) made[`export/${path}`] = content.toString('utf8');
  }
  return made;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The manifest tells of the files that were expected, and of the sources as they lie in the case. */
function checkManifest(
  project: TemporaryProject,
  source: Record<string, Buffer>,
  expected: Record<string, Buffer>,
): void {
  const manifest = JSON.parse(project.read('target/export/manifest.json').toString('utf8'));
  const exported = Object.entries(expected).filter(([path]) => path.startsWith('export/'));
  expect(manifest.files.map(({ path, bytes, sha256 }: Record<string, unknown>) => ({ path, bytes, sha256 }))).toEqual(
    exported.map(([path, content]) => ({ path: path.slice('export/'.length), ...described(content) })),
  );
  const data = Object.entries(source).filter(([path]) => path.startsWith('data/'));
  expect(
    manifest.sources.map(({ name, bytes, sha256 }: Record<string, unknown>) => ({ path: name, bytes, sha256 })),
  ).toEqual(data.map(([path, content]) => ({ path, ...described(content) })));
}

function described(content: Buffer) {
  return { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

describe('golden projects (test/golden/README.md)', () => {
  const cases = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  it.each(cases.map(({ name }) => name))('%s [BUILD-001]', async (name) => {
    const source = filesOf(join(FOLDER, name, 'project'));
    const expected = filesOf(join(FOLDER, name, 'expected'));
    await withProject(source, async (project) => {
      const { models, tests } = await project.build();
      expect(models.filter(({ state }) => state !== 'built')).toEqual([]);
      expect(tests.failed).toBe(0);
      expect(await madeBy(project)).toEqual(textsOf(expected));
      checkManifest(project, source, expected);
      // What is built is there after a build with nothing to do, too.
      expect((await project.build()).models.filter(({ state }) => state !== 'skipped')).toEqual([]);
      expect(await madeBy(project)).toEqual(textsOf(expected));
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });
});
