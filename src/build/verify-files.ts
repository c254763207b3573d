import { join } from 'node:path';
import { ledgerFiles } from '../audit/ledger.ts';
import { EXPORTS, EXTERNALS, PUBLICATIONS, type RecordedFile, recordedFiles } from '../audit/recorded-files.ts';
import { MANIFEST, readManifest } from '../export/manifest.ts';
import { sha256IfThere } from '../lib/hash.ts';
import { listed } from '../lib/listed.ts';
import { FileHashes } from '../load/file-hashes.ts';
import { isDerived } from '../project/output-places.ts';
import type { Project } from '../project/project.ts';
import { counted } from '../report/figures.ts';
import type { Connection } from '../store/connection.ts';
import type { Check } from './check.ts';
import { commandFor, ledgerDirectory, vaultOf } from './warehouse.ts';

/** The bytes of every sealed part, against their names. */
export async function checkVault(project: Project, connection: Connection): Promise<Check> {
  const vault = vaultOf(project);
  const parts = await connection.rows<{ sha256: string; name: string }>(
    `SELECT sha256, min(name) AS name FROM raw.part WHERE keep = 'sealed' GROUP BY sha256 ORDER BY name, sha256`,
  );
  const bad: string[] = [];
  for (const { sha256, name } of parts) {
    const found = await sha256IfThere(vault.path(sha256));
    if (found !== sha256) bad.push(`the copy of ${name} ${found === undefined ? 'is missing' : 'was changed'}`);
  }
  if (bad.length === 0)
    return { name: 'vault', ok: true, detail: `${counted(parts.length, 'file')}, unchanged since arrival` };
  const next = 'Restore .warehouse/vault from a backup, or ask the sender for the files: their hashes are in raw.part.';
  return { name: 'vault', ok: false, detail: listed(bad), next };
}

/**
 * Files of sources that are kept by reference, against the hash of their last delivery. That one is gone proves no
 * tampering with the record, only that its bytes can no longer be shown: a note. What a later delivery of the same name
 * replaced, and sources kept as `none`, claim nothing.
 */
export async function checkReferences(project: Project, connection: Connection): Promise<Check | undefined> {
  const parts = await connection.rows<{ sha256: string; name: string; keep: string }>(
    `SELECT p.sha256, p.name, p.keep FROM raw.part p JOIN raw.delivery d USING (delivery_key)
     QUALIFY row_number() OVER (PARTITION BY d.source, p.name ORDER BY p.delivery_key DESC, p.ordinal DESC) = 1
     ORDER BY p.name`,
  );
  const kept = parts.filter(({ keep }) => keep === 'reference');
  if (kept.length === 0) return undefined;
  const bad: string[] = [];
  for (const { sha256, name } of kept) {
    const found = await sha256IfThere(join(project.root, name));
    if (found !== sha256) bad.push(`${name} ${found === undefined ? 'is gone' : 'was changed'} since it was loaded`);
  }
  const check = { name: 'referenced files', ok: true };
  if (bad.length === 0) return { ...check, detail: `${counted(kept.length, 'file')}, unchanged since loading` };
  const next = 'Put them back, or load them again. With keep: sealed the warehouse keeps the bytes itself.';
  return { ...check, detail: listed(bad), next };
}

/**
 * The files of sources whose hash builds do not take again: that they are what the file system says they are. A file that
 * it says is another is for the next build to take.
 */
export async function checkSourceFiles(project: Project, connection: Connection): Promise<Check | undefined> {
  const hashes = await FileHashes.read(connection);
  const bad: string[] = [];
  const trusted = hashes.trusted(project.root);
  for (const { name, sha256 } of trusted) {
    if ((await sha256IfThere(join(project.root, name))) !== sha256) bad.push(name);
  }
  if (trusted.length === 0) return undefined;
  const name = 'source files';
  if (bad.length === 0)
    return { name, ok: true, detail: `${counted(trusted.length, 'file')}, the bytes that builds took them for` };
  const detail = `${listed(bad)}: other bytes, though size and times are those of when its hash was taken`;
  return { name, ok: false, detail, next: 'Touch them and build again; and find out what wrote them so.' };
}

/**
 * The exported files and their manifest, as many as stand by the ledger, against the disk; and the manifest against the
 * ledger, for what it lists and the ledger does not know.
 */
export async function checkExports(project: Project): Promise<Check> {
  const name = 'exports';
  const { directory } = project.exports;
  const recorded = await recordedFiles(ledgerFiles(ledgerDirectory(project)).ledger, EXPORTS);
  const manifest = `${directory}/${MANIFEST}`;
  const bad = [
    ...(await differences(project, recorded)),
    ...(await unknownExports(project, recorded)).map((path) => `${path} is in no record of the ledger`),
  ];
  if (bad.length > 0) {
    const next = `Run ${commandFor(project.target, 'build')}: it writes them again. What is exported no more and was changed is yours to take away. If no build was interrupted, find out who changed them.`;
    return { name, ok: false, detail: listed(bad.map((one) => one.replaceAll(`${directory}/`, ''))), next };
  }
  const written = pathsWritten(recorded);
  if (written.length === 0) return { name, ok: true, detail: `there are none in ${directory}` };
  const files = written.filter((path) => path !== manifest).length;
  return { name, ok: true, detail: `${counted(files, 'file')}, as written` };
}

/** A manifest, and the files that it lists, of which no record tells. */
async function unknownExports(
  { root, exports: { directory } }: Project,
  recorded: ReadonlyMap<string, RecordedFile>,
): Promise<string[]> {
  const manifest = await readManifest(join(root, directory)).catch(() => 'damaged' as const);
  if (manifest === undefined) return [];
  const files = manifest === 'damaged' ? [] : manifest.files.map(({ path }) => path);
  return [MANIFEST, ...files].map((path) => `${directory}/${path}`).filter((path) => !recorded.has(path));
}

/** The files of external models, as many as stand by the ledger, against the disk; undefined where there are none. */
export async function checkExternals(project: Project): Promise<Check | undefined> {
  const recorded = await recordedFiles(ledgerFiles(ledgerDirectory(project)).ledger, EXTERNALS);
  if (recorded.size === 0) return undefined;
  const name = 'external files';
  const bad = await differences(project, recorded);
  const next = `Run ${commandFor(project.target, 'build')}: it writes them again. What no model writes any more and was changed is yours to take away. If no build was interrupted, find out who changed them.`;
  if (bad.length > 0) return { name, ok: false, detail: listed(bad), next };
  return { name, ok: true, detail: `${counted(pathsWritten(recorded).length, 'file')}, as written` };
}

/** The published files, as many as stand by the ledger, against the disk. */
export async function checkPublished(project: Project): Promise<Check> {
  const recorded = await recordedFiles(ledgerFiles(ledgerDirectory(project)).ledger, PUBLICATIONS);
  const name = 'published files';
  const bad = await differences(project, recorded);
  const next = `Run ${commandFor(project.target, 'build')}: it publishes again. If no build was interrupted, find out who changed them.`;
  if (bad.length > 0) return { name, ok: false, detail: listed(bad), next };
  const written = pathsWritten(recorded);
  return { name, ok: true, detail: written.length === 0 ? 'there are none' : `${written.join(', ')}, as published` };
}

function pathsWritten(recorded: ReadonlyMap<string, RecordedFile>): string[] {
  return [...recorded].filter(([, { written }]) => written !== undefined).map(([path]) => path);
}

/** What has become of files since the ledger recorded them. */
async function differences({ root }: Project, recorded: ReadonlyMap<string, RecordedFile>): Promise<string[]> {
  const bad: string[] = [];
  for (const [path, file] of [...recorded].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { sequence } = (file.written ?? file.begun)!;
    if (isDerived(root, path)) bad.push(...difference(path, file, await sha256IfThere(join(root, path))));
    else bad.push(`record ${sequence} of the ledger names ${path}, which is no place in target/`);
  }
  return bad;
}

function difference(path: string, { written, begun }: RecordedFile, found: string | undefined): string[] {
  if (found === written?.sha256) return [];
  // Nothing is known of a file in a place where a run was about to put one and did not come to it.
  if (begun !== undefined && found === (begun.after ?? undefined)) {
    const done = begun.after === null ? 'taken away' : 'put there';
    return [`${path} was ${done} by a run that was cut short (record ${begun.sequence} of the ledger)`];
  }
  if (written === undefined) return [];
  if (found === undefined) return [`${path} is missing`];
  return [`${path} is not what record ${written.sequence} of the ledger says was written`];
}
