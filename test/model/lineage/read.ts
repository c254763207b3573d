import { openReader } from '../../../src/model/lineage/reader.ts';
import { readLineage, readQuery, type SelectLineage } from '../../../src/model/lineage/select-lineage.ts';
import { isRest } from '../../../src/model/lineage/shape.ts';
import { prepareRecord } from '../../../src/model/plan/record.ts';
import { readMacros } from '../../../src/model/reading/macro-catalog.ts';
import { parseSelect } from '../../../src/model/sql/syntax.ts';
import type { Connection } from '../../../src/store/connection.ts';
import { describe } from '../../../src/store/describe.ts';
import { memory } from '../database.ts';

/** A database in memory with these tables and macros. */
export async function databaseWith(statements: string): Promise<Connection> {
  const connection = await memory();
  await prepareRecord(connection);
  await connection.run(statements);
  return connection;
}

/** What is found of SELECTs over the tables that there are by now. */
export async function readerOf(connection: Connection): Promise<(sql: string) => Promise<SelectLineage>> {
  const reader = await openReader(connection, await readMacros(connection));
  return async (sql) => {
    const { tree } = await parseSelect(connection, { path: 'models/sdtm/ae.sql', sql });
    const names = tree === undefined ? [] : (await describe(connection, sql)).map(({ name }) => name);
    return readLineage(reader, tree, names);
  };
}

/** The columns of a SELECT by its syntax tree, without what DuckDB says of them; undefined for those that it leaves open. */
export async function walkedNames(connection: Connection, sql: string): Promise<(string | undefined)[]> {
  const reader = await openReader(connection, await readMacros(connection));
  const { tree } = await parseSelect(connection, { path: 'models/sdtm/ae.sql', sql });
  return (await readQuery(reader, tree!)).parts.map((part) => (isRest(part) ? undefined : part.name));
}
