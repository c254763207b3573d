// dbt-core with dbt-duckdb.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../python.mjs';
import { writeFiles } from './files.mjs';
import { TESTED } from './study.mjs';

const { absent, program } = environment('runner/dbt');

const project = {
  name: 'bench',
  version: '1.0',
  profile: 'bench',
  models: { bench: { '+materialized': 'table' } },
};
const profile = {
  bench: { target: 'dev', outputs: { dev: { type: 'duckdb', path: 'study.duckdb', schema: 'main', threads: 1 } } },
};

/** `dbt COMMAND` in a folder. Nothing is sent anywhere. */
const dbt = (folder, ...words) => ({
  command: [program('dbt'), ...words, '--quiet'],
  cwd: folder,
  env: { DBT_PROFILES_DIR: folder, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' },
});

/** What has changed since the state that the first build left, as its users have it built: dbt compares files. */
function modified(folder) {
  return dbt(folder, 'build', '--select', 'state:modified+', '--state', 'state');
}

export const DBT = {
  name: 'dbt',
  label: 'dbt-core with dbt-duckdb',
  absent,
  write(folder, models) {
    const tested = models.map(({ name }) => ({
      name,
      columns: [{ name: TESTED, data_tests: ['not_null', 'unique'] }],
    }));
    // JSON is YAML.
    writeFiles(folder, {
      'dbt_project.yml': JSON.stringify(project),
      'profiles.yml': JSON.stringify(profile),
      'models/schema.yml': JSON.stringify({ version: 2, models: tested }),
      ...Object.fromEntries(
        models.map(({ name, sql }) => [`models/${name}.sql`, sql((other) => `{{ ref('${other}') }}`)]),
      ),
    });
  },
  cold: (folder) => ({ ...dbt(folder, 'build'), made: ['study.duckdb', 'target', 'logs', 'state'] }),
  /** Before anything else is run: the state to compare with. */
  built(folder) {
    rmSync(join(folder, 'state'), { recursive: true, force: true });
    cpSync(join(folder, 'target', 'manifest.json'), join(folder, 'state', 'manifest.json'), { recursive: true });
  },
  unchanged: modified,
  changed: modified,
  database: (folder) => ({ file: join(folder, 'study.duckdb'), schema: 'main' }),
};
