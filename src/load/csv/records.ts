import type { createHash } from 'node:crypto';
import { type Info, type Parser, parse } from 'csv-parse';
import { WarehouseError } from '../../lib/errors.ts';
import { listed } from '../../lib/listed.ts';
import { quote } from '../../project/issue.ts';
import { nearest } from '../../project/nearest.ts';
import type { CsvSource } from '../../project/source.ts';
import type { SourceFile } from '../source-file.ts';
import { malformed } from './malformed.ts';
import type { CsvPlaces } from './places.ts';
import type { CsvScan } from './scan.ts';

/** One record of a CSV file. */
export interface CsvRecord {
  readonly cells: readonly string[];
  /** Where it ends in the decoded text, in bytes of UTF-8. */
  readonly textEnd: number;
}

/** What is seen of the bytes on their way. */
export interface Seen {
  /** Of a packed file: of the bytes after unpacking. */
  readonly hash: ReturnType<typeof createHash> | undefined;
  size: number;
  /** Takes the decoded text. */
  readonly scan: CsvScan;
  readonly places: CsvPlaces;
}

/**
 * The records of a CSV file (RFC 4180), the header first.
 * @throws data CSV_ENCODING, CSV_MALFORMED
 */
export function csvRecords(
  chunks: AsyncIterable<Uint8Array>,
  source: CsvSource,
  file: SourceFile,
  seen: Seen,
): AsyncGenerator<CsvRecord> {
  return records(decoded(chunks, source.encoding, file, seen), source, file, seen.places);
}

/** Columns of a header that a message bears. */
const MOST_SHOWN = 20;

/** What has been measured: 0.9 GB. */
const MOST_COLUMNS = 10_000;

/** @throws data CSV_COLUMNS, CSV_HEADER, CSV_KEY */
export function checkedHeader(file: SourceFile, headers: readonly string[], source: CsvSource): readonly string[] {
  if (headers.length > MOST_COLUMNS) {
    const message = `The header has ${headers.length} columns, more than ${MOST_COLUMNS}.`;
    throw csvError(file, 'CSV_COLUMNS', message, 1);
  }
  const seen = new Set<string>();
  for (const [index, header] of headers.entries()) {
    if (header === '') throw csvError(file, 'CSV_HEADER', `Column ${index + 1} has no name in the header.`, 1);
    if (seen.has(header)) throw csvError(file, 'CSV_HEADER', `The header names column ${header} twice.`, 1);
    seen.add(header);
  }
  const missing = source.keys.find((key) => !seen.has(key));
  if (missing !== undefined) throw keyMissing(file, headers, source, missing);
  return headers;
}

const DELIMITERS: readonly string[] = [',', ';', '\t', '|'];

function keyMissing(
  file: SourceFile,
  headers: readonly string[],
  { name, delimiter }: CsvSource,
  key: string,
): WarehouseError {
  const meant = nearest(key, headers);
  const other = DELIMITERS.find(
    (one) => one !== delimiter && headers.some((header) => header.split(one).includes(key)),
  );
  const where = `under sources: ${name}: in warehouse.yml`;
  const advice =
    other !== undefined
      ? `Its delimiter seems to be another: say delimiter: ${JSON.stringify(other)} ${where}.`
      : `${meant === undefined ? '' : `Did you mean ${quote(meant)}? `}Correct keys: ${where}, or the file.`;
  return new WarehouseError({
    kind: 'data',
    code: 'CSV_KEY',
    message: `The header has no column ${quote(key)}, which keys: of source ${name} names. Its columns are ${listed(headers.map(quote), MOST_SHOWN)}.`,
    place: { file: file.name, line: 1 },
    next: `${advice} Nothing of this file was loaded.`,
  });
}

export function csvError(file: SourceFile, code: string, message: string, line: number | undefined): WarehouseError {
  const next = 'Nothing of this file was loaded. Correct it and build again.';
  return new WarehouseError({ kind: 'data', code, message, place: { file: file.name, line }, next });
}

/** The text as UTF-8, without its byte order mark. */
async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  file: SourceFile,
  seen: Seen,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const passOn = (bytes: Uint8Array, text: string) => {
    const encoded = Buffer.from(text);
    seen.scan.write(text);
    seen.places.take(bytes, encoded);
    return encoded;
  };
  try {
    for await (const chunk of chunks) {
      seen.hash?.update(chunk);
      seen.size += chunk.length;
      yield passOn(chunk, decoder.decode(chunk, { stream: true }));
    }
    yield passOn(Buffer.alloc(0), decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new WarehouseError({
      kind: 'data',
      code: 'CSV_ENCODING',
      message: `The file is not ${encoding}: there are bytes that this encoding does not have before byte ${seen.size}.`,
      place: { file: file.name, byte: seen.size },
      next: `Say what it is under encoding: of its source in warehouse.yml.`,
      cause: error,
    });
  }
}

async function* records(
  texts: AsyncIterable<Buffer>,
  source: CsvSource,
  file: SourceFile,
  places: CsvPlaces,
): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter: source.delimiter,
    // Left to itself, the parser knows only the line break that it meets first.
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
  });
  const feed = feedInto(parser, texts);
  try {
    for await (const one of parser) {
      const { record, info } = one as { record: string[]; info: Info };
      yield { cells: record, textEnd: info.bytes };
    }
  } catch (error) {
    throw malformed(file, source, places, error);
  } finally {
    parser.destroy();
    await feed;
  }
}

/** Writes into the parser what it has room for, until all is written or the parser is done with, and lets go of the file. */
async function feedInto(parser: Parser, texts: AsyncIterable<Buffer>): Promise<void> {
  const closed = new Promise((resolve) => parser.once('close', resolve));
  try {
    for await (const text of texts) {
      if (!parser.write(text)) await Promise.race([new Promise((resolve) => parser.once('drain', resolve)), closed]);
      if (parser.destroyed) return;
    }
    parser.end();
  } catch (error) {
    parser.destroy(error as Error);
  }
}
