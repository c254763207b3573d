import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { WarehouseError } from '../../lib/errors.ts';

/** Bounds on what a hostile file can cost; 16,000 variables make 18 MB. */
export const LIMITS = { bytes: 64 * 1024 * 1024, unpacked: 64 * 1024 * 1024, entries: 2_000 };

/** What a file begins with that Office has encrypted, and an .xls of old: the Compound File Binary format. */
const COMPOUND = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/** The parts of a workbook, by their path in the package. */
export interface Package {
  /** The text of a part, or undefined where there is none. @throws usage SPEC_FILE */
  text(path: string): Promise<string | undefined>;
}

/**
 * Runs `use` with the parts of an .xlsx. A part is unpacked when it is asked for; all together no more than 64 MiB.
 * @param file how messages call it
 * @throws usage SPEC_FILE
 */
export async function withPackage<Result>(
  file: string,
  bytes: Buffer,
  use: (parts: Package) => Promise<Result>,
): Promise<Result> {
  if (bytes.length > LIMITS.bytes) throw unreadable(file, 'it is larger than 64 MiB');
  if (bytes.subarray(0, COMPOUND.length).equals(COMPOUND)) {
    throw unreadable(file, 'it has a password, or is an .xls', 'Save it as .xlsx without a password.');
  }
  const zip = await opened(file, bytes);
  try {
    const entries = await entriesOf(file, zip);
    let room = LIMITS.unpacked;
    return await use({
      async text(path) {
        const entry = entries.get(path.toLowerCase());
        if (entry === undefined) return undefined;
        room -= entry.uncompressedSize;
        if (room < 0) throw unreadable(file, 'it unpacks to more than 64 MiB');
        return await textOf(file, zip, entry);
      },
    });
  } finally {
    zip.close();
  }
}

async function opened(file: string, bytes: Buffer): Promise<ZipFile> {
  const { fromBufferPromise } = await import('yauzl');
  return fromBufferPromise(bytes, { lazyEntries: true }).catch((error: Error) => {
    throw unreadable(file, `it is no .xlsx, damaged or cut off (${error.message})`, undefined, error);
  });
}

async function entriesOf(file: string, zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > LIMITS.entries) throw unreadable(file, `it has more than ${LIMITS.entries} parts`);
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry);
  } catch (error) {
    throw unreadable(file, `it is damaged (${(error as Error).message})`, undefined, error);
  }
  return entries;
}

async function textOf(file: string, zip: ZipFile, entry: Entry): Promise<string> {
  const pieces: Uint8Array[] = [];
  let sum = 0;
  try {
    // yauzl ends a stream that holds more than the directory says.
    for await (const piece of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>) {
      sum = crc32(piece, sum);
      pieces.push(piece);
    }
    if (sum !== entry.crc32) throw new Error('not its CRC-32');
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
  } catch (error) {
    throw unreadable(file, `its part ${entry.fileName} is damaged (${(error as Error).message})`, undefined, error);
  }
}

/** A file that cannot be read as a workbook. */
export function unreadable(
  file: string,
  what: string,
  next = 'Open it in the program that wrote it, and save it as .xlsx.',
  cause?: unknown,
): WarehouseError {
  const message = `The workbook cannot be read: ${what}.`;
  return new WarehouseError({ kind: 'usage', code: 'SPEC_FILE', message, place: { file }, next, cause });
}
