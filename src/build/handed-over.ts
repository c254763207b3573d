import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST } from '../export/manifest.ts';
import type { WarehouseError } from '../lib/errors.ts';
import { fileState } from '../lib/file-state.ts';
import { sha256Hex } from '../lib/hash.ts';
import type { ModelSource, Project } from '../project/project.ts';
import { DUCKDB_VERSION } from '../store/warehouse-file.ts';
import type { HandedOverFile } from './exports.ts';
import { toolVersion, workingFile } from './warehouse.ts';

/** Why something was not exported or not published. */
interface Withheld {
  /** One sentence or two, for people. */
  readonly reason: string;
  /** What went wrong; absent where it was only not up to date. */
  readonly error?: WarehouseError;
}

export interface HandedOver {
  readonly exports: readonly HandedOverFile[];
  readonly publications: readonly { name: string; path: string }[];
  readonly withheld?: Withheld;
}

/** The last handing over, as it was when it was done. */
interface Remembered {
  /** SHA-256 of all that says what is handed over, and how. */
  readonly asked: string;
  /** By path from the project: the working file, and each file that was handed over. */
  readonly files: Readonly<Record<string, string>>;
  readonly handedOver: HandedOver;
}

/**
 * What was handed over last, if it would be handed over again just so: the working file is as it was left then, and so
 * is every file that came of it; the same is asked for, of the same versions. Call it with the working file closed.
 */
export function standingHandOver(project: Project, models: readonly ModelSource[]): HandedOver | undefined {
  const last = read(project);
  if (last === undefined || last.asked !== asked(project, models)) return undefined;
  if (existsSync(`${workingFile(project)}.wal`)) return undefined;
  const stands = Object.entries(last.files).every(([path, state]) => fileState(join(project.root, path)) === state);
  if (!stands) return undefined;
  const { exports, publications } = last.handedOver;
  return { exports: exports.map((file) => ({ ...file, unchanged: true })), publications };
}

/** Keeps what was handed over for `standingHandOver`. Call it with the working file closed. */
export function rememberHandOver(project: Project, models: readonly ModelSource[], handedOver: HandedOver): void {
  const { exports, publications } = handedOver;
  const exported = exports.length === 0 ? [] : [...exports.map(({ path }) => path), manifestOf(project)];
  const paths = [project.target.workingFile, ...publications.map(({ path }) => path), ...exported];
  const states = paths.map((path) => [path, fileState(join(project.root, path))]);
  const remembered = { asked: asked(project, models), files: Object.fromEntries(states), handedOver };
  writeFileSync(placeOf(project), JSON.stringify(remembered));
}

/** What is about to be handed over is not what was. */
export function forgetHandOver(project: Project): void {
  rmSync(placeOf(project), { force: true });
}

const placeOf = ({ root, target }: Project) => join(root, '.warehouse', `${target.name}.handed-over.json`);

const manifestOf = ({ exports }: Project) => `${exports.directory}/${MANIFEST}`;

/** A file that was cut short, or that somebody has changed, is none. */
function read(project: Project): Remembered | undefined {
  try {
    return JSON.parse(readFileSync(placeOf(project), 'utf8')) as Remembered;
  } catch {
    return undefined;
  }
}

function asked({ configuration, target }: Project, models: readonly ModelSource[]): string {
  const said = models.map(({ name, properties }) => [name, properties]);
  const versions = [toolVersion(), DUCKDB_VERSION, process.env.SOURCE_DATE_EPOCH ?? null];
  const all = [versions, target, configuration, said];
  return sha256Hex(JSON.stringify(all, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)));
}
