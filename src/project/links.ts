import { readlinkSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { WarehouseError } from '../lib/errors.ts';

/**
 * Refuses a symbolic link that leads out of the project, and one that leads nowhere: what a project reads and writes
 * lies in its folder. Links within it are as good as what they lead to.
 *
 * @param link relative to `root`.
 * @throws usage LINK_OUTSIDE
 */
export function assertStaysInside(root: string, link: string): void {
  const end = endOf(join(root, link));
  if (end !== undefined && isWithin(root, end)) return;
  const where =
    end === undefined ? `${readlinkSync(join(root, link))}, which is not there` : `${end}, outside the project`;
  throw new WarehouseError({
    kind: 'usage',
    code: 'LINK_OUTSIDE',
    message: `${link} is a link to ${where}.`,
    place: { file: link },
    next: 'Put the file or folder itself in its place: a project reads and writes nothing outside its own folder.',
  });
}

/** Whether a file or folder, links followed, lies in the project; what is not there does. */
export function staysInside(root: string, path: string): boolean {
  const end = endOf(join(root, path));
  return end === undefined || isWithin(root, end);
}

/** What the file system says of what is not there, and of links in a circle. */
const LEADS_NOWHERE: ReadonlySet<string> = new Set(['ENOENT', 'ELOOP']);

function endOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (LEADS_NOWHERE.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function isWithin(root: string, path: string): boolean {
  const way = relative(realpathSync(root), path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
