import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { ExportedFile } from './exported-file.ts';

export const MANIFEST = 'manifest.json';

/**
 * What `manifest.json` says beside the files: where they come from. The same inputs give the same manifest on any
 * machine, so neither clock nor host nor the version of node is in it.
 */
export interface ExportManifest {
  readonly files: readonly ExportedFile[];
  /** Fingerprint of each model whose dataset was exported, by its name: `sdtm.ae`. */
  readonly models: Readonly<Record<string, string>>;
  /** The parts of the deliveries that the datasets come from. */
  readonly sources: readonly ManifestSource[];
  readonly versions: { readonly warehouse: string; readonly duckdb: string };
}

export interface ManifestSource {
  readonly source: string;
  /** Relative to the project, with forward slashes. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What this program names its exports; anything else in an old manifest was put there by someone else. */
const OWN_FILE = /^[a-z]+\/[a-z][a-z0-9_]*\.[a-z]+$/;

/**
 * Writes `manifest.json` in canonical JSON (RFC 8785), in place of the one before, and removes the files that the one
 * before listed and this one does not.
 */
export async function writeManifest(directory: string, manifest: ExportManifest): Promise<void> {
  const path = join(directory, MANIFEST);
  const current = new Set(manifest.files.map((file) => file.path));
  const stale = (await listedFiles(path)).filter((file) => !current.has(file));
  const temporary = join(directory, `.${MANIFEST}.partial`);
  await writeFile(temporary, canonicalJson(manifest));
  await rename(temporary, path);
  for (const file of stale) await rm(join(directory, file), { force: true });
}

async function listedFiles(path: string): Promise<string[]> {
  try {
    const { files } = JSON.parse(await readFile(path, 'utf8')) as { files: { path: string }[] };
    return files.map((file) => file.path).filter((file) => OWN_FILE.test(file));
  } catch {
    return [];
  }
}
