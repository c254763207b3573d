import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerFiles } from '../audit/ledger.ts';
import { type RecordedHash, recordedHashes } from '../audit/recorded-hashes.ts';
import { MANIFEST } from '../export/manifest.ts';
import { sha256OfFile } from '../lib/hash.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import type { Check } from './verify.ts';
import { commandFor, ledgerDirectory, vaultOf } from './warehouse.ts';

/** Findings that are named one by one; of the others their number is told. */
const NAMED = 5;

/** The bytes of every sealed part, against their names. */
export async function checkVault(project: Project, connection: Connection): Promise<Check> {
  const vault = vaultOf(project);
  const parts = await connection.rows<{ sha256: string; name: string }>(
    `SELECT sha256, min(name) AS name FROM raw.part WHERE keep = 'sealed' GROUP BY sha256 ORDER BY name, sha256`,
  );
  const bad: string[] = [];
  for (const { sha256, name } of parts) {
    const found = await hashAt(vault.path(sha256));
    if (found !== sha256) bad.push(`the copy of ${name} ${found === undefined ? 'is missing' : 'was changed'}`);
  }
  if (bad.length === 0) return { name: 'vault', ok: true, detail: `${parts.length} files, as they arrived` };
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
    const found = await hashAt(join(project.root, name));
    if (found !== sha256) bad.push(`${name} ${found === undefined ? 'is gone' : 'was changed'} since it was loaded`);
  }
  const check = { name: 'referenced files', ok: true };
  if (bad.length === 0) return { ...check, detail: `${kept.length} files, as they were loaded` };
  const next = 'Put them back, or load them again. With keep: sealed the warehouse keeps the bytes itself.';
  return { ...check, detail: listed(bad), next };
}

interface Manifest {
  readonly files: readonly { path: string; sha256: string }[];
}

/** The exported files, against their manifest and against what the ledger says was written. */
export async function checkExports(project: Project): Promise<Check> {
  const { directory } = project.exports;
  const folder = join(project.root, directory);
  const name = 'exports';
  const next = `Run ${commandFor(project.target, 'build')}: it writes them again. If no build was interrupted, find out who changed them.`;
  if (!existsSync(join(folder, MANIFEST))) return { name, ok: true, detail: `there are none in ${directory}` };
  const manifest = readManifest(join(folder, MANIFEST));
  if (manifest === undefined) return { name, ok: false, detail: `${directory}/${MANIFEST} is damaged`, next };
  const recorded = await recordedHashes(ledgerFiles(ledgerDirectory(project)).ledger, ['export.write']);
  const bad: string[] = [];
  for (const { path, sha256 } of manifest.files) {
    const found = await hashAt(join(folder, path));
    const record = recorded.get(`${directory}/${path}`);
    if (found === undefined) bad.push(`${path} is missing`);
    else if (found !== sha256) bad.push(`${path} was changed`);
    else bad.push(...contradiction(path, found, record));
  }
  if (bad.length > 0) return { name, ok: false, detail: listed(bad), next };
  return { name, ok: true, detail: `${manifest.files.length} files, as written` };
}

/** The published files that are there, against what the ledger says was published. */
export async function checkPublished(project: Project): Promise<Check> {
  const recorded = await recordedHashes(ledgerFiles(ledgerDirectory(project)).ledger, ['publication']);
  const bad: string[] = [];
  const there: string[] = [];
  for (const { file } of project.publications) {
    const record = recorded.get(file);
    const found = record && (await hashAt(join(project.root, file)));
    if (found === undefined) continue;
    there.push(file);
    bad.push(...contradiction(file, found, record));
  }
  const name = 'published files';
  const next = `Run ${commandFor(project.target, 'build')}: it publishes again. If no build was interrupted, find out who changed them.`;
  if (bad.length > 0) return { name, ok: false, detail: listed(bad), next };
  return { name, ok: true, detail: there.length === 0 ? 'there are none' : `${there.join(', ')}, as published` };
}

function contradiction(path: string, found: string, record: RecordedHash | undefined): string[] {
  if (record === undefined || record.sha256 === found) return [];
  return [`${path} is not what record ${record.sequence} of the ledger says was written`];
}

function readManifest(path: string): Manifest | undefined {
  try {
    const { files } = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    const isFile = ({ path, sha256 }: Manifest['files'][number]) =>
      typeof path === 'string' && typeof sha256 === 'string';
    return files.every(isFile) ? { files } : undefined;
  } catch {
    return undefined;
  }
}

/** SHA-256 of a file; undefined where there is none that can be read. */
async function hashAt(path: string): Promise<string | undefined> {
  return sha256OfFile(path).catch(() => undefined);
}

function listed(findings: readonly string[]): string {
  const more = findings.length > NAMED ? [`${findings.length - NAMED} more`] : [];
  return [...findings.slice(0, NAMED), ...more].join(', ');
}
