import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as actions from '../../src/build/commands.ts';
import { type Run, runCli } from '../cli/world.ts';
import { TemporaryProject } from '../helpers/project.ts';

/** What is to stand nowhere but in the working file. It is no word of any message, and breaks whatever reads it. */
const SECRET = 'Zq7(Wx';

/** Each model stumbles over a value in another way. */
const STUMBLING = {
  cast: 'SELECT v::INTEGER AS n FROM staged.lab',
  date: "SELECT strptime(v, '%d') AS d FROM staged.lab",
  pattern: "SELECT regexp_matches('a', v) AS m FROM staged.lab",
  json: 'SELECT v::JSON AS j FROM staged.lab',
  said: 'SELECT error(v) AS e FROM staged.lab',
  zone: "SELECT TIMESTAMP '2026-01-01' AT TIME ZONE v AS t FROM staged.lab",
  twice: "SELECT 1 + (SELECT count(*) FROM staged.lab WHERE v::DATE > '2026-01-01') AS n",
  seen: 'SELECT v::INTEGER AS n FROM staged.lab',
  by_key: 'SELECT v AS k, id FROM staged.lab',
  versions: 'SELECT v AS k, id FROM staged.lab',
  broken: 'SELECT v FROM staged.lab',
} as const;

const PROPERTIES: Partial<Record<keyof typeof STUMBLING | 'tested', string>> = {
  seen: 'materialized: view\n',
  by_key: 'materialized: incremental\nunique_key: [k]\n',
  versions: 'materialized: snapshot\nunique_key: [k]\n',
  broken: 'tests:\n  - { expression: "v::INTEGER > 1", name: breaks }\n',
  tested: `keys: [id]
tests:
  - unique: [v]
columns:
  id: {}
  v:
    tests:
      - accepted_values: [A]
      - iso8601
      - { relationships: { to: out.ids, column: id } }
      - { freshness: { error_after: 1 days } }
`,
};

const FILES = {
  'warehouse.yml': `name: p
study: { id: S }
sources:
  lab: { files: data/lab.csv, keys: [id], classification: unblinding }
publications:
  main: { level: unblinding }
  chosen: { level: unblinding, models: [out.ids], where: { out.ids: "EXISTS (FROM staged.lab l WHERE l.v::INTEGER > 1)" } }
`,
  // Of the last line a cell is missing: it is put aside.
  'data/lab.csv': `id,subject,v\n1,01,${SECRET}\n2,02,${SECRET}\n${SECRET}\n`,
  'models/out/ids.sql': 'SELECT id FROM staged.lab',
  'models/out/tested.sql': 'SELECT id, v FROM staged.lab',
  'qc/tested.sql': "SELECT id, v || 'x' AS v FROM staged.lab",
  'rules/lab.sql': `SELECT _row, 'v' AS item, v AS value, v || ' is wrong' AS message FROM staged.lab`,
  'rules/lab.yml': 'severity: warn\n',
  'models/out/apart.sql': 'SELECT v FROM staged.lab',
  'tests/broken.sql': 'SELECT v::INTEGER FROM out.apart',
  ...Object.fromEntries(Object.entries(STUMBLING).map(([name, sql]) => [`models/out/${name}.sql`, sql])),
  ...Object.fromEntries(Object.entries(PROPERTIES).map(([name, yml]) => [`models/out/${name}.yml`, yml])),
};

/** Models that are made, and then stumbled over by who exports or publishes them. */
const LEAVING = {
  'warehouse.yml': `${FILES['warehouse.yml']}exports: { datasets: [out.lab], formats: [xpt], level: unblinding }\n`,
  'data/lab.csv': `id,subject,v\n1,01,${SECRET}\n2,02,${SECRET}é\n`,
  'models/out/ids.sql': FILES['models/out/ids.sql'],
  'models/out/lab.sql': 'SELECT id AS ID, v AS V FROM staged.lab',
};

const project = new TemporaryProject(FILES);
const leaving = new TemporaryProject(LEAVING);
const runs = new Map<string, Run>();

async function command(...argv: string[]): Promise<void> {
  runs.set(argv.join(' '), await runCli(argv, actions, project.root));
}

interface Told {
  readonly code: string;
  readonly place: { readonly model?: string };
}

function errorsOf(run: string): Told[] {
  const lines = runs.get(run)!.output.split('\n');
  return lines.filter((line) => line.startsWith('{"event":"error"')).map((line) => JSON.parse(line) as Told);
}

/** The texts of all files below a folder, but for databases. */
function textsBelow(folder: string): [path: string, text: string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile() && !/\.(duckdb|wal)$/.test(path))
    .map((path) => [path, readFileSync(path, 'latin1')]);
}

beforeAll(async () => {
  await command('build');
  await command('retry', '--json');
  await command('test', '--json');
  await command('verify', '--json');
  await command('quarantine', 'list');
  runs.set('build of XPT', await runCli(['build', '--json'], actions, leaving.root));
  leaving.write({ 'warehouse.yml': LEAVING['warehouse.yml'].replace('[xpt]', '[csv]') });
  runs.set('build of a publication', await runCli(['build', '--json'], actions, leaving.root));
});
afterAll(() => {
  project.remove();
  leaving.remove();
});

/** Values of the data, in whole or in part. */
const VALUE = /Zq7|\(Wx/;

describe('where models and tests stumble over values', () => {
  it('each of them tells its error, so that all that can be said is said [CLASSIFICATION-010]', () => {
    const told = errorsOf('retry --json').map(({ place }) => place.model);
    expect(Object.keys(STUMBLING).filter((name) => !told.includes(`out.${name}`))).toEqual([]);
    expect(told).toContain('out.tested');
    expect(errorsOf('build of XPT').map(({ code }) => code)).toEqual(['XPT_NOT_ASCII']);
    expect(errorsOf('build of a publication').map(({ code }) => code)).toEqual(['PUBLICATION_SQL']);
  });

  it('no command prints a value [CLASSIFICATION-010]', () => {
    const found = [...runs].filter(([, { output, log }]) => VALUE.test(`${output}${log}`));
    expect(found.map(([argv]) => argv)).toEqual([]);
  });

  it('no artifact, and no record of the ledger, holds one [CLASSIFICATION-010]', () => {
    const folders = [project, leaving].flatMap((one) => [one.path('target'), one.path('.warehouse/ledger')]);
    const texts = folders.flatMap(textsBelow).filter(([path]) => !path.includes('/export/'));
    expect(texts.length).toBeGreaterThan(6);
    expect(texts.filter(([, text]) => VALUE.test(text)).map(([path]) => path)).toEqual([]);
  });
});
