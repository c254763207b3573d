// sqlmesh.
import { join } from 'node:path';
import { environment } from '../python.mjs';
import { writeFiles } from './files.mjs';
import { SCHEMA, TESTED } from './study.mjs';

const { absent, program } = environment('runner/sqlmesh');

const ref = (name) => `${SCHEMA}.${name}`;

const configuration = {
  gateways: { local: { connection: { type: 'duckdb', database: 'study.duckdb' } } },
  default_gateway: 'local',
  model_defaults: { dialect: 'duckdb', start: '2026-01-01' },
  disable_anonymized_analytics: true,
};

const plan = (folder) => ({
  command: [program('sqlmesh'), 'plan', '--auto-apply', '--no-prompts'],
  cwd: folder,
  env: { SQLMESH__DISABLE_ANONYMIZED_ANALYTICS: 'true' },
});

export const SQLMESH = {
  name: 'sqlmesh',
  label: 'sqlmesh',
  absent,
  write(folder, models) {
    const head = (name) =>
      `MODEL (name ${ref(name)}, kind FULL, audits (not_null(columns := (${TESTED})), unique_values(columns := (${TESTED}))));`;
    writeFiles(folder, {
      'config.yaml': JSON.stringify(configuration),
      ...Object.fromEntries(models.map(({ name, sql }) => [`models/${name}.sql`, `${head(name)}\n\n${sql(ref)}\n`])),
    });
  },
  cold: (folder) => ({ ...plan(folder), made: ['study.duckdb', '.cache', 'logs'] }),
  unchanged: plan,
  changed: plan,
  database: (folder) => ({ file: join(folder, 'study.duckdb'), schema: SCHEMA }),
};
