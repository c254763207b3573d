import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What stands behind the name of a file while it is copied. */
const COPYING = '.blank-';

/**
 * Has a DuckDB file begin as a copy of another. It comes to its place whole or not at all, and never in the place of one
 * that another process puts there meanwhile. Where it cannot (the other is not there, the file system has no links, a
 * former file has left its log), nothing is there, and DuckDB makes it.
 */
export function beginAs(path: string, blank: string): void {
  const folder = dirname(path);
  const besides = (ending: string) =>
    readdirSync(folder).filter((name) => name.startsWith(`${basename(path)}${ending}`));
  const copy = `${path}${COPYING}${process.pid}`;
  try {
    if (besides('.wal').length > 0) return;
    // Of a process that was killed here. One that is at work loses its copy, and has DuckDB make its file.
    for (const name of besides(COPYING)) rmSync(join(folder, name));
    // Not copied as a file: one that may only be read would give another.
    writeFileSync(copy, readFileSync(blank));
    linkSync(copy, path);
  } catch {
    // What is wrong with the place DuckDB tells.
  } finally {
    rmSync(copy, { force: true });
  }
}
