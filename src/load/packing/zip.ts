import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { WarehouseError } from '../../lib/errors.ts';
import { matches } from '../../project/glob.ts';
import type { SourceFile } from '../source-file.ts';

/** Entries that a zip file may have: the list of them is held in memory. */
const MOST_ENTRIES = 10_000;
/** How many names an error lists. */
const FEW_NAMES = 5;

/**
 * What the one member of a zip file (APPNOTE.TXT, ZIP64 included) holds that `file.member` says; without it, the only one
 * that there is. Its length and CRC-32 are those of the directory of the zip file.
 * @throws data SOURCE_ZIP
 */
export async function* unzipped(file: SourceFile, progress: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const zip = await opening(file);
  try {
    const entry = await theMember(file, zip);
    yield* bytesOf(file, zip, entry, progress);
  } catch (error) {
    throw damaged(file, error);
  } finally {
    zip.close();
  }
}

/** The name of the member that is read, as the zip file has it. */
export async function memberOf(file: SourceFile): Promise<string> {
  const zip = await opening(file);
  try {
    return (await theMember(file, zip)).fileName;
  } catch (error) {
    throw damaged(file, error);
  } finally {
    zip.close();
  }
}

async function opening(file: SourceFile): Promise<ZipFile> {
  try {
    const { openPromise } = await import('yauzl');
    return await openPromise(file.path, { lazyEntries: true, autoClose: false });
  } catch (error) {
    throw damaged(file, error);
  }
}

async function* bytesOf(
  file: SourceFile,
  zip: ZipFile,
  entry: Entry,
  progress: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted())
    throw refused(file, `its member ${entry.fileName} is encrypted.`, 'Have it sent without a password.');
  const stream = await zip.openReadStreamPromise(entry);
  const share = entry.uncompressedSize === 0 ? 0 : file.size / entry.uncompressedSize;
  let sum = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      sum = crc32(chunk, sum);
      progress(Math.round(chunk.length * share));
      yield chunk;
    }
  } finally {
    stream.destroy();
  }
  if (sum !== entry.crc32) throw refused(file, `the content of its member ${entry.fileName} does not have its CRC-32.`);
}

/** Folders, and what macOS adds about each file, are no members. */
const isNothing = (name: string) => name.endsWith('/') || name.startsWith('__MACOSX/');

async function theMember(file: SourceFile, zip: ZipFile): Promise<Entry> {
  if (zip.entryCount > MOST_ENTRIES)
    throw refused(file, `it has ${zip.entryCount} entries, more than ${MOST_ENTRIES}.`);
  const all: Entry[] = [];
  for await (const entry of zip.eachEntry()) if (!isNothing(entry.fileName)) all.push(entry);
  const { member } = file;
  const meant = member === undefined ? all : all.filter(({ fileName }) => matches(member, fileName));
  if (meant.length === 1) return meant[0];
  const what = member === undefined ? '' : ` that member: ${JSON.stringify(member)} matches`;
  const found = meant.length === 0 ? all : meant;
  throw refused(
    file,
    meant.length === 0
      ? `it holds no file${what}${all.length === 0 ? '' : `, but ${named(found)}`}.`
      : `it holds ${meant.length} files${what}: ${named(found)}.`,
    'Say which one with member: of the source in warehouse.yml, in a source for each, or unpack it.',
  );
}

function named(entries: readonly Entry[]): string {
  const names = entries.slice(0, FEW_NAMES).map(({ fileName }) => fileName);
  return `${names.join(', ')}${entries.length > FEW_NAMES ? ` and ${entries.length - FEW_NAMES} more` : ''}`;
}

/** What is wrong with the file by yauzl or zlib, told as an error of a source file; others pass through. */
function damaged(file: SourceFile, error: unknown): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof WarehouseError || (code !== '' && !code.startsWith('Z_'))) return error;
  return refused(file, `it is damaged or cut off: ${message}.`, 'Transfer it again.', error);
}

function refused({ name }: SourceFile, what: string, next = 'Transfer it again.', cause?: unknown): WarehouseError {
  return new WarehouseError({
    kind: 'data',
    code: 'SOURCE_ZIP',
    message: `The zip file cannot be read: ${what}`,
    place: { file: name },
    next,
    cause,
  });
}
