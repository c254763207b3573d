import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProject } from '../src/project/load-project.ts';
import { compareExports, FOREIGN_READERS } from './foreign/readers.ts';
import { Client } from './helpers/client.ts';
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

/** The manifest tells of the files that lie beside it, and of the sources as they lie in the case. */
function checkManifest(project: TemporaryProject, source: Record<string, Buffer>): void {
  const { 'manifest.json': written, ...exported } = filesOf(project.path('target/export'));
  const manifest = JSON.parse(written.toString('utf8'));
  expect(manifest.files.map(fileOf).sort(byPath)).toEqual(Object.entries(exported).map(described));
  const data = Object.entries(source).filter(([path]) => path.startsWith('data/'));
  expect(
    manifest.sources.map(({ name, ...rest }: FileOf & { name: string }) => fileOf({ ...rest, path: name })),
  ).toEqual(data.map(described));
}

interface FileOf {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const fileOf = ({ path, bytes, sha256 }: FileOf): FileOf => ({ path, bytes, sha256 });
const byPath = (a: FileOf, b: FileOf) => (a.path < b.path ? -1 : 1);

function described([path, content]: [string, Buffer]): FileOf {
  return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

/** Every dataset holds in every format the cells of its table, for the foreign readers that are here. */
async function checkExports(project: TemporaryProject, datasets: readonly string[]): Promise<void> {
  const { formats } = (await loadProject(project.root)).configuration.exports;
  const published = await Client.open(project.path('target/main.duckdb'));
  try {
    for (const reader of FOREIGN_READERS.filter(({ isHere }) => isHere)) {
      const compared = await compareExports(reader, project.root, published);
      expect(compared, reader.name).toEqual(formats.includes(reader.format) ? datasets : []);
    }
  } finally {
    published.close();
  }
}

describe('golden projects (test/golden/README.md)', () => {
  const cases = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  it.each(cases.map(({ name }) => name))('%s [BUILD-001, EXPORT-019]', async (name) => {
    const source = filesOf(join(FOLDER, name, 'project'));
    const expected = filesOf(join(FOLDER, name, 'expected'));
    const datasets = Object.keys(expected).flatMap((path) => /^sdtm\.(\w+)\.csv$/.exec(path)?.[1] ?? []);
    await withProject(source, async (project) => {
      const { models, tests, validations } = await project.build();
      expect(models.filter(({ state }) => state !== 'built')).toEqual([]);
      expect(tests.failed).toBe(0);
      expect(validations.filter(({ isValidated }) => !isValidated)).toEqual([]);
      expect(await madeBy(project)).toEqual(textsOf(expected));
      checkManifest(project, source);
      await checkExports(project, datasets);
      // What is built is there after a build with nothing to do, too.
      expect((await project.build()).models.filter(({ state }) => state !== 'skipped')).toEqual([]);
      expect(await madeBy(project)).toEqual(textsOf(expected));
      expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
    });
  });
});
