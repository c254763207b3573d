import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import type { SourceFile } from '../load/source-file.ts';
import { loadProject } from '../project/load-project.ts';
import { exampleStarter, type StarterFiles, starterOf } from './starter.ts';
import { outlineOf } from './study-outline.ts';
import type { Context } from './warehouse.ts';

/**
 * Makes a small project that builds in a new or empty folder. With `from`, an ODM file, the project is that file's:
 * its StudyOIDs, names and item groups, and a copy of it in data/. Nothing is written unless the file can be read.
 *
 * @throws usage INIT_NOT_EMPTY, INIT_FROM
 * @throws data ODM_*, SOURCE_GZIP: what is wrong with the file
 */
export async function init(
  directory: string,
  { from }: { from?: string },
  { events }: Context,
): Promise<{ root: string; files: readonly string[] }> {
  const root = resolve(directory);
  await refuseOccupied(root, directory);
  const name = projectName(basename(root));
  if (from === undefined) return write(root, exampleStarter(name));
  const file = await sourceFile(from);
  events({ event: 'step', step: file.name, state: 'start', label: `read ${file.name}` });
  const outline = await outlineOf(file, events);
  events({ event: 'step', step: file.name, state: 'end', label: `read ${file.name}` });
  const dataFile = `data/${await dataName(file)}`;
  const made = await write(root, starterOf(name, outline, dataFile), { [dataFile]: file.path });
  return { root, files: made.files };
}

async function refuseOccupied(root: string, directory: string): Promise<void> {
  const entries = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length === 0) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'INIT_NOT_EMPTY',
    message: `The folder ${directory} is not empty.`,
    next: 'Name a folder that does not exist yet.',
  });
}

function projectName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '');
  return name.slice(0, 64) || 'study';
}

async function sourceFile(from: string): Promise<SourceFile> {
  const path = resolve(from);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return { name: from, path, size: found.size };
  throw new WarehouseError({
    kind: 'usage',
    code: 'INIT_FROM',
    message: `There is no file ${from}.`,
    next: 'Give --from the path of an ODM file.',
  });
}

/** A name for the copy that says its format and is the same on every system. */
async function dataName({ path }: SourceFile): Promise<string> {
  const handle = await open(path);
  const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0).finally(() => handle.close());
  const ending = buffer[0] === 0x1f && buffer[1] === 0x8b ? '.xml.gz' : '.xml';
  const stem = basename(path)
    .replace(/(\.xml)?(\.gz)?$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^\.+/, '');
  return `${stem || 'edc'}${ending}`;
}

async function write(root: string, texts: StarterFiles, copies: Readonly<Record<string, string>> = {}) {
  for (const path of [...Object.keys(texts), ...Object.keys(copies)]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
  }
  for (const [path, text] of Object.entries(texts)) await writeFile(join(root, path), text, { flag: 'wx' });
  for (const [path, from] of Object.entries(copies)) await copyFile(from, join(root, path), constants.COPYFILE_FICLONE);
  await loadProject(root);
  return { root, files: [...Object.keys(texts), ...Object.keys(copies)].sort() };
}
