import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../lib/canonical-json.ts';
import { WarehouseError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/hash.ts';
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
  /** The parts of the deliveries that the datasets come from: those that stand, and those with definitions in force. */
  readonly sources: readonly ManifestSource[];
  /** The files of data/ that models read without a delivery, as they were when they were read. */
  readonly seeds: readonly ManifestSeed[];
  readonly versions: { readonly warehouse: string; readonly duckdb: string };
}

export interface ManifestSource {
  readonly source: string;
  /** Relative to the project, with forward slashes. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface ManifestSeed {
  /** Relative to the project, with forward slashes. */
  readonly name: string;
  readonly sha256: string;
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
  seeds: z.array(z.strictObject({ name: z.string(), sha256: z.string() })).default([]),
  versions: z.strictObject({ warehouse: z.string(), duckdb: z.string() }),
});

/**
 * The manifest of a directory; undefined where there is none.
 * @param own the SHA-256 that the ledger knows it by, where only that will do.
 * @throws data EXPORT_MANIFEST if it cannot be read, or is another.
 */
export async function readManifest(directory: string, own?: readonly string[]): Promise<ExportManifest | undefined> {
  const content = await readFile(join(directory, MANIFEST)).catch(nothingIfAbsent);
  if (content === undefined) {
    if (own !== undefined && own.length > 0) throw manifestError('is missing');
    return undefined;
  }
  if (own !== undefined && !own.includes(sha256Hex(content))) throw manifestError('was changed since it was written');
  try {
    return schema.parse(JSON.parse(content.toString('utf8')));
  } catch (cause) {
    throw manifestError('is not one that warehouse wrote', cause);
  }
}

function nothingIfAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

/**
 * The manifest after an export of some datasets: theirs, and the files of others that stay.
 *
 * @param now with the fingerprints of the others too: a file stays under what it was made from.
 * @param kept which files of the one before stay.
 * @throws data EXPORT_MANIFEST where the others were written by another version: one manifest tells one.
 */
export function mergeManifest(
  before: ExportManifest,
  now: ExportManifest,
  kept: readonly ExportedFile[],
): ExportManifest {
  const { warehouse, duckdb } = before.versions;
  if (warehouse !== now.versions.warehouse || duckdb !== now.versions.duckdb) {
    throw manifestError(`is of an export by warehouse ${warehouse} with DuckDB ${duckdb}`);
  }
  const files = [...now.files, ...kept];
  return { ...now, files: files.sort((a, b) => (a.dataset < b.dataset ? -1 : a.dataset > b.dataset ? 1 : 0)) };
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

/** Writes `manifest.json` in canonical JSON (RFC 8785), beside its place: who puts the files in theirs renames it. */
export async function writeManifest(
  directory: string,
  manifest: ExportManifest,
): Promise<{ temporary: string; bytes: number; sha256: string }> {
  const temporary = join(directory, `.${MANIFEST}.partial`);
  const content = Buffer.from(canonicalJson(manifest));
  await mkdir(directory, { recursive: true });
  // What stands there, a link perhaps, is not followed.
  await rm(temporary, { force: true });
  await writeFile(temporary, content, { flag: 'wx' });
  return { temporary, bytes: content.length, sha256: sha256Hex(content) };
}
