// Whether a peer has landed what warehouse has: `compare.mjs FILE_OF_WAREHOUSE FILE_OF_PEER complete|part`. Every column
// of every table of the peer is compared with ours by number of rows and sum of hashes: codes as the texts they stand
// for, keys counted from the first subject. `complete`: its tables have all columns of ours. Prints JSON.
import { DuckDBInstance } from '@duckdb/node-api';

/**
 * A line break that stands raw in an attribute a parser of XML turns into a space; warehouse keeps it, and marks it. Of
 * a peer that fills a part of the columns neither is asked.
 */
const WITHOUT_RAW_WHITE_SPACE = {
  value: `translate(t.value, chr(9) || chr(10) || chr(13), '   ')`,
  flags: 't.flags & 3',
};

const [ours, theirs, extent] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const rows = async (sql) => (await connection.runAndReadAll(sql)).getRowObjects();
await connection.run(`ATTACH '${ours}' AS ours (READ_ONLY); ATTACH '${theirs}' AS theirs (READ_ONLY)`);

const tables = await columnsByTable('theirs');
const full = await columnsByTable('ours');
const differences = [];
for (const [table, columns] of tables) {
  if (table === 'dictionary') continue;
  const lacking = full.get(table).filter(({ name }) => !columns.some((column) => column.name === name));
  if (extent === 'complete' && lacking.length > 0) {
    differences.push(`${table} has no ${lacking.map(({ name }) => name).join(', ')}`);
  }
  const [here, there] = [await fingerprint('ours', table, columns), await fingerprint('theirs', table, columns)];
  if (here !== there) differences.push(`${table}: ${here} here, ${there} there`);
}
process.stdout.write(JSON.stringify({ tables: tables.size - 1, differences }));
connection.closeSync();
instance.closeSync();

async function columnsByTable(database) {
  const columns = await rows(
    `SELECT table_name AS "table", column_name AS name, data_type AS type FROM duckdb_columns()
     WHERE database_name = '${database}' AND schema_name = 'raw' ORDER BY table_name, column_index`,
  );
  const tables = new Map();
  for (const { table, ...column } of columns) tables.set(table, [...(tables.get(table) ?? []), column]);
  return tables;
}

/** Number of rows, and sum of their hashes. */
async function fingerprint(database, table, columns) {
  const [{ first }] = await rows(`SELECT min(key) AS first FROM ${database}.raw.subject_data`);
  const joins = [];
  const values = columns.map(({ name, type }, index) => {
    if (name.endsWith('_code')) {
      joins.push(`LEFT JOIN ${database}.raw.dictionary d${index} ON d${index}.code = t.${name}`);
      return `d${index}.text`;
    }
    if (extent === 'part' && table === 'item_data' && name in WITHOUT_RAW_WHITE_SPACE)
      return WITHOUT_RAW_WHITE_SPACE[name];
    const isKey = type === 'BIGINT' && (name === 'key' || name.endsWith('_key'));
    return isKey ? `CASE WHEN t.${name} > 0 THEN t.${name} - ${first} ELSE 0 END` : `t.${name}`;
  });
  const [{ found }] = await rows(
    `SELECT count(*) || ' rows, ' || coalesce(sum(hash(${values.join(', ')})), 0) AS found
     FROM ${database}.raw.${table} t ${joins.join(' ')}`,
  );
  return found;
}
