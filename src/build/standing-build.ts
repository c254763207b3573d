import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileState, isSettled } from '../lib/file-state.ts';
import { sha256Hex } from '../lib/hash.ts';
import { type ProjectChoice, workingFileOf } from '../project/choice.ts';
import { EDITOR_SCHEMAS } from '../project/editor-line.ts';
import { entriesOf } from '../project/files.ts';
import { filesThere, findFiles } from '../project/glob.ts';
import { throwIfAny } from '../project/problem.ts';
import { TEXT_FOLDERS, textFiles } from '../project/text-files.ts';
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
  /** The files of target/ that are this target's. */
  readonly outputs: readonly string[];
  /** The state of each file that it left: these, the working file, the ledger, and the schemas for editors. */
  readonly left: string;
  /** What the next build comes to if nothing changes. */
  readonly result: BuildResult;
}

/** What lies in the way of looking around is told by the build, if it is in its way too. */
export const orNone = <Result>(work: Promise<Result>): Promise<Result | undefined> => work.catch(() => undefined);

/**
 * Looks at all that makes a project, before it is read: what changes after that counts as changed.
 * @throws usage LINK_OUTSIDE, NOT_A_FILE
 */
export async function lookAtWritten({ root, target }: ProjectChoice): Promise<Look> {
  const versions = [toolVersion(), libraryVersion(), process.version, process.env.SOURCE_DATE_EPOCH ?? null];
  const found = await Promise.all(TEXT_FOLDERS.map((folder) => textFiles(root, folder)));
  throwIfAny(found.flatMap(({ problems }) => problems));
  const paths = ['warehouse.yml', ...found.flatMap((one) => one.paths)];
  return lookAt(root, paths, [versions, root, target]);
}

/**
 * Looks at the files of sources and seeds, and at what lies beside them: a build tells of deliveries there that nobody claims.
 * @throws usage LINK_OUTSIDE, NOT_A_FILE
 */
export async function lookAtRead({ root }: ProjectChoice, patterns: readonly string[]): Promise<Look> {
  const found = [...(await findFiles(root, patterns)), ...(await filesThere(root, ['data/**']))];
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
  return last.left === (await leftBy(choice, last.outputs)) ? last.result : undefined;
}

/** What a build came to. */
interface Outcome {
  /** What the next one comes to if nothing changes. */
  readonly result: BuildResult;
  /** The state of each file that was handed over, when it was in its place. */
  readonly placed: ReadonlyMap<string, string | undefined>;
  /** Further files of target/ that are this target's. */
  readonly others: readonly string[];
}

/**
 * Keeps what the next build comes to if nothing changes, unless somebody has touched what was handed over since it was.
 * Call it with the working file closed.
 */
export async function rememberBuild(choice: ProjectChoice, before: Surroundings, outcome: Outcome): Promise<void> {
  const { written, read, patterns } = before;
  const { result, placed, others } = outcome;
  if ([...placed].some(([path, state]) => state !== fileState(join(choice.root, path)))) return;
  const outputs = [...placed.keys(), ...others].sort();
  const left = await leftBy(choice, outputs);
  const remembered: Remembered = { written: written.given, read: read.given, patterns, outputs, left, result };
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

async function leftBy({ root, target }: ProjectChoice, outputs: readonly string[]): Promise<string> {
  const ledger = await filesIn(root, `.warehouse/ledger/${target}`);
  const schemas = await filesIn(root, EDITOR_SCHEMAS);
  const workingFile = workingFileOf(target);
  const paths = [workingFile, `${workingFile}.wal`, ...ledger, ...schemas, ...outputs];
  return sha256Hex(JSON.stringify(statesOf(root, paths)));
}

async function filesIn(root: string, folder: string): Promise<string[]> {
  const entries = await entriesOf(root, folder);
  return entries.filter(({ isFile }) => isFile).map(({ name }) => (folder === '.' ? name : `${folder}/${name}`));
}
