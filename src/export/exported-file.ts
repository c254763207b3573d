import { statSync } from 'node:fs';
import { sha256OfFile } from '../lib/hash.ts';
import type { Dataset } from './dataset.ts';

/** A file that was written and verified, as the manifest lists it. */
export interface ExportedFile {
  /** Relative to the export directory, with forward slashes: `xpt/ae.xpt`. */
  readonly path: string;
  readonly format: string;
  readonly dataset: string;
  readonly rows: number;
  /** Names, in the order of the file. */
  readonly columns: readonly string[];
  readonly bytes: number;
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
}

export async function describeFile(
  file: string,
  { path, format, rows }: Pick<ExportedFile, 'path' | 'format' | 'rows'>,
  dataset: Dataset,
): Promise<ExportedFile> {
  const columns = dataset.columns.map((column) => column.name);
  const { size: bytes } = statSync(file);
  return { path, format, dataset: dataset.name, rows, columns, bytes, sha256: await sha256OfFile(file) };
}
