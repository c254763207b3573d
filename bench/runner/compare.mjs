// What the tables of a schema of a DuckDB file hold: `compare.mjs FILE SCHEMA TABLE...` prints, by table, rows and the sum
// of their hashes as JSON.
import { DuckDBInstance } from '@duckdb/node-api';

const [file, schema, ...tables] = process.argv.slice(2);
const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
const connection = await instance.connect();
const content = {};
for (const table of tables) {
  const sql = `SELECT count(*) || ' rows, ' || sum(hash(t::VARCHAR)) AS found FROM ${schema}.${table} AS t`;
  content[table] = (await connection.runAndReadAll(sql)).getRowObjects()[0].found;
}
process.stdout.write(JSON.stringify(content));
connection.closeSync();
instance.closeSync();
