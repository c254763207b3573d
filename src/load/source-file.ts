import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { WarehouseError } from '../lib/errors.ts';
import type { EventSink } from '../lib/events.ts';
import { gunzipped } from './packing/gzip.ts';
import { unzipped } from './packing/zip.ts';

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

export type Packing = 'gzip' | 'zip';

const UNPACKED = { gzip: gunzipped, zip: unzipped };

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

/**
 * The bytes of a file, unpacked if it is a gzip or zip file (by its first bytes), with progress in bytes as stored. A
 * chunk is valid until the next one is asked for.
 */
export async function* contentOf(file: SourceFile, events: EventSink, step: string): AsyncGenerator<Uint8Array> {
  let done = 0;
  const progress = (bytes: number) => {
    done += bytes;
    events({ event: 'progress', step, done, total: file.size, unit: 'bytes' });
  };
  try {
    const packing = await packingOf(file);
    if (packing !== undefined) yield* UNPACKED[packing](file, progress);
    else {
      for await (const chunk of stored(file)) {
        progress(chunk.length);
        yield chunk;
      }
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** All into one buffer, again and again: fresh ones cost as much as reading does. */
async function* stored({ path }: SourceFile): AsyncGenerator<Uint8Array> {
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

/** The first 16 kB of a file, unpacked, one character a byte, without those of UTF-16 that are zero. */
export async function startOf(file: SourceFile, events: EventSink): Promise<string> {
  for await (const chunk of contentOf(file, events, file.name)) {
    return Buffer.from(chunk).toString('latin1', 0, 16_384).replaceAll('\0', '');
  }
  return '';
}

const SIGNATURES: readonly (readonly [Packing, string])[] = [
  ['gzip', '1f8b'],
  ['zip', '504b0304'],
  // A zip file without members begins with its end.
  ['zip', '504b0506'],
];

/** How it is packed, by its first bytes. */
export async function packingOf(file: SourceFile): Promise<Packing | undefined> {
  for await (const chunk of createReadStream(file.path, { end: 3 })) {
    const start = (chunk as Buffer).toString('hex');
    return SIGNATURES.find(([, signature]) => start.startsWith(signature))?.[0];
  }
  return undefined;
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
