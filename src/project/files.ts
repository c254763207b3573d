import { type Dirent, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';

/**
 * A UTF-8 text file of the project, without its byte order mark. `path` is relative to `root`. A project has thousands of
 * small ones, and one that is read on another thread takes ten times as long.
 */
export async function readText(root: string, path: string): Promise<string> {
  const bytes = readFileSync(join(root, path));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const byte = firstOther(bytes);
    throw new WarehouseError({
      kind: 'usage',
      code: 'CONFIG_INVALID',
      message: 'The file is not UTF-8.',
      place: { file: path, line: bytes.subarray(0, byte).toString('latin1').split('\n').length, byte },
      next: 'Save it in UTF-8.',
    });
  }
}

/** Where bytes begin to be no UTF-8: what is none is decoded as a character that has other bytes. */
function firstOther(bytes: Buffer): number {
  const decoded = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  return decoded.findIndex((byte, index) => byte !== bytes[index]);
}

export interface Entry {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  /** Whether it is a symbolic link (to the file or folder that the others speak of; neither, where it leads nowhere). */
  readonly isLink: boolean;
}

/** The files and folders in a folder, links followed, by name; nothing where there is no such folder. */
export async function entriesOf(root: string, folder: string): Promise<Entry[]> {
  return (await allEntriesOf(root, folder)).filter(({ isDirectory, isFile }) => isDirectory || isFile);
}

/** The same with what is neither, such as named pipes and links that lead nowhere. */
export async function allEntriesOf(root: string, folder: string, hidden = false): Promise<Entry[]> {
  const listed = await readdir(join(root, folder), { withFileTypes: true }).catch(nothingIfAbsent);
  const visible = listed.filter(({ name }) => hidden || !name.startsWith('.'));
  const entries = await Promise.all(
    visible.map(async (entry): Promise<Entry> => {
      const { name } = entry;
      const isLink = entry.isSymbolicLink();
      const end = isLink ? await stat(join(root, folder, name)).catch(() => undefined) : entry;
      return { name, isDirectory: end?.isDirectory() ?? false, isFile: end?.isFile() ?? false, isLink };
    }),
  );
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function nothingIfAbsent(error: NodeJS.ErrnoException): Dirent[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}
