import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerFiles } from '../audit/ledger.ts';
import { type FileActions, hashesOf, recordedFiles, recordedFilesByRows } from '../audit/recorded-files.ts';
import { sha256IfThere } from '../lib/hash.ts';
import { isDerived } from '../project/output-places.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { recordedTargets } from './recorded-targets.ts';
import { ledgerDirectory } from './warehouse.ts';

/** A file that an export wrote, or that was published. */
export interface FormerFile {
  /** Relative to the project. */
  readonly path: string;
  /** The bytes that it may have, by SHA-256: more than one where a run was cut short. */
  readonly hashes: readonly string[];
  /** How it is known. One that is only begun with may never have come to its place. */
  readonly known: 'written' | 'begun' | 'by its manifest';
  /** Whether a run began with it, and did not come to record that it was done. */
  readonly isOpen?: boolean;
}

/** What becomes of a file that is handed out no more: taken away, gone already, or kept because somebody changed it. */
export interface Retired {
  readonly path: string;
  readonly sha256: string;
  readonly now: 'removed' | 'gone' | 'changed';
}

/** The files that stand by the rows of the ledger. */
export async function formerFiles(connection: Connection, actions: FileActions): Promise<FormerFile[]> {
  const recorded = await recordedFilesByRows(connection, actions);
  return [...recorded].map(([path, file]) => {
    const { written, begun } = file;
    return {
      path,
      hashes: hashesOf(file),
      known: written === undefined ? 'begun' : 'written',
      isOpen: begun !== undefined,
    };
  });
}

/**
 * What is to become of those that are not among the current ones. Nothing is touched.
 * @param current files that stay or come, relative to the project.
 */
export async function sortOut(
  project: Project,
  actions: FileActions,
  former: readonly FormerFile[],
  current: readonly string[],
): Promise<Retired[]> {
  const { root } = project;
  const names = new Set(current);
  const leaving = former.filter(({ path, hashes }) => !names.has(path) && hashes.length > 0 && isDerived(root, path));
  if (leaving.length === 0) return [];
  // A name that was written with other capitals, or leads through a link, may be that of a current file.
  const places = new Set(current.map((path) => placeOf(root, path)));
  const claims = await claimsOfOthers(project, actions);
  const retired: Retired[] = [];
  for (const file of leaving) {
    const place = placeOf(root, file.path);
    const found = place === undefined || places.has(place) ? undefined : await sha256IfThere(place);
    const claimed = claims.get(place) ?? [];
    const isOwn = found !== undefined && file.hashes.includes(found) && !claimed.includes(found);
    const isGone = place === undefined || places.has(place) || claimed.length > 0 || file.known === 'begun';
    const now = isOwn ? 'removed' : isGone ? 'gone' : 'changed';
    if (now === 'gone' && file.known === 'by its manifest') continue;
    retired.push({ path: file.path, sha256: isOwn ? found : file.hashes[0], now });
  }
  return retired;
}

/** The bytes that other targets have, by their ledgers, at places that are there: what one has left, another may use. */
async function claimsOfOthers(
  project: Project,
  actions: FileActions,
): Promise<ReadonlyMap<string | undefined, readonly string[]>> {
  const claims = new Map<string | undefined, string[]>();
  for (const other of recordedTargets(project)) {
    if (other.target.name === project.target.name) continue;
    const recorded = await recordedFiles(ledgerFiles(ledgerDirectory(other)).ledger, actions);
    for (const [path, file] of recorded) {
      const place = placeOf(project.root, path);
      if (place !== undefined) claims.set(place, [...(claims.get(place) ?? []), ...hashesOf(file)]);
    }
  }
  return claims;
}

function placeOf(root: string, path: string): string | undefined {
  const place = join(root, path);
  return existsSync(place) ? realpathSync.native(place) : undefined;
}
