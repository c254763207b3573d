import { lstatSync, realpathSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import { externalFiles } from './external.ts';
import { assertStaysInside, staysInside } from './links.ts';
import type { Project } from './project.ts';

/** What a published file is called, behind its name, until it is whole. */
export const PARTIAL = '.partial';

/** Where an exported file lies until it is whole: beside its place. */
export function partialOf(file: string): string {
  return posix.join(posix.dirname(file), `.${posix.basename(file)}${PARTIAL}`);
}

/**
 * Whether everything that a build of the target hands out can go where it is to go, before anything is done.
 *
 * @throws usage LINK_OUTSIDE; OUTPUT_PLACE where a file stands in the place of a folder, a folder in that of a file, or a
 *   link in that of a folder below `target/`.
 */
export function checkOutputPlaces(project: Project): void {
  const { root, publications, exports } = project;
  for (const { file } of publications) {
    checkFolder(root, posix.dirname(file));
    for (const place of [file, `${file}${PARTIAL}`]) {
      if (isFolder(root, place)) throw misplaced(place, 'is a folder, and a published file is to go there');
    }
  }
  for (const file of externalFiles(project)) {
    checkFolder(root, posix.dirname(file));
    for (const place of [file, partialOf(file)]) {
      if (!isFolder(root, place)) continue;
      throw misplaced(place, 'is a folder, and the file of a model is to go there', 'the properties of the model');
    }
  }
  for (const format of exports.formats) checkFolder(root, `${exports.directory}/${format}`);
}

const isFolder = (root: string, path: string) =>
  statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Whether a folder of outputs, relative to `root`, can be made and written to: each part of the way, as far as it is there.
 * @throws as `checkOutputPlaces`
 */
export function checkFolder(root: string, folder: string): void {
  const names = folder.split('/');
  for (let depth = 1; depth <= names.length; depth++) {
    const path = names.slice(0, depth).join('/');
    const found = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (found === undefined) return;
    if (found.isSymbolicLink()) checkLink(root, path);
    if (!statSync(join(root, path)).isDirectory()) throw misplaced(path, 'is a file, and a folder is to be there');
  }
}

/** Only `target` itself may be a link: by one below it, the output of one target would lie over that of another. */
function checkLink(root: string, path: string): void {
  assertStaysInside(root, path);
  const isRecord = /^\.warehouse(\/|$)/.test(posix.relative(realpathSync(root), realpathSync(join(root, path))));
  if (path !== 'target' || isRecord) throw misplaced(path, 'is a link, by which one output could lie over another');
}

/** Whether a path that was read somewhere is one that a build may have written: in target/, and by no link elsewhere. */
export function isDerived(root: string, path: string): boolean {
  return /^target\/./.test(path) && posix.normalize(path) === path && staysInside(root, posix.dirname(path));
}

/** @param says where it is said where the output goes */
export function misplaced(path: string, what: string, says = 'warehouse.yml'): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'OUTPUT_PLACE',
    message: `${path} ${what}.`,
    place: { file: path },
    next: `Move it away, or say in ${says} that the output goes elsewhere in target/.`,
  });
}
