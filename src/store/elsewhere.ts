import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether a relative path means another file to DuckDB: it looks in the folder in which the process was started, and then in
 * that of the project.
 */
export function isElsewhere(root: string, path: string): boolean {
  const first = join(process.cwd(), path);
  return existsSync(first) && realpathSync(first) !== realpathSync(join(root, path));
}
