import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../helpers/client.ts';
import { TemporaryProject } from '../helpers/project.ts';
import { SNIPPETS } from '../project/template/snippets.ts';
import { python } from './python.ts';

const DBT = join(import.meta.dirname, '../../.venv/bin/dbt');
const PROJECT = join(import.meta.dirname, 'dbt/project');
const GOLDEN = join(import.meta.dirname, '../golden');

/** dbt is here; in CI it must be. */
const hasDbt = existsSync(DBT) || process.env.CI !== undefined;

const MODELS = readdirSync(join(PROJECT, 'models'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.sql'))
  .map((path) => path.replace('/', '.').replace(/\.sql$/, ''))
  .sort();

/** The project of the folder, for both, with the data of the golden projects. */
function judgedProject(): TemporaryProject {
  const project = new TemporaryProject();
  cpSync(PROJECT, project.root, { recursive: true });
  mkdirSync(project.path('data/edc'), { recursive: true });
  cpSync(join(GOLDEN, 'corrections/project/data'), project.path('data/edc'), { recursive: true });
  cpSync(join(GOLDEN, 'types-and-decodes/project/data/edc.xml'), project.path('data/vitals.xml'));
  cpSync(join(GOLDEN, 'laboratory/project/data/lab.csv'), project.path('data/lab.csv'));
  return project;
}

/** A file of the staged tables alone, as another tool would have loaded them. */
async function copyStaged(published: string, to: string): Promise<void> {
  const client = await Client.open(to, true);
  await client.rows(`ATTACH '${published}' AS published (READ_ONLY)`);
  await client.rows('CREATE SCHEMA staged');
  for (const table of ['ae', 'vs', 'central_lab']) {
    await client.rows(`CREATE TABLE staged.${table} AS FROM published.staged.${table}`);
  }
  client.close();
}

function runDbt(root: string, file: string): void {
  const paths = ['--project-dir', root, '--profiles-dir', root, '--target-path', `${root}/dbt-target`];
  execFileSync(DBT, ['--no-version-check', '--log-path', `${root}/dbt-logs`, 'build', ...paths], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, JUDGE_FILE: file, DO_NOT_TRACK: '1' },
    stdio: 'pipe',
  });
}

describe.skipIf(!hasDbt)(`dbt itself${hasDbt ? '' : ' (not installed: see test/foreign/dbt/requirements.txt)'}`, () => {
  let project: TemporaryProject;
  let client: Client;
  beforeAll(async () => {
    project = judgedProject();
    const { models } = await project.build();
    expect(models.filter(({ state }) => state !== 'built')).toEqual([]);
    const published = project.path('target/main.duckdb');
    const file = project.path('judge.duckdb');
    await copyStaged(published, file);
    runDbt(project.root, file);
    client = await Client.open(file);
    await client.rows(`ATTACH '${published}' AS ours (READ_ONLY)`);
  }, 300_000);
  afterAll(() => {
    client?.close();
    project?.remove();
  });

  it.for(MODELS)('makes the same of %s: columns, types, rows and kind [MODEL-164]', async (model) => {
    const columns = (of: string) => client.rows(`SELECT column_name, column_type FROM (DESCRIBE ${of})`);
    expect(await columns(`ours.${model}`)).toEqual(await columns(`judge.${model}`));
    expect(await client.value(`SELECT count(*) > 0 FROM judge.${model}`)).toBe(true);
    expect(await client.rows(`FROM ours.${model} EXCEPT ALL FROM judge.${model}`)).toEqual([]);
    expect(await client.rows(`FROM judge.${model} EXCEPT ALL FROM ours.${model}`)).toEqual([]);
    const [schema, name] = model.split('.');
    const kinds = await client.rows(
      `SELECT DISTINCT table_type FROM information_schema.tables WHERE table_schema = '${schema}' AND table_name = '${name}'`,
    );
    expect(kinds).toHaveLength(1);
  });

  it('has a Jinja that makes of the snippets what they expect [MODEL-150]', () => {
    const file = project.path('snippets.json');
    writeFileSync(file, JSON.stringify(SNIPPETS.map(({ template }) => template)));
    expect(python<string[]>('render_jinja.py', file)).toEqual(SNIPPETS.map(({ expected }) => expected));
  });

  it('is judge of fourteen models, which use all that a template may [MODEL-164]', () => {
    const all = MODELS.map((model) =>
      readFileSync(join(PROJECT, 'models', `${model.replace('.', '/')}.sql`), 'utf8'),
    ).join('\n');
    expect(MODELS).toHaveLength(14);
    for (const used of [
      'ref(',
      'source(',
      'config(',
      'var(',
      '{% for',
      '{% set',
      '{% if',
      'namespace(',
      '{% do',
      '{% raw',
      '{#',
      'is_incremental()',
      '{{ this }}',
    ]) {
      expect(all.replaceAll('{%-', '{%')).toContain(used);
    }
  });
});
