// The plain script of the benchmark of the runner: `plain-once.mjs FOLDER` runs each model of its steps.json with its
// tests, in order, in a new file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const [folder] = process.argv.slice(2);
const instance = await DuckDBInstance.create(join(folder, 'plain.duckdb'));
const connection = await instance.connect();
await connection.run('CREATE SCHEMA IF NOT EXISTS clinic');
for (const { build, tests } of JSON.parse(readFileSync(join(folder, 'steps.json'), 'utf8'))) {
  await connection.run(build);
  for (const sql of tests) {
    const [{ failures }] = (await connection.runAndReadAll(sql)).getRowObjects();
    if (failures !== 0n) throw new Error(`${failures} rows fail: ${sql}`);
  }
}
connection.closeSync();
instance.closeSync();
