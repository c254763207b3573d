import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { WarehouseError } from '../lib/errors.ts';
import type { EventSink } from '../lib/events.ts';

const CHUNK_BYTES = 1 << 20;

/** A file that a source sent, as the loader sees it. */
export interface SourceFile {
  /** Relative to the project, with forward slashes. */
  name: string;
  /** Where to read it. */
  path: string;
  size: number;
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

/**
 * The bytes of a file, unpacked if it is a gzip file (by its first two bytes), with progress in bytes as stored. A
 * chunk is valid until the next one is asked for.
 */
export async function* contentOf(file: SourceFile, events: EventSink, step: string): AsyncGenerator<Uint8Array> {
  let done = 0;
  const progress = (bytes: number) => {
    done += bytes;
    events({ event: 'progress', step, done, total: file.size, unit: 'bytes' });
  };
  try {
    if (await isPacked(file)) yield* unpacked(file, progress);
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

async function* unpacked(file: SourceFile, progress: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const stream = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
  stream.on('data', (chunk) => progress(chunk.length));
  stream.on('error', (error) => unzip.destroy(error));
  try {
    yield* stream.pipe(unzip) as AsyncIterable<Uint8Array>;
    await refuseTail(file, unzip.bytesWritten);
  } finally {
    // Whoever reads no further ends what is unpacked, not what it is unpacked from.
    stream.destroy();
    if (!stream.closed) await new Promise<void>((resolve) => stream.once('close', resolve));
  }
}

/**
 * Node ends without a word at a zero byte after a member. Zeros up to the end are the padding of old media; whatever else
 * follows would be lost.
 */
async function refuseTail(file: SourceFile, end: number): Promise<void> {
  for await (const chunk of createReadStream(file.path, { start: end })) {
    if ((chunk as Buffer).every((byte) => byte === 0)) continue;
    throw new WarehouseError({
      kind: 'data',
      code: 'SOURCE_GZIP',
      message: `The file is compressed with gzip up to byte ${end}; what follows is not.`,
      place: { file: file.name, byte: end },
      next: 'Transfer it again, or pack it anew.',
    });
  }
}

/** The first 16 kB of a file, unpacked, one character a byte, without those of UTF-16 that are zero. */
export async function startOf(file: SourceFile, events: EventSink): Promise<string> {
  for await (const chunk of contentOf(file, events, file.name)) {
    return Buffer.from(chunk).toString('latin1', 0, 16_384).replaceAll('\0', '');
  }
  return '';
}

/** Whether it is a gzip file, by its first two bytes. */
export async function isPacked(file: SourceFile): Promise<boolean> {
  for await (const chunk of createReadStream(file.path, { end: 1 })) return chunk[0] === 0x1f && chunk[1] === 0x8b;
  return false;
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
