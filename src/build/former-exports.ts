import { existsSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CLEANED } from '../audit/recorded-hashes.ts';
import { sha256OfFile } from '../lib/hash.ts';
import { isDerived } from '../project/output-places.ts';
import type { Connection } from '../store/connection.ts';

/** A file that an export wrote, or that was published. */
export interface FormerExport {
  /** Relative to the project. */
  readonly path: string;
  readonly sha256: string;
}

/** What becomes of a file that is exported no more: taken away now, gone already, or kept because somebody changed it. */
export interface Retired extends FormerExport {
  readonly now: 'removed' | 'gone' | 'changed';
}

/** The exports that stand, by the rows of the ledger: written, and neither removed nor cleaned away since. */
export function formerExports(connection: Connection): Promise<FormerExport[]> {
  return standing(connection, 'export.write', 'export.remove');
}

/** The published files that stand, likewise. */
export function formerPublications(connection: Connection): Promise<FormerExport[]> {
  return standing(connection, 'publication', 'publication.remove');
}

async function standing(connection: Connection, written: string, removed: string): Promise<FormerExport[]> {
  return connection.rows<FormerExport & Record<string, string>>(
    `SELECT object AS path, arg_max(after_hash, sequence) AS sha256
     FROM audit.ledger
     WHERE action IN ($2, $3)
       AND sequence > coalesce((SELECT max(sequence) FROM audit.ledger WHERE action = $1), 0)
     GROUP BY object
     HAVING arg_max(action, sequence) = $2
     ORDER BY object`,
    [CLEANED, written, removed],
  );
}

/**
 * Removes those that are not among the current ones, unless somebody has changed them since.
 * @param current the files of the export that was just made, relative to the project.
 */
export async function retireExports(
  root: string,
  former: readonly FormerExport[],
  current: readonly string[],
): Promise<Retired[]> {
  // A name that was written with other capitals, or leads through a link, may be that of a current file.
  const real = (path: string) => realpathSync.native(join(root, path));
  const names = new Set(current);
  const places = new Set(current.map(real));
  const retired: Retired[] = [];
  for (const file of former) {
    if (names.has(file.path) || !isDerived(root, file.path)) continue;
    const path = join(root, file.path);
    const isGone = !existsSync(path) || places.has(real(file.path));
    const isSame = !isGone && (await sha256OfFile(path).catch(() => undefined)) === file.sha256;
    if (isSame) await rm(path);
    retired.push({ ...file, now: isGone ? 'gone' : isSame ? 'removed' : 'changed' });
  }
  return retired;
}
