// One figure of plan.mjs: `parse-once.mjs FOLDER` reads the SQL of the models of a project and has DuckDB parse each, as a
// program would that only wants to know what they read. Prints JSON: CPU seconds, peak MB.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { report } from '../usage.mjs';

const models = join(process.argv[2], 'models');
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
for (const file of readdirSync(models, { recursive: true })) {
  if (!file.endsWith('.sql')) continue;
  const sql = readFileSync(join(models, file), 'utf8');
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR', [sql]);
  JSON.parse(reader.getRows()[0][0]);
}
connection.closeSync();
instance.closeSync();
report({});
