import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { memory } from '../model/database.ts';

const root = join(import.meta.dirname, '../..');

/** A function that gives the value of an SQL expression, in a database that has only the macros of a file of sql/macros. */
export async function macrosOf(name: string): Promise<(expression: string) => Promise<unknown>> {
  const connection = await memory();
  await connection.run(readFileSync(join(root, 'sql/macros', name), 'utf8'));
  return async (expression) => Object.values((await connection.row(`SELECT ${expression}`))!)[0];
}
