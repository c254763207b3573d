import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import { isOfData } from './error-class.ts';

/** What the system refused to do with a file or folder. */
interface Refusal {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'permission is lacking',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a file stands where a folder is needed',
  EISDIR: 'a folder stands where a file is needed',
  EBUSY: 'another program is using it',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/**
 * FILE_ACCESS for what the system, or DuckDB in its words, says where it refuses a file or folder: which path, whether
 * it was to be read or written, why, and what to do; undefined for any other error, such as a file that is missing.
 * @param root What the paths inside it are told from.
 */
export function fileAccess(error: unknown, root?: string): WarehouseError | undefined {
  const refusal = refusalOf(error);
  if (refusal === undefined) return undefined;
  const { code } = refusal;
  const { path, isWritten } = accessed(refusal);
  const shown = (full: string) => within(root, full);
  const what = `${path === undefined ? 'A file' : shown(path)} cannot be ${isWritten ? 'written' : 'read'}`;
  return new WarehouseError({
    kind: 'fault',
    code: 'FILE_ACCESS',
    message: `${what}: ${WHY[code]} (${code}).`,
    next: advice(refusal, path, isWritten, shown),
    cause: error,
  });
}

function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || error instanceof WarehouseError) return undefined;
  const { code, syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  if (code === undefined || syscall === undefined) return saidByDuckdb(error.message);
  return Object.hasOwn(WHY, code) ? { code, syscall, path, dest } : undefined;
}

const DUCKDB_SAYS = /Cannot (?:open|create) (?:file|directory) "(.+)": (.+)/;

const CODES: Readonly<Record<string, string>> = {
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
  'Read-only file system': 'EROFS',
  'Not a directory': 'ENOTDIR',
  'Is a directory': 'EISDIR',
  'Too many open files': 'EMFILE',
};

function saidByDuckdb(message: string): Refusal | undefined {
  if (isOfData(message)) return undefined;
  const [, path, words = ''] = DUCKDB_SAYS.exec(message) ?? [];
  return Object.hasOwn(CODES, words) ? { code: CODES[words], syscall: 'open', path } : undefined;
}

const READING: ReadonlySet<string> = new Set(['scandir', 'opendir', 'read', 'stat', 'lstat', 'readlink', 'realpath']);

/** Which of the paths was refused, and whether it was to be written: the system does not say for what a file is opened. */
function accessed({ syscall, path, dest }: Refusal): { path?: string; isWritten: boolean } {
  if (READING.has(syscall)) return { path, isWritten: false };
  if (syscall !== 'open' && dest === undefined) return { path, isWritten: true };
  const isWritten = path === undefined || isReadableOrAbsent(path);
  return { path: isWritten ? (dest ?? path) : path, isWritten };
}

function isReadableOrAbsent(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function advice(
  { code, syscall }: Refusal,
  path: string | undefined,
  isWritten: boolean,
  shown: (path: string) => string,
): string {
  switch (code) {
    case 'EROFS':
      return 'Work in a copy of the project on a file system that can be written, or mount this one so.';
    case 'EBUSY':
      return 'Close the program that has it open, then run it again.';
    case 'EMFILE':
    case 'ENFILE':
      return 'Raise the number of files that may be open (ulimit -n), or close other programs, then run it again.';
    case 'EISDIR':
      return 'Move it away, or name another path.';
    case 'ENOTDIR':
      return `Move ${path === undefined ? 'it' : shown(nearestThere(path))} away, or name another path.`;
    default:
      return `Give the user that runs it the right to ${rightLacking(path, syscall, isWritten, shown)}, then run it again.`;
  }
}

function rightLacking(
  path: string | undefined,
  syscall: string,
  isWritten: boolean,
  shown: (path: string) => string,
): string {
  if (path === undefined) return isWritten ? 'write there' : 'read it';
  if (!isWritten) return `read ${shown(path)} and to enter the folders above it`;
  // Only to open a file that is there asks for the right to the file; all else changes the folder that it is in.
  const there = nearestThere(syscall === 'open' ? path : dirname(path));
  return `write ${isFolder(there) ? 'in ' : ''}${shown(there)}`;
}

/** The path, or what is there of the folders above it. */
function nearestThere(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestThere(dirname(path));
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function within(root: string | undefined, path: string): string {
  if (root === undefined) return path;
  const inside = relative(root, path);
  const isInside = inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  return isInside ? inside.replaceAll(sep, '/') : path;
}
