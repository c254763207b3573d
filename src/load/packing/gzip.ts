import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { WarehouseError } from '../../lib/errors.ts';
import { CHUNK_BYTES, type SourceFile } from '../source-file.ts';

/**
 * What a gzip file (RFC 1952) holds, all its members one after the other.
 * @throws data SOURCE_GZIP where something else follows them; errors of zlib, with code Z_*
 */
export async function* gunzipped(file: SourceFile, progress: (bytes: number) => void): AsyncGenerator<Uint8Array> {
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
