import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFile, syncFolder } from '../lib/disk.ts';
import { WarehouseError } from '../lib/errors.ts';
import { PARTIAL } from '../project/output-places.ts';

/** A file that a person wrote, and what is to stand in its place. */
export interface Replacement {
  /** Absolute; no link. */
  readonly full: string;
  /** As messages call it. */
  readonly shown: string;
  /** What it was when it was read; absent where there was none. */
  readonly before?: string;
  readonly after: string;
  /** Of the file as it is; what the process gives where it is new. */
  readonly mode?: number;
}

/**
 * Replaces all files or none. The new bytes of all are on the disk, each beside its place under a name that ends in
 * `.partial`, before the first is renamed; where a rename fails, those before it are put back. What dies between two
 * renames leaves whole files and at least one `.partial`, which every command that reads the project tells of
 * (`SPEC_CUT_SHORT`).
 * @throws usage SPEC_CHANGED where a file is not as it was read; errors of the file system. Then nothing was replaced.
 */
export function replaceFiles(files: readonly Replacement[]): void {
  const done: Replacement[] = [];
  try {
    for (const { full, after, mode } of files) writeBeside(full, after, mode);
    for (const file of files) assertAsRead(file);
    for (const file of files) {
      renameSync(beside(file.full), file.full);
      done.push(file);
    }
  } catch (error) {
    // Where this fails too, what lies beside the others stays, and tells of it.
    for (const file of done.reverse()) putBack(file);
    for (const { full } of files) rmSync(beside(full), { force: true });
    throw error;
  }
  for (const folder of new Set(files.map(({ full }) => dirname(full)))) syncFolder(folder);
}

const beside = (full: string) => `${full}${PARTIAL}`;

function writeBeside(full: string, text: string, mode: number | undefined): void {
  // Whatever lies there: a link would be followed, and a file would keep its mode.
  rmSync(beside(full), { force: true });
  writeFileSync(beside(full), text, { flag: 'wx', mode });
  // Beside what the process takes away of a mode.
  if (mode !== undefined) chmodSync(beside(full), mode);
  syncFile(beside(full));
}

function assertAsRead({ full, shown, before }: Replacement): void {
  const now = existsSync(full) ? readFileSync(full) : undefined;
  if (before === undefined ? now === undefined : now?.equals(Buffer.from(before))) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'SPEC_CHANGED',
    message: `${shown} was changed while the workbook was held against it.`,
    place: { file: shown },
    next: 'Nothing was written. Run the import again.',
  });
}

function putBack({ full, before, mode }: Replacement): void {
  if (before === undefined) {
    rmSync(full);
  } else {
    writeBeside(full, before, mode);
    renameSync(beside(full), full);
  }
}
