import type { EventSink } from '../../lib/events.ts';
import type { CsvSource } from '../../project/source.ts';
import { contentOf } from '../packing/content.ts';
import type { SourceFile } from '../source-file.ts';
import { CsvPlaces } from './places.ts';
import { checkedHeader, csvError, csvRecords } from './records.ts';
import { CsvScan } from './scan.ts';

/**
 * The header of a CSV file, without reading on.
 * @throws data CSV_EMPTY, CSV_HEADER, CSV_COLUMNS, CSV_KEY, CSV_MALFORMED
 */
export async function headerOf(source: CsvSource, file: SourceFile, events: EventSink): Promise<readonly string[]> {
  // As a stream, also because Node 20 takes windows-1252 for ISO-8859-1 otherwise; a character may be cut at the end.
  const chunk = new TextDecoder(source.encoding).decode(await firstChunk(file, events), { stream: true });
  const text = Buffer.from(firstLine(chunk));
  const seen = { hash: undefined, size: 0, scan: new CsvScan(), places: new CsvPlaces('utf-8') };
  const records = csvRecords(chunksOf(text), { ...source, encoding: 'utf-8' }, file, seen);
  const header = (await records.next()).value;
  if (header === undefined) throw csvError(file, 'CSV_EMPTY', 'The file is empty: not even a header.', 1);
  return checkedHeader(file, header.cells, source);
}

async function firstChunk(file: SourceFile, events: EventSink): Promise<Uint8Array> {
  for await (const chunk of contentOf(file, events, file.name)) return chunk;
  return new Uint8Array();
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Up to the first line break outside quotes that has something before it. */
function firstLine(text: string): string {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    if ((text[at] === '\n' || text[at] === '\r') && !quoted && text.slice(0, at).trim() !== '')
      return text.slice(0, at + 1);
  }
  return text;
}
