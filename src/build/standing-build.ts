import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileState, isSettled } from '../lib/file-state.ts';
import { sha256Hex } from '../lib/hash.ts';
import { entriesOf } from '../project/files.ts';
import { filesThere } from '../project/glob.ts';
import type { Project } from '../project/project.ts';
import { SEEDS } from '../project/seed/seed-models.ts';
import { sourcePatterns } from '../project/seeds.ts';
import type { BuildResult } from './build.ts';
import { libraryVersion, toolVersion } from './tool-version.ts';

/** What a build is made from, as far as it can be told without opening the working file. */
export interface Surroundings {
  /** SHA-256 of the versions, of the project as it was understood, and of the state of each file that may be read. */
  readonly given: string;
  /** Whether a file that changes from now on will show it. */
  readonly isSettled: boolean;
}

/** A build after which all was up to date. */
interface Remembered {
  readonly given: string;
  /** The state of each file that it left: the working file, the ledger, and all in target/. */
  readonly left: string;
  /** What the next build comes to if nothing changes. */
  readonly result: BuildResult;
}

/** Looks around before a build, so that what changes while it runs counts as changed. */
export async function lookAround(project: Project): Promise<Surroundings> {
  const versions = [toolVersion(), libraryVersion(), process.version, process.env.SOURCE_DATE_EPOCH ?? null];
  const files = [...(await filesThere(project.root, WRITTEN)), ...(await readable(project))];
  const states = files.map((path) => [path, fileState(join(project.root, path))] as const);
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
  return {
    given: sha256Hex(JSON.stringify([versions, project, states], plain)),
    isSettled: files.every((path) => isSettled(join(project.root, path))),
  };
}

/**
 * What a build would come to, where the last one left all up to date and nothing has changed since: neither what it is
 * made from nor what it made.
 */
export async function standingBuild(project: Project, { given }: Surroundings): Promise<BuildResult | undefined> {
  const last = read(project);
  if (last?.given !== given || last.left !== (await leftBy(project))) return undefined;
  return last.result;
}

/** Keeps what the next build comes to if nothing changes. Call it with the working file closed. */
export async function rememberBuild(project: Project, { given }: Surroundings, result: BuildResult): Promise<void> {
  const remembered: Remembered = { given, left: await leftBy(project), result };
  writeFileSync(join(project.root, placeOf(project)), JSON.stringify(remembered));
}

const placeOf = ({ target }: Project) => `.warehouse/${target.name}.standing.json`;

/** One that was cut short, or that somebody has changed, is none. */
function read(project: Project): Remembered | undefined {
  try {
    return JSON.parse(readFileSync(join(project.root, placeOf(project)), 'utf8')) as Remembered;
  } catch {
    return undefined;
  }
}

/** Where the files lie of which all is in the project but what a template makes of them while models are built. */
const WRITTEN = ['warehouse.yml', 'models/**', 'macros/**', 'rules/**', 'qc/**', 'tests/**'];

/** The files of sources and seeds, and what lies beside them: a build tells of deliveries there that nobody claims. */
async function readable({ root, configuration }: Project): Promise<string[]> {
  const patterns = sourcePatterns(configuration);
  const found = await filesThere(root, [...patterns, 'data/**', `${SEEDS}/**`]);
  const folders = [...new Set([...patterns, ...found].map((path) => dirname(path)))];
  const beside = await Promise.all(folders.map((folder) => filesIn(root, folder)));
  return [...new Set([...found, ...beside.flat()])].sort();
}

async function leftBy({ root, target }: Project): Promise<string> {
  const ledger = await filesIn(root, `.warehouse/ledger/${target.name}`);
  const files = [
    target.workingFile,
    `${target.workingFile}.wal`,
    ...ledger,
    ...(await filesThere(root, ['target/**'])),
  ];
  return sha256Hex(JSON.stringify(files.map((path) => [path, fileState(join(root, path))])));
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const entries = await entriesOf(root, folder);
  return entries.filter(({ isFile }) => isFile).map(({ name }) => (folder === '.' ? name : `${folder}/${name}`));
}
