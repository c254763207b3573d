import { posix } from 'node:path';
import type { ErrorPlace } from '../lib/errors.ts';
import { artifactFiles } from './artifact-files.ts';
import { DEFAULT_TARGET } from './choice.ts';
import { type Configuration, DEFAULT_PUBLICATION } from './configuration.ts';
import { externalFile, isExternal } from './external.ts';
import { PARTIAL } from './output-places.ts';
import type { Problem } from './problem.ts';
import type { Locate, ModelSource } from './project.ts';
import { propertyPlace } from './property-error.ts';
import { resolveTarget } from './target.ts';

/** A file or folder in target/ that the build of a target writes. */
interface Output {
  readonly what: string;
  readonly path: string;
  /** All that it takes: the path, and what lies beside it under names of its own for a while. */
  readonly places: readonly string[];
  /** The key of warehouse.yml, or the model, that says where it goes; of what nobody says, what it is. */
  readonly key: string;
  readonly place: ErrorPlace;
  /** Of which it is the file; absent where warehouse.yml says it. */
  readonly model?: string;
}

/**
 * Which of the files and folders that the targets write, all targets taken together, are one, or lie one in the other:
 * one build would overwrite what another has made, such as the blinded file with the unblinded one.
 */
export function outputProblems(
  configuration: Configuration,
  locate: Locate,
  models: readonly ModelSource[],
): Problem[] {
  const targets = [DEFAULT_TARGET, ...Object.keys(configuration.targets)];
  const outputs = [
    ...targets.flatMap((target) => [...artifactsOf(target), ...outputsOf(configuration, target, locate)]),
    ...targets.flatMap((target) => models.filter(isExternal).map((model) => outputOf(model, target))),
  ];
  // By key: what two publications share, they share under every target.
  const problems = new Map<string, Problem>();
  for (const [index, output] of outputs.entries()) {
    const other = outputs.slice(0, index).find((one) => areMixed(one, output));
    if (other === undefined) continue;
    const pair = output.model === undefined ? [other, output].sort(byPlace) : [other, output];
    const key = pair.map((one) => one.key).join();
    if (!problems.has(key)) problems.set(key, problemOf(pair[1], pair[0]));
  }
  return [...problems.values()];
}

function outputsOf(configuration: Configuration, target: string, locate: Locate): Output[] {
  const { publications, exports } = resolveTarget(configuration, target);
  const output = (what: string, path: string, key: readonly string[], beside = ['']): Output => {
    const places = beside.map((suffix) => folded(`${path}${suffix}`));
    return { what: `${what} of target ${target}`, path, places, key: key.join('.'), place: locate(key) };
  };
  const ownFile = target !== DEFAULT_TARGET && configuration.targets[target].file !== undefined;
  const files = publications.map(({ name, file }) => {
    const isOwn = ownFile && name === DEFAULT_PUBLICATION;
    const key = isOwn ? ['targets', target, 'file'] : ['publications', name, 'file'];
    return output(`publication ${name}`, file, key, BESIDE_DATABASE);
  });
  return [...files, output('export', exports.directory, ['exports', 'directory'])];
}

/** Where they go nobody says, so that what lies there is told at the place of the other. */
function artifactsOf(target: string): Output[] {
  return artifactFiles(target).map((path) => ({
    what: `${posix.basename(path)} for other tools, of target ${target},`,
    path,
    places: ['', PARTIAL].map((suffix) => folded(`${path}${suffix}`)),
    key: 'artifacts',
    place: { file: 'warehouse.yml' },
  }));
}

function outputOf(model: ModelSource, target: string): Output {
  const { name } = model;
  const file = externalFile(model, target);
  return {
    what: `file of ${name} for target ${target}`,
    path: file,
    places: [folded(file)],
    key: name,
    place: propertyPlace(model, ['location']),
    model: name,
  };
}

/** What is not written is located at what stands above it: of two, the later one is there to be changed. */
function byPlace({ place: a }: Output, { place: b }: Output): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** What DuckDB, and a build, put beside a database file: `.wal` and `.tmp`, also while it is not whole. */
const BESIDE_DATABASE = ['', PARTIAL].flatMap((suffix) => ['', '.wal', '.tmp'].map((own) => `${suffix}${own}`));

function areMixed(a: Output, b: Output): boolean {
  return a.places.some((one) => b.places.some((other) => isWithin(one, other) || isWithin(other, one)));
}

const isWithin = (path: string, folder: string) => `${path}/`.startsWith(`${folder}/`);

/** As file systems compare that do not heed case, or how an accent is written, or a dot or blank at the end of a name. */
function folded(path: string): string {
  return path
    .normalize('NFC')
    .toUpperCase()
    .toLowerCase()
    .replace(/[. ]+(?=\/|$)/g, '');
}

function problemOf(output: Output, other: Output): Problem {
  const isOne = folded(output.path) === folded(other.path);
  return {
    kind: 'usage',
    code: 'CONFIG_INVALID',
    message: `The ${output.what} goes to ${output.path}, and the ${other.what} to ${other.path}${isOne ? ', which is the same place' : ''}.`,
    place: output.place,
    next: isOne
      ? 'Each target and publication needs a file of its own: one build would overwrite what another has made.'
      : 'No file or folder of one may lie in that of another, nor where one has its .partial, .wal or .tmp file: one build would overwrite what another has made.',
  };
}
