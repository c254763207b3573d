import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../lib/canonical-json.ts';
import { WarehouseError } from '../lib/errors.ts';
import { sha256OfFile } from '../lib/hash.ts';
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

/** What this program names its exports; a manifest that lists anything else was written by someone else. */
const OWN_FILE = /^[a-z]+\/[a-z][a-z0-9_]*\.[a-z]+$/;

const file = z.strictObject({
  path: z.string().regex(OWN_FILE),
  format: z.string(),
  dataset: z.string(),
  rows: z.number(),
  columns: z.array(z.string()),
  bytes: z.number(),
  sha256: z.string(),
});

const schema: z.ZodType<ExportManifest> = z.strictObject({
  files: z.array(file),
  models: z.record(z.string(), z.string()),
  sources: z.array(z.strictObject({ source: z.string(), name: z.string(), sha256: z.string(), bytes: z.number() })),
  versions: z.strictObject({ warehouse: z.string(), duckdb: z.string() }),
});

/** The manifest of a directory; undefined where there is none. @throws data EXPORT_MANIFEST if it cannot be read. */
export async function readManifest(directory: string): Promise<ExportManifest | undefined> {
  const text = await readFile(join(directory, MANIFEST), 'utf8').catch(nothingIfAbsent);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw manifestError('is not one that warehouse wrote', cause);
  }
}

function nothingIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

/**
 * The manifest after an export of some datasets: their files and fingerprints as they are now, all others as they were.
 * @throws data EXPORT_MANIFEST where the others were written by another version: one manifest tells one.
 */
export function mergeManifest(before: ExportManifest, now: ExportManifest): ExportManifest {
  const { warehouse, duckdb } = before.versions;
  if (warehouse !== now.versions.warehouse || duckdb !== now.versions.duckdb) {
    throw manifestError(`is of an export by warehouse ${warehouse} with DuckDB ${duckdb}`);
  }
  const files = new Map([...before.files, ...now.files].map((one) => [one.path, one]));
  const inOrder = [...files.values()].sort((a, b) => (a.dataset < b.dataset ? -1 : a.dataset > b.dataset ? 1 : 0));
  return { ...now, files: inOrder, models: { ...before.models, ...now.models } };
}

function manifestError(what: string, cause?: unknown): WarehouseError {
  return new WarehouseError({
    kind: 'data',
    code: 'EXPORT_MANIFEST',
    message: `${MANIFEST} of the exports ${what}, so nothing can be added to it.`,
    next: 'Export all datasets: warehouse export without --select.',
    cause,
  });
}

/** Writes `manifest.json` in canonical JSON (RFC 8785), in place of the one before. */
export async function writeManifest(directory: string, manifest: ExportManifest): Promise<void> {
  const temporary = join(directory, `.${MANIFEST}.partial`);
  await writeFile(temporary, canonicalJson(manifest));
  await rename(temporary, join(directory, MANIFEST));
}

/** Removes the files that the manifest before lists and this one does not, unless somebody has changed them since. */
export async function removeFormerFiles(
  directory: string,
  before: ExportManifest,
  now: ExportManifest,
): Promise<ExportedFile[]> {
  const current = new Set(now.files.map(({ path }) => path));
  const removed: ExportedFile[] = [];
  for (const former of before.files.filter(({ path }) => !current.has(path))) {
    const path = join(directory, former.path);
    const hash = await sha256OfFile(path).catch(nothingIfAbsent);
    if (hash !== former.sha256) continue;
    await rm(path);
    removed.push(former);
  }
  return removed;
}
