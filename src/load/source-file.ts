import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
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
    for await (const chunk of open(file)) hash.update(chunk);
  } catch (error) {
    throw unreadable(file, error);
  }
  return hash.digest('hex');
}

/** The bytes of a file, unpacked if it is a gzip file (by its first two bytes), with progress in bytes as stored. */
export async function* contentOf(file: SourceFile, events: EventSink, step: string): AsyncGenerator<Uint8Array> {
  let done = 0;
  try {
    const zipped = await isPacked(file);
    const stream = open(file);
    stream.on('data', (chunk: Buffer) => {
      done += chunk.length;
      events({ event: 'progress', step, done, total: file.size, unit: 'bytes' });
    });
    stream.pause();
    yield* zipped ? gunzip(stream) : (stream as AsyncIterable<Uint8Array>);
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function* gunzip(stream: Readable): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
  stream.on('error', (error) => unzip.destroy(error));
  yield* stream.pipe(unzip) as AsyncIterable<Uint8Array>;
}

/** Whether it is a gzip file, by its first two bytes. */
export async function isPacked(file: SourceFile): Promise<boolean> {
  for await (const chunk of createReadStream(file.path, { end: 1 })) return chunk[0] === 0x1f && chunk[1] === 0x8b;
  return false;
}

function open(file: SourceFile): Readable {
  return createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
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
