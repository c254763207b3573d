import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { WarehouseError } from '../lib/errors.ts';

export const CHUNK_BYTES = 1 << 20;

/** A file that a source sent, as the loader sees it. */
export interface SourceFile {
  /** Relative to the project, with forward slashes. */
  name: string;
  /** Where to read it. */
  path: string;
  size: number;
  /** Which member of a zip file is meant: a name, or a pattern of names. */
  member?: string;
}

/** SHA-256 of the bytes of a file, as they are stored. */
export async function hashOf(file: SourceFile): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of stored(file)) hash.update(chunk);
  } catch (error) {
    throw unreadable(file, error);
  }
  return hash.digest('hex');
}

/** All into one buffer, again and again: fresh ones cost as much as reading does. */
export async function* stored({ path }: SourceFile): AsyncGenerator<Uint8Array> {
  const handle = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** An error of the file system or of gzip, told as one of a source file. Others pass through. */
export function unreadable(file: SourceFile, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof WarehouseError || code === undefined) return error;
  const zipped = code.startsWith('Z_');
  return new WarehouseError({
    kind: 'data',
    code: zipped ? 'SOURCE_GZIP' : 'SOURCE_UNREADABLE',
    message: zipped
      ? 'The file is compressed with gzip, but is damaged or cut off.'
      : `The file cannot be read (${code}).`,
    place: { file: file.name },
    next: zipped ? 'Transfer it again.' : 'Check that it exists and that you may read it.',
    cause: error,
  });
}
