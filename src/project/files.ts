import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import type { SqlFile } from './project.ts';

/** A UTF-8 text file of the project, without its byte order mark. `path` is relative to `root`. */
export async function readText(root: string, path: string): Promise<string> {
  const bytes = await readFile(join(root, path));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new WarehouseError({
      kind: 'usage',
      code: 'CONFIG_INVALID',
      message: 'The file is not UTF-8.',
      place: { file: path },
      next: 'Save it in UTF-8.',
    });
  }
}

export interface Entry {
  readonly name: string;
  readonly isDirectory: boolean;
  /** Whether it is a symbolic link (to the file or folder that `isDirectory` speaks of). */
  readonly isLink: boolean;
}

/** What a folder holds, by name; nothing where there is no such folder. Links that lead nowhere are left out. */
export async function entriesOf(root: string, folder: string, hidden = false): Promise<Entry[]> {
  const listed = await readdir(join(root, folder), { withFileTypes: true }).catch(nothingIfAbsent);
  const visible = listed.filter(({ name }) => hidden || !name.startsWith('.'));
  const entries = await Promise.all(
    visible.map(async (entry): Promise<Entry | undefined> => {
      const { name } = entry;
      if (!entry.isSymbolicLink()) return { name, isDirectory: entry.isDirectory(), isLink: false };
      const target = await stat(join(root, folder, name)).catch(() => undefined);
      return target && { name, isDirectory: target.isDirectory(), isLink: true };
    }),
  );
  return entries.filter((entry) => entry !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function nothingIfAbsent(error: NodeJS.ErrnoException): Dirent[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}

/** The .sql files directly in a folder, by name. */
export async function sqlFiles(root: string, folder: string): Promise<SqlFile[]> {
  const entries = await entriesOf(root, folder);
  const files = entries.filter(({ name, isDirectory }) => !isDirectory && name.endsWith('.sql'));
  return Promise.all(
    files.map(async ({ name }) => {
      const path = `${folder}/${name}`;
      return { name: name.slice(0, -'.sql'.length), path, sql: await readText(root, path) };
    }),
  );
}
