import { existsSync, realpathSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import { assertStaysInside } from '../project/links.ts';
import type { Project } from '../project/project.ts';
import type { Change } from '../spec/changes.ts';
import { planImport } from '../spec/plan-import.ts';
import { LIMITS, unreadable } from '../spec/xlsx/package.ts';
import { replaceFiles } from './replace-files.ts';
import type { Context } from './warehouse.ts';
import { refuseRecord } from './write-asked.ts';

export interface SpecImport {
  readonly source: string;
  /** In the order of files and keys. */
  readonly changes: readonly (Change & { readonly file: string })[];
  /** Relative to the root of the project. */
  readonly files: readonly string[];
  /** Whether the files were written. */
  readonly written: boolean;
}

/**
 * Makes the properties of models say what a workbook says. All of it is validated before the first file is written, and
 * all files are replaced or none.
 * @param dryRun only tells what would change
 * @throws usage SPEC_FILE, OUTPUT_IN_RECORD, and what `planImport` and `replaceFiles` throw
 */
export async function specImport(
  project: Project,
  file: string,
  { dryRun }: { readonly dryRun: boolean },
  { events }: Context,
): Promise<SpecImport> {
  const { files, notices } = await planImport(project, file, await bytesOf(file));
  const replacements = files.map(({ path, before, text }) => {
    return { ...placeOf(project.root, path), shown: path, before, after: text };
  });
  for (const notice of notices) events(notice);
  if (!dryRun) replaceFiles(replacements);
  return {
    source: file,
    changes: files.flatMap(({ path, changes }) => changes.map((change) => ({ file: path, ...change }))),
    files: files.map(({ path }) => path),
    written: !dryRun && files.length > 0,
  };
}

/** Where a file is written, with the mode that it has: what a link within the project leads to, as it is read. */
function placeOf(root: string, path: string): { full: string; mode?: number } {
  const full = join(root, path);
  assertStaysInside(root, existsSync(full) ? path : dirname(path));
  refuseRecord(root, full, path);
  return existsSync(full) ? { full: realpathSync(full), mode: statSync(full).mode & 0o777 } : { full };
}

async function bytesOf(file: string): Promise<Buffer> {
  const path = resolve(file);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!found?.isFile()) {
    const message = found === undefined ? `There is no file ${file}.` : `${file} is no file.`;
    throw new WarehouseError({ kind: 'usage', code: 'SPEC_FILE', message, next: 'Name the workbook to import.' });
  }
  if (found.size > LIMITS.bytes) throw unreadable(file, 'it is larger than 64 MiB');
  return readFile(path);
}
