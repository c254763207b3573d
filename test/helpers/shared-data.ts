import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../../shared/data');
const present = existsSync(FOLDER);

export function sharedData(path: string): string {
  return join(FOLDER, path);
}

/** Tests on data that is not part of the repository: left out where it is not there, but never in CI. */
export function describeWithSharedData(name: string, tests: () => void): void {
  if (present || process.env.CI !== undefined) describe(name, tests);
  else describe.skip(`${name} (needs ../shared/data beside the repository)`, tests);
}
