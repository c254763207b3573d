import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The version of this program. */
export function toolVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The version of DuckDB's library that is installed, as its package says: nothing of it is loaded. */
export function libraryVersion(): string {
  const { resolve } = createRequire(import.meta.url);
  const text = readFileSync(resolve('@duckdb/node-bindings/package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
