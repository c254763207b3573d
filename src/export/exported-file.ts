import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
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
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  const columns = dataset.columns.map((column) => column.name);
  return { path, format, dataset: dataset.name, rows, columns, bytes, sha256: hash.digest('hex') };
}
