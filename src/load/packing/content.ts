import { createReadStream } from 'node:fs';
import type { EventSink } from '../../lib/events.ts';
import { type SourceFile, stored, unreadable } from '../source-file.ts';
import { gunzipped } from './gzip.ts';
import { unzipped } from './zip.ts';

export type Packing = 'gzip' | 'zip';

const UNPACKED = { gzip: gunzipped, zip: unzipped };

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
