import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileState, isSettled } from '../lib/file-state.ts';
import { sha256Hex } from '../lib/hash.ts';
import { type ProjectChoice, workingFileOf } from '../project/choice.ts';
import { entriesOf } from '../project/files.ts';
import { filesThere } from '../project/glob.ts';
import { SEEDS } from '../project/seeds.ts';
import type { BuildResult } from './build.ts';
import { libraryVersion, toolVersion } from './tool-version.ts';

/** Files of a project as they were at one moment. */
export interface Look {
  readonly paths: readonly string[];
  /** SHA-256 of what was looked at: the state of each file, and what beside files counts. */
  readonly given: string;
  /** Whether a file that changes from then on will show it. */
  readonly isSettled: boolean;
}

/** What a build reads: what makes the project, and the files that its sources and its SQL may read. */
export interface Surroundings {
  readonly written: Look;
  readonly read: Look;
  /** Of the files of all sources. */
  readonly patterns: readonly string[];
}

/** A build after which all was up to date. */
interface Remembered {
  readonly written: string;
  readonly read: string;
  readonly patterns: readonly string[];
  /** The state of each file that it left: the working file, the ledger, and all in target/. */
  readonly left: string;
  /** What the next build comes to if nothing changes. */
  readonly result: BuildResult;
}

/**
 * Where the files lie that make a project, and nothing else does. Links to folders are followed, as they are when it is
 * read, but not below `**`.
 */
const WRITTEN = [
  'warehouse.yml',
  'models/**',
  'models/*/*',
  'models/*/*/*',
  `${SEEDS}/**`,
  'macros/*',
  'rules/*',
  'qc/*',
  'tests/**',
  'tests/*/*',
];

/** What lies in the way of looking around is told by the build, if it is in its way too. */
export const orNone = <Result>(work: Promise<Result>): Promise<Result | undefined> => work.catch(() => undefined);

/** Looks at all that makes a project, before it is read: what changes after that counts as changed. */
export async function lookAtWritten({ root, target }: ProjectChoice): Promise<Look> {
  const versions = [toolVersion(), libraryVersion(), process.version, process.env.SOURCE_DATE_EPOCH ?? null];
  return lookAt(root, await filesThere(root, WRITTEN), [versions, root, target]);
}

/** Looks at the files of sources and seeds, and at what lies beside them: a build tells of deliveries there that nobody claims. */
export async function lookAtRead({ root }: ProjectChoice, patterns: readonly string[]): Promise<Look> {
  const found = await filesThere(root, [...patterns, 'data/**']);
  const folders = [...new Set([...patterns, ...found].map((path) => dirname(path)))];
  const beside = await Promise.all(folders.map((folder) => filesIn(root, folder)));
  return lookAt(root, [...new Set([...found, ...beside.flat()])].sort());
}

function lookAt(root: string, paths: readonly string[], beside: readonly unknown[] = []): Look {
  return {
    paths,
    given: sha256Hex(JSON.stringify([beside, statesOf(root, paths)])),
    isSettled: paths.every((path) => isSettled(join(root, path))),
  };
}

const statesOf = (root: string, paths: readonly string[]) => paths.map((path) => [path, fileState(join(root, path))]);

/**
 * What a build would come to, where the last one left all up to date and nothing has changed since: neither what it is
 * made from nor what it made.
 */
export async function standingBuild(choice: ProjectChoice, written: Look): Promise<BuildResult | undefined> {
  const last = read(choice);
  if (last?.written !== written.given) return undefined;
  if (last.read !== (await lookAtRead(choice, last.patterns)).given) return undefined;
  return last.left === (await leftBy(choice)) ? last.result : undefined;
}

/** Keeps what the next build comes to if nothing changes. Call it with the working file closed. */
export async function rememberBuild(choice: ProjectChoice, before: Surroundings, result: BuildResult): Promise<void> {
  const { written, read, patterns } = before;
  const left = await leftBy(choice);
  const remembered: Remembered = { written: written.given, read: read.given, patterns, left, result };
  writeFileSync(placeOf(choice), JSON.stringify(remembered));
}

const placeOf = ({ root, target }: ProjectChoice) => join(root, `.warehouse/${target}.standing.json`);

/** One that was cut short, or that somebody has changed, is none; nor has a target one that cannot be a target. */
function read(choice: ProjectChoice): Remembered | undefined {
  if (basename(choice.target) !== choice.target) return undefined;
  try {
    return JSON.parse(readFileSync(placeOf(choice), 'utf8')) as Remembered;
  } catch {
    return undefined;
  }
}

async function leftBy({ root, target }: ProjectChoice): Promise<string> {
  const ledger = await filesIn(root, `.warehouse/ledger/${target}`);
  const workingFile = workingFileOf(target);
  const outputs = await filesThere(root, ['target/**']);
  return sha256Hex(JSON.stringify(statesOf(root, [workingFile, `${workingFile}.wal`, ...ledger, ...outputs])));
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const entries = await entriesOf(root, folder);
  return entries.filter(({ isFile }) => isFile).map(({ name }) => (folder === '.' ? name : `${folder}/${name}`));
}
