import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** SHA-256 of every file below the folders, by path: what must be the same before and after what changes nothing. */
export function bytesOf(...folders: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name);
      const isFile = statSync(path).isFile();
      found[path] = isFile ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'folder';
    }
  }
  return found;
}
