// @ts-check
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** Byte 9 of a gzip header names the operating system (RFC 1952, 2.3); 255 says it is unknown. */
function withoutSystem() {
  let first = true;
  return new Transform({
    transform(/** @type {Buffer} */ chunk, _encoding, done) {
      if (first) chunk[9] = 255;
      first = false;
      done(null, chunk);
    },
  });
}

/**
 * Writes text as it is made; no more of it is held than the streams buffer.
 *
 * @param {string} path compressed where it ends in `.gz`
 * @param {Iterable<string>} text
 */
export async function write(path, text) {
  await mkdir(dirname(path), { recursive: true });
  const source = Readable.from(text, { highWaterMark: 4 });
  if (path.endsWith('.gz')) await pipeline(source, createGzip({ level: 9 }), withoutSystem(), createWriteStream(path));
  else await pipeline(source, createWriteStream(path, { highWaterMark: 1 << 20 }));
}
