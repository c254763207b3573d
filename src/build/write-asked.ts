import { createHash } from 'node:crypto';
import { existsSync, realpathSync, renameSync, rmSync, type Stats, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { syncFile, syncFolder } from '../lib/disk.ts';
import { WarehouseError } from '../lib/errors.ts';
import { sha256IfThere } from '../lib/hash.ts';
import { misplaced, PARTIAL } from '../project/output-places.ts';
import type { Project } from '../project/project.ts';

/** A file that a person has asked for by name. */
export interface AskedFile {
  /** Absolute. */
  readonly full: string;
  /** As it was written. */
  readonly shown: string;
  /** Whether a file with other bytes may be replaced. */
  readonly force: boolean;
  /** Code of the error where it may not. */
  readonly existsCode: string;
  /** Of a new file; what the process gives where it is left out. */
  readonly mode?: number;
}

interface Written {
  readonly bytes: number;
  readonly sha256: string;
  /** Whether it stood there already, byte for byte. */
  readonly unchanged: boolean;
}

/**
 * Writes beside the place and renames, so that the file appears whole or not at all. What stands there with other bytes
 * stays unless `force` is given; nothing is written into the record of the project.
 * @throws usage OUTPUT_PLACE, OUTPUT_IN_RECORD, and the code given
 */
export async function writeAsked(
  { root }: Pick<Project, 'root'>,
  { full: path, shown, force, existsCode, mode }: AskedFile,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<Uint8Array>,
): Promise<Written> {
  refuseRecord(root, path, shown);
  const before = statSync(path, { throwIfNoEntry: false });
  if (before !== undefined && !before.isFile()) throw misplaced(shown, 'is no file, and a file is to go there');
  if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() !== true) throw noFolder(shown);
  const partial = `${path}${PARTIAL}`;
  // Whatever a run that was killed has left there: a link would be followed, and a file would keep its mode.
  rmSync(partial, { force: true });
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const file = await open(partial, 'wx', mode);
    try {
      for await (const piece of pieces) {
        const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
        hash.update(chunk);
        await file.appendFile(chunk);
        bytes += chunk.length;
      }
    } finally {
      await file.close();
    }
    const sha256 = hash.digest('hex');
    const found = before === undefined ? undefined : await sha256IfThere(path);
    if (found === sha256 && !isWider(before, mode)) return { bytes, sha256, unchanged: true };
    if (before !== undefined && found !== sha256 && !force) {
      const next = 'Name another file, or give --force to replace it.';
      const message = `${shown} is there already, with other bytes.`;
      throw new WarehouseError({ kind: 'usage', code: existsCode, message, next });
    }
    syncFile(partial);
    renameSync(partial, path);
    syncFolder(dirname(path));
    return { bytes, sha256, unchanged: false };
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Whether others may do with a file what they could not with a new one. */
function isWider(file: Stats | undefined, mode: number | undefined): boolean {
  return file !== undefined && mode !== undefined && process.platform !== 'win32' && (file.mode & 0o777 & ~mode) !== 0;
}

function noFolder(shown: string): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'OUTPUT_PLACE',
    message: `The folder of ${shown} is not there.`,
    next: 'Make it, or name a file in another.',
  });
}

/**
 * Whatever links lead there: working file, ledger and vault are written by the commands that know them, and by nothing
 * else.
 * @throws usage OUTPUT_IN_RECORD
 */
export function refuseRecord(root: string, path: string, shown: string): void {
  const record = join(root, '.warehouse');
  if (!existsSync(record) || !`${real(path)}${sep}`.startsWith(`${real(record)}${sep}`)) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'OUTPUT_IN_RECORD',
    message: `${shown} lies in .warehouse, the record of the project.`,
    next: 'Name a file elsewhere.',
  });
}

/** Where a path leads, as far as it is there. */
function real(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const above = dirname(path);
  return above === path ? path : join(real(above), basename(path));
}
