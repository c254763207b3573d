import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
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

/**
 * Reads a file once from end to end: its SHA-256, and a copy of its bytes at `copyTo` if that is given. What is loaded
 * afterwards is the copy, so that a file which changes meanwhile cannot be half old and half new.
 */
export async function takeIn(file: SourceFile, copyTo: string | undefined): Promise<string> {
  const hash = createHash('sha256');
  const output = copyTo === undefined ? undefined : createWriteStream(copyTo, { mode: 0o600, flush: true });
  try {
    for await (const chunk of open(file)) {
      hash.update(chunk);
      if (output !== undefined && !output.write(chunk)) await once(output, 'drain');
    }
  } finally {
    output?.end();
  }
  if (output !== undefined) await finished(output);
  return hash.digest('hex');
}

/** The bytes of a file, unpacked if it is a gzip file (by its first two bytes), with progress in bytes as stored. */
export async function* contentOf(file: SourceFile, events: EventSink, step: string): AsyncGenerator<Uint8Array> {
  let done = 0;
  const stream = open(file);
  stream.on('data', (chunk: Buffer) => {
    done += chunk.length;
    events({ event: 'progress', step, done, total: file.size, unit: 'bytes' });
  });
  stream.pause();
  const first = await firstBytes(file);
  const zipped = first[0] === 0x1f && first[1] === 0x8b;
  try {
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

async function firstBytes(file: SourceFile): Promise<Uint8Array> {
  for await (const chunk of createReadStream(file.path, { end: 1 })) return chunk as Buffer;
  return new Uint8Array();
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
