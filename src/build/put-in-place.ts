import { lstatSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LedgerEntry } from '../audit/ledger.ts';
import type { FileActions } from '../audit/recorded-files.ts';
import { syncFile, syncFolder } from '../lib/disk.ts';
import { sha256IfThere } from '../lib/hash.ts';
import { misplaced } from '../project/output-places.ts';
import { type FormerFile, type Retired, sortOut } from './former-files.ts';
import type { Warehouse } from './warehouse.ts';

/** A file that was handed out and stays. */
export interface Staying {
  /** Its place, relative to the project. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** What the ledger is to say of it beside its size. */
  readonly meta?: LedgerEntry['meta'];
}

/** A file that is whole and lies beside its place. */
export interface Outgoing extends Staying {
  /** Where it lies. */
  readonly temporary: string;
}

/** What came of handing files out. */
interface Placement {
  /** The files, by path, that were in their places already with the bytes that they were to have. */
  readonly unchanged: ReadonlySet<string>;
  readonly retired: readonly Retired[];
}

/**
 * Renames files into their places and takes former ones away, and records it. One that is there already, byte for byte
 * and as the ledger last says, is left where it is, and nothing is recorded of it. What is about to change is recorded
 * before anything is touched, so that after a crash the ledger tells whose the files are that are found.
 *
 * @param former every file of this kind that stood before: what is neither outgoing nor kept goes, unless somebody has
 * changed it.
 * @param kept files that stay; what a run that was cut short had put there is recorded now.
 * @throws usage OUTPUT_PLACE where a folder stands in the place of a file; then nothing was done.
 */
export async function putInPlace(
  { project, ledger, correlationId, context }: Warehouse,
  actions: FileActions,
  outgoing: readonly Outgoing[],
  former: readonly FormerFile[],
  kept: readonly Staying[] = [],
): Promise<Placement> {
  const place = (path: string) => join(project.root, path);
  for (const { path } of outgoing) {
    const isFolder = statSync(place(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (isFolder) throw misplaced(path, 'is a folder, and a file is to go there');
  }
  const retired = await sortOut(
    project,
    actions,
    former,
    [...outgoing, ...kept].map(({ path }) => path),
  );
  const common = { correlationId, effect: 'done' } as const;
  const unchanged = await unchangedOf(project.root, outgoing, former);
  const coming = outgoing.filter(({ path }) => !unchanged.has(path));
  const known = new Map(former.map(({ path, hashes }) => [path, hashes]));
  const changing = coming.filter(({ path, sha256 }) => !known.get(path)?.includes(sha256));
  const leaving = retired.filter(({ now }) => now === 'removed');
  for (const { temporary } of coming) syncFile(temporary);
  await ledger.append([
    ...changing.map(({ path, sha256 }) => ({ ...common, action: actions.begin, object: path, after: sha256 })),
    ...leaving.map(({ path, sha256 }) => ({ ...common, action: actions.begin, object: path, before: sha256 })),
  ]);
  for (const { path, temporary } of coming) renameSync(temporary, place(path));
  for (const { path } of [...outgoing, ...kept]) context.onPlaced?.(path);
  for (const { path } of leaving) rmSync(place(path), { force: true });
  const folders = new Set([...coming, ...leaving].map(({ path }) => dirname(place(path))));
  for (const folder of folders) syncFolder(folder);
  await ledger.append([
    ...[...coming, ...(await unrecorded(project.root, kept, former))].map(({ path, sha256, bytes, meta }) => {
      return { ...common, action: actions.written, object: path, after: sha256, meta: { ...meta, bytes } };
    }),
    ...retired
      .filter(({ now }) => now !== 'changed')
      .map(({ path, sha256, now }) => {
        const meta = { found: now === 'removed' };
        return { ...common, action: actions.removed, object: path, before: sha256, meta };
      }),
  ]);
  return { unchanged, retired };
}

/** The files that stand in their places as the ledger says they were put there, and nothing begun with since. */
async function unchangedOf(
  root: string,
  outgoing: readonly Outgoing[],
  former: readonly FormerFile[],
): Promise<ReadonlySet<string>> {
  const settled = former.filter(({ known, isOpen }) => known === 'written' && !isOpen);
  const written = new Map(settled.map(({ path, hashes: [sha256] }) => [path, sha256]));
  const found = new Set<string>();
  for (const { path, sha256 } of outgoing) {
    const place = join(root, path);
    if (written.get(path) !== sha256 || !lstatSync(place, { throwIfNoEntry: false })?.isFile()) continue;
    if ((await sha256IfThere(place)) === sha256) found.add(path);
  }
  return found;
}

/** Of the files that stay, those that are in their place by a run which did not come to record them. */
async function unrecorded(
  root: string,
  kept: readonly Staying[],
  former: readonly FormerFile[],
): Promise<readonly Staying[]> {
  const begun = new Set(former.filter(({ isOpen }) => isOpen).map(({ path }) => path));
  const found: Staying[] = [];
  for (const file of kept.filter(({ path }) => begun.has(path))) {
    if ((await sha256IfThere(join(root, file.path))) === file.sha256) found.push(file);
  }
  return found;
}
