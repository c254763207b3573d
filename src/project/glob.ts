import { entriesOf } from './files.ts';
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
 * @throws usage LINK_OUTSIDE for what is reached through a link that leads out of the project.
 */
export async function findFiles(root: string, patterns: readonly string[]): Promise<string[]> {
  const found = await Promise.all(patterns.map((pattern) => walk(root, '', splitPattern(pattern))));
  return [...new Set(found.flat())].sort();
}

const splitPattern = (pattern: string) => pattern.split('/').filter((segment) => segment !== '' && segment !== '.');

async function walk(root: string, folder: string, segments: readonly string[]): Promise<string[]> {
  const [segment, ...rest] = segments;
  const isLast = rest.length === 0;
  const found: string[] = [];
  for (const { name, isDirectory, isLink } of await entriesOf(root, folder, segment.startsWith('.'))) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (segment === '**') {
      // Links are not followed below `**`: they may lead in a circle.
      if (isDirectory && !isLink) found.push(...(await walk(root, path, segments)));
    } else if (matches(segment, name) && isDirectory !== isLast) {
      if (isLink) assertStaysInside(root, path);
      if (isLast) found.push(path);
      else found.push(...(await walk(root, path, rest)));
    }
  }
  if (segment === '**' && !isLast) found.push(...(await walk(root, folder, rest)));
  if (segment === '**' && isLast) found.push(...(await walk(root, folder, ['*'])));
  return found;
}
