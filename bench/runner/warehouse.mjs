// warehouse itself, by its command.
import { join } from 'node:path';
import { script } from '../files.mjs';
import { writeFiles } from './files.mjs';
import { SCHEMA, TESTED } from './study.mjs';

const MAIN = script(join('..', 'dist', 'cli', 'main.js'));
const ref = (name) => `${SCHEMA}.${name}`;

/** `warehouse COMMAND` in a folder. */
export const warehouse = (folder, ...words) => [process.execPath, MAIN, ...words, '--project', folder, '--quiet'];

/** Its project for the models. */
export function writeWarehouse(folder, models) {
  writeFiles(folder, { 'warehouse.yml': 'name: bench\nstudy: { id: BENCH }\n' });
  for (const { name, columns, sql } of models) {
    const path = `models/${SCHEMA}/${name}`;
    const said = columns.map(
      (column) => `  ${column}: ${column === TESTED ? '{ tests: [not_null, unique] }' : '{}'}\n`,
    );
    writeFiles(folder, { [`${path}.sql`]: `${sql(ref)}\n`, [`${path}.yml`]: `columns:\n${said.join('')}` });
  }
}

export const WAREHOUSE = {
  name: 'warehouse',
  label: 'warehouse build',
  absent: () => undefined,
  write: writeWarehouse,
  cold: (folder) => ({ command: warehouse(folder, 'build'), made: ['.warehouse', 'target'] }),
  unchanged: (folder) => ({ command: warehouse(folder, 'build') }),
  changed: (folder) => ({ command: warehouse(folder, 'build') }),
  database: (folder) => ({ file: join(folder, '.warehouse', 'main.duckdb'), schema: SCHEMA }),
};
