import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256Hex } from '../lib/hash.ts';
import type { SqlFile } from '../project/sql-file.ts';
import type { Connection } from './connection.ts';

/** SQL that the warehouse owns, shipped beside the code. */
const SQL_DIRECTORY = fileURLToPath(new URL('../../sql/', import.meta.url));

/** Runs every statement of a file of sql/, in one call. */
export async function runSqlFile(connection: Connection, name: string): Promise<void> {
  await connection.run(textOf(name));
}

/** SHA-256 of the text of files of sql/: another version of the warehouse has another. */
export function sqlFilesHash(names: readonly string[]): string {
  return sha256Hex(names.map(textOf).join('\n'));
}

/** Macros that come with the warehouse: the files of sql/macros/, by name. */
export function ownMacros(): SqlFile[] {
  const files = readdirSync(join(SQL_DIRECTORY, 'macros')).filter((name) => name.endsWith('.sql'));
  return files.sort().map((file) => {
    const path = `macros/${file}`;
    return { name: file.slice(0, -'.sql'.length), path: `sql/${path}`, sql: textOf(path) };
  });
}

/** The text of a file of sql/. */
export function textOf(path: string): string {
  return readFileSync(join(SQL_DIRECTORY, path), 'utf8');
}
