import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findSigningKey } from '../audit/signing-key.ts';
import { noFiles } from '../load/pending/no-files.ts';
import { findFiles } from '../project/glob.ts';
import type { Project } from '../project/project.ts';
import type { Source } from '../project/source.ts';
import { bytes, counted } from '../report/figures.ts';
import { findIdentities } from './age-identity.ts';
import type { DebugCheck } from './check.ts';
import type { Machine } from './debug-machine.ts';

/**
 * The files of a source.
 * @param delivered the sources that have delivered something; undefined where that is not known.
 * @throws usage SOURCE_NO_FILES, LINK_OUTSIDE, NOT_A_FILE
 */
export async function sourcesCheck(
  project: Project,
  source: Source,
  delivered: ReadonlySet<string> | undefined,
): Promise<DebugCheck> {
  const name = `source ${source.name}`;
  const files = await findFiles(project.root, source.files);
  if (files.length > 0) {
    const size = files.reduce((sum, file) => sum + statSync(join(project.root, file)).size, 0);
    return { name, ok: true, detail: `${counted(files.length, 'file')} of format ${source.format}, ${bytes(size)}` };
  }
  if (delivered === undefined) {
    return {
      name,
      ok: true,
      detail: 'no file; whether it has delivered is not known while the working file cannot be opened',
    };
  }
  const hasDelivered = delivered.has(source.name);
  await noFiles(project, source, hasDelivered);
  return { name, ok: true, detail: hasDelivered ? 'no file; what it delivered stands' : 'no file yet: it is optional' };
}

/** What commands write: the folders themselves, or what they would be made in. */
export function foldersCheck({ root }: Pick<Project, 'root'>): DebugCheck {
  const folders = ['.warehouse', 'target'];
  for (const folder of folders) accessSync(nearestThere(join(root, folder)), constants.W_OK | constants.X_OK);
  return { name: 'folders', ok: true, detail: `${folders.join('/ and ')}/ can be written` };
}

const nearestThere = (path: string): string => (existsSync(path) ? path : nearestThere(dirname(path)));

/** Free room, against what a build may write: a copy of each publication, and as much again in the working file. */
export function diskCheck(project: Project): DebugCheck {
  const { root, target, publications } = project;
  const { bavail, bsize } = statfsSync(root);
  const free = bavail * bsize;
  const size = statSync(join(root, target.workingFile), { throwIfNoEntry: false })?.size ?? 0;
  const needed = size * (publications.length + 1);
  const detail = `${bytes(free)} are free; a build may take ${bytes(needed)}, beside what new files bring`;
  if (free >= needed) return { name: 'disk', ok: true, detail };
  return { name: 'disk', ok: false, kind: 'fault', detail, next: 'Make room on the disk of the project.' };
}

/** The keys that warehouse.yml and the environment name. None of them is shown. */
export async function keysCheck(project: Project, environment: Machine['environment']): Promise<DebugCheck> {
  const identities = await findIdentities(undefined, environment);
  const signer = await findSigningKey(environment, undefined, project.name);
  const { recipients } = project.quarantine;
  const said = [
    recipients.length === 0
      ? 'quarantine: not encrypted'
      : `quarantine: encrypted to ${counted(recipients.length, 'recipient')}`,
    identities.length === 0 ? 'no identity in WAREHOUSE_AGE_IDENTITY' : 'an identity in WAREHOUSE_AGE_IDENTITY',
    signer === undefined ? 'no key that signs checkpoints' : 'a key that signs checkpoints',
  ];
  return { name: 'keys', ok: true, detail: said.join('; ') };
}

const NOT_FOR_GIT = ['.warehouse', 'target'];

/**
 * Whether version control leaves out the record, which holds data of subjects, and what is derived. Only .gitignore files
 * from the project up to the top of the clone are read; git may have been told elsewhere, so it is worth a note only.
 */
export function gitCheck({ root }: Pick<Project, 'root'>): DebugCheck {
  const name = 'git';
  const folders = upTo(root);
  if (folders === undefined) return { name, ok: true, detail: 'the project is under no version control by git' };
  const lines = folders.flatMap((folder) => linesOf(join(folder, '.gitignore')));
  const open = NOT_FOR_GIT.filter((entry) => !lines.some((line) => line.replace(/^\/|\/$/g, '') === entry));
  if (open.length === 0) return { name, ok: true, detail: 'leaves out .warehouse/ and target/' };
  const detail = `no .gitignore names ${open.map((entry) => `${entry}/`).join(' or ')}`;
  return { name, ok: true, detail, next: 'Add it, so that no data of subjects gets into version control.' };
}

/** The folders from one up to that of the clone; undefined where there is none. */
function upTo(folder: string): string[] | undefined {
  if (existsSync(join(folder, '.git'))) return [folder];
  const above = dirname(folder) === folder ? undefined : upTo(dirname(folder));
  return above && [folder, ...above];
}

function linesOf(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim());
}
