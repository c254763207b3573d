import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';

export const CONFIGURATION_FILE = 'warehouse.yml';

/**
 * The nearest folder, from `start` upwards, with a warehouse.yml.
 *
 * @throws usage `PROJECT_NOT_FOUND`
 */
export function findProject(start: string): string {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, CONFIGURATION_FILE))) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new WarehouseError({
    kind: 'usage',
    code: 'PROJECT_NOT_FOUND',
    message: `There is no ${CONFIGURATION_FILE} in ${resolve(start)} or in any folder above it.`,
    next: 'Name the folder of a project with --project, or make one with: warehouse init <folder>',
  });
}
