import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';
import { allEntriesOf, type Entry } from './files.ts';
import { assertStaysInside } from './links.ts';

/** `*` and `?` as in file names: neither crosses a `/`. */
export function matches(pattern: string, name: string): boolean {
  return segmentRegExp(pattern).test(name);
}

function segmentRegExp(pattern: string): RegExp {
  const body = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${body}$`, 'u');
}

/**
 * The files that match any of the patterns: paths relative to `root`, each once, in code-unit order. `*` and `?` stay
 * within a name, `**` is any number of folders; a pattern never matches a hidden name unless it spells its dot.
 * @throws usage LINK_OUTSIDE for what is reached through a link that leads out of the project, or nowhere; NOT_A_FILE
 * for what matches and cannot be read as a file. Folders are passed over, unless the pattern spells their names.
 */
export function findFiles(root: string, patterns: readonly string[]): Promise<string[]> {
  return matching(root, patterns, true);
}

/**
 * The same for a look at what is there, where nobody has said that it is to be read: what is no file is passed over.
 * @throws usage LINK_OUTSIDE for what is reached through a link that leads out of the project.
 */
export function filesThere(root: string, patterns: readonly string[]): Promise<string[]> {
  return matching(root, patterns, false);
}

async function matching(root: string, patterns: readonly string[], areMeant: boolean): Promise<string[]> {
  const found = await Promise.all(patterns.map((pattern) => walk({ root, areMeant }, '', splitPattern(pattern))));
  return [...new Set(found.flat())].sort();
}

const splitPattern = (pattern: string) => pattern.split('/').filter((segment) => segment !== '' && segment !== '.');

interface Search {
  readonly root: string;
  /** Whether all that matches is meant to be read. */
  readonly areMeant: boolean;
}

async function walk(search: Search, folder: string, segments: readonly string[]): Promise<string[]> {
  const [segment, ...rest] = segments;
  const isLast = rest.length === 0;
  const found: string[] = [];
  for (const entry of await allEntriesOf(search.root, folder, segment.startsWith('.'))) {
    const { name, isDirectory, isLink } = entry;
    const path = folder === '' ? name : `${folder}/${name}`;
    if (segment === '**') {
      // Links are not followed below `**`: they may lead in a circle.
      if (isDirectory && !isLink) found.push(...(await walk(search, path, segments)));
    } else if (matches(segment, name)) {
      if (isLast && isMatch(search, path, entry, segment)) found.push(path);
      if (!isLast && leadsOn(search, path, entry)) found.push(...(await walk(search, path, rest)));
    }
  }
  if (segment === '**' && !isLast) found.push(...(await walk(search, folder, rest)));
  if (segment === '**' && isLast) found.push(...(await walk(search, folder, ['*'])));
  return found;
}

function isMatch({ root, areMeant }: Search, path: string, entry: Entry, segment: string): boolean {
  const { isFile, isDirectory, isLink } = entry;
  if (isDirectory && (!areMeant || /[*?]/.test(segment))) return false;
  if (isLink && (isFile || areMeant)) assertStaysInside(root, path);
  if (!isFile && areMeant) throw notAFile(root, path);
  return isFile;
}

function leadsOn({ root, areMeant }: Search, path: string, { isFile, isDirectory, isLink }: Entry): boolean {
  const leadsNowhere = !isFile && !isDirectory;
  if (isLink && (isDirectory || (areMeant && leadsNowhere))) assertStaysInside(root, path);
  return isDirectory;
}

function notAFile(root: string, path: string): WarehouseError {
  const there = statSync(join(root, path));
  const next = there.isDirectory()
    ? `Name the files in it, such as ${path}/*, or put the file itself in its place.`
    : 'Put a file in its place, or name the files so that it is none of them.';
  return new WarehouseError({
    kind: 'usage',
    code: 'NOT_A_FILE',
    message: `${path} is ${kindOf(there)}, and a file is meant.`,
    place: { file: path },
    next: `Nothing was loaded. ${next}`,
  });
}

/** In words, what stands there. */
export function kindOf(there: Stats): string {
  if (there.isDirectory()) return 'a folder';
  if (there.isFIFO()) return 'a named pipe';
  return there.isSocket() ? 'a socket' : 'a device';
}
