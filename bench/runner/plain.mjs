// A program of fifty lines that a person could have written instead: what the ratios are of.
import { join } from 'node:path';
import { script } from '../files.mjs';
import { writeFiles } from './files.mjs';
import { SCHEMA, TESTED } from './study.mjs';

const ref = (name) => `${SCHEMA}.${name}`;

export const PLAIN = {
  name: 'plain',
  label: 'plain node script',
  absent: () => undefined,
  write(folder, models) {
    const steps = models.map(({ name, sql }) => ({
      build: `CREATE OR REPLACE TABLE ${ref(name)} AS\n${sql(ref)}`,
      tests: [
        `SELECT count(*) AS failures FROM ${ref(name)} WHERE ${TESTED} IS NULL`,
        `SELECT count(*) AS failures FROM (SELECT ${TESTED} FROM ${ref(name)} GROUP BY ${TESTED} HAVING count(*) > 1)`,
      ],
    }));
    writeFiles(folder, { 'steps.json': JSON.stringify(steps) });
  },
  cold: (folder) => ({
    command: [process.execPath, script(join('runner', 'plain-once.mjs')), folder],
    made: ['plain.duckdb'],
  }),
  database: (folder) => ({ file: join(folder, 'plain.duckdb'), schema: SCHEMA }),
};
