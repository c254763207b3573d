import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

export const SHARED_ODM = fileURLToPath(new URL('../../../shared/data/odm/', import.meta.url));

/** Runs with the real files beside the repository; fails without them where CI is set, and is skipped elsewhere. */
export const describeWithFiles = existsSync(SHARED_ODM) || process.env.CI !== undefined ? describe : describe.skip;

export function realFile(name: string): Buffer {
  return readFileSync(SHARED_ODM + name);
}
