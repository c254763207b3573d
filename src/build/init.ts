import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import { silent, type WarehouseEvent } from '../lib/events.ts';
import { packingOf, startOf } from '../load/packing/content.ts';
import type { SourceFile } from '../load/source-file.ts';
import { loadProject } from '../project/load-project.ts';
import { placeEditorSchemas } from './editor-schemas.ts';
import { exampleStarter, type StarterFiles, starterOf } from './starter.ts';
import { outlineOf } from './study-outline.ts';
import { type StudyScan, scanStudy } from './study-scan.ts';
import type { Context } from './warehouse.ts';

/**
 * Makes a small project that builds in a new or empty folder. With `from`, ODM files, the project is theirs: their
 * StudyOIDs, names and item groups, and a copy of each in data/. Definitions and data may come in files of their own.
 * Nothing is written unless every file can be read.
 *
 * @throws usage INIT_NOT_EMPTY, INIT_FROM
 * @throws data ODM_*, SOURCE_GZIP: what is wrong with a file
 */
export async function init(
  directory: string,
  { from = [] }: { from?: readonly string[] },
  { events }: Context,
): Promise<{ root: string; files: readonly string[] }> {
  const root = resolve(directory);
  await refuseOccupied(root, directory);
  const name = projectName(basename(root));
  if (from.length === 0) {
    events(studyId(name.toUpperCase(), 'the name of the folder'));
    return write(root, exampleStarter(name));
  }
  const files = await Promise.all([...new Set(from.map((path) => resolve(path)))].map(sourceFile(from)));
  const scans: StudyScan[] = [];
  for (const file of files) {
    events({ event: 'step', step: file.name, state: 'start', label: `read ${file.name}` });
    await refuseOther(file);
    scans.push(await scanStudy(file, events));
    events({ event: 'step', step: file.name, state: 'end', label: `read ${file.name}` });
  }
  const outline = outlineOf(scans);
  if (!outline.isDefined) events(NO_DEFINITIONS);
  events(
    studyId(
      outline.id,
      outline.idFrom === undefined ? 'made up, as the files name no study' : `the ${outline.idFrom} of the files`,
    ),
  );
  const names = await dataNames(files);
  const named = (holdsData: boolean) => names.filter((_, index) => scans[index].holdsData === holdsData);
  const texts = starterOf(name, outline, { definitions: named(false), data: named(true) });
  return write(root, texts, Object.fromEntries(names.map((copy, index) => [copy, files[index].path])));
}

const NO_DEFINITIONS: WarehouseEvent = {
  event: 'notice',
  code: 'INIT_NO_DEFINITIONS',
  message: 'No file of --from defines an item group: tables and columns are named after OIDs, and nothing has a type.',
  next: 'If there is a file with the study definitions (MetaDataVersion), make the project anew with both: --from definitions.xml --from data.xml. Names are given once, with the first build.',
};

/** Which study.id a project has, and whence: nothing else in it is there for ever. */
function studyId(id: string, whence: string): WarehouseEvent {
  return {
    event: 'notice',
    code: 'INIT_STUDY_ID',
    message: `study.id is ${JSON.stringify(id)}, ${whence}. It is part of every identity and can never be changed after the first build.`,
    next: 'If STUDYID is another, change it in warehouse.yml before the first build.',
  };
}

/** @throws usage INIT_FROM where a file is something else than XML, such as CSV */
async function refuseOther(file: SourceFile): Promise<void> {
  const start = (await startOf(file, silent)).replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*/, '');
  if (start === '' || start.startsWith('<')) return;
  throw new WarehouseError({
    kind: 'usage',
    code: 'INIT_FROM',
    message: `${file.name} is no ODM file: it does not begin as XML does.`,
    next:
      'init takes ODM (.xml, .xml.gz, .xml.zip). Make the project from ODM files, or without --from, and add a CSV file in its ' +
      'warehouse.yml, under sources: "lab: { files: data/lab.csv, keys: [SUBJECT, TEST] }", where keys are the columns that identify a row.',
  });
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

/** The file at an absolute path, called as it was given. */
function sourceFile(from: readonly string[]): (path: string) => Promise<SourceFile> {
  return async (path) => {
    const name = from.find((given) => resolve(given) === path) ?? path;
    const found = await stat(path).catch(undefinedIfAbsent);
    if (found?.isFile()) return { name, path, size: found.size };
    const isFolder = found?.isDirectory() === true;
    throw new WarehouseError({
      kind: 'usage',
      code: 'INIT_FROM',
      message: isFolder ? `${name} is a folder, not a file.` : `There is no file ${name}.`,
      next: `Give --from the path of an ODM file${isFolder ? ' in it, once for each file' : ''}.`,
    });
  };
}

function undefinedIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

const ENDINGS = { none: '.xml', gzip: '.xml.gz', zip: '.xml.zip' };

/** A name for each copy that says its format, is the same on every system, and stands once, whatever the case. */
async function dataNames(files: readonly SourceFile[]): Promise<string[]> {
  const taken = new Set<string>();
  const names: string[] = [];
  for (const file of files) {
    const ending = ENDINGS[(await packingOf(file)) ?? 'none'];
    const stem =
      basename(file.path)
        .replace(/(\.xml)?(\.gz|\.zip)?$/i, '')
        .replace(/[^A-Za-z0-9._-]+/g, '_')
        .replace(/^\.+/, '') || 'edc';
    let name = `data/${stem}${ending}`;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `data/${stem}-${n}${ending}`;
    taken.add(name.toLowerCase());
    names.push(name);
  }
  return names;
}

async function write(root: string, texts: StarterFiles, copies: Readonly<Record<string, string>> = {}) {
  for (const path of [...Object.keys(texts), ...Object.keys(copies)]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
  }
  for (const [path, text] of Object.entries(texts)) await writeFile(join(root, path), text, { flag: 'wx' });
  for (const [path, from] of Object.entries(copies)) await copyFile(from, join(root, path), constants.COPYFILE_FICLONE);
  placeEditorSchemas(await loadProject(root));
  return { root, files: [...Object.keys(texts), ...Object.keys(copies)].sort() };
}
