import { createHash } from 'node:crypto';
import type { ColumnLayout, TableLayout } from '../lib/batch.ts';
import { setInt64, Table, type TextColumn } from '../odm/columns.ts';
import type { CsvSource } from '../project/source.ts';
import { BatchWriter } from '../store/batch-writer.ts';
import { insertRows } from '../store/insert-rows.ts';
import { type CsvPlace, CsvPlaces } from './csv-places.ts';
import { checkedHeader, csvError, csvRecords } from './csv-records.ts';
import { CsvScan } from './csv-scan.ts';
import { ensureTable } from './csv-table.ts';
import type { LoadContext, PartContent, PartPlace } from './load-context.ts';
import { nameColumns } from './naming.ts';
import { type Fragment, quarantine } from './quarantine.ts';
import { type EarlierRows, RowIdentity } from './row-identity.ts';
import { contentOf, isPacked, type SourceFile } from './source-file.ts';

/**
 * Loads one CSV file (RFC 4180) into `raw.file_<source>`: every cell as text, untouched, with its line number. A line
 * with another number of cells than the header goes to quarantine; the rest is loaded.
 * @param earlier rows of the parts of the delivery before this one
 * @throws data CSV_EMPTY, CSV_HEADER, CSV_MALFORMED, CSV_ENCODING, CSV_KEY
 */
export async function loadCsv(
  context: LoadContext,
  source: CsvSource,
  file: SourceFile,
  place: PartPlace,
  earlier: EarlierRows,
): Promise<PartContent> {
  const { connection, events } = context;
  const places = new CsvPlaces(new TextDecoder(source.encoding).encoding);
  const hash = (await isPacked(file)) ? createHash('sha256') : undefined;
  const seen = { hash, size: 0, scan: new CsvScan(), places };
  const records = csvRecords(contentOf(file, events, file.name), source, file, seen);
  const header = (await records.next()).value;
  if (header === undefined) throw csvError(file, 'CSV_EMPTY', 'The file is empty: not even a header.', 1);
  const headers = checkedHeader(file, header.cells, source);
  places.next(header.textEnd);
  const identity = new RowIdentity(context, source, headers, earlier);
  const rows = await Rows.open(context, source, headers, identity, place);
  const ragged: Fragment[] = [];
  for await (const { cells, textEnd } of records) {
    const at = places.next(textEnd);
    if (cells.length === headers.length) rows.add(cells, at.line);
    else ragged.push(raggedLine(cells.length, headers.length, at, places.bytesOf(at)));
  }
  rows.close();
  const { deliveryKey, ordinal, firstKey } = place;
  await quarantine(connection, place, ragged);
  const count = { delivery_key: deliveryKey, part_ordinal: ordinal, element: 'row', elements: seen.scan.end() - 1 };
  await insertRows(connection, 'raw.source_count', [count]);
  return {
    contentSha256: hash?.digest('hex'),
    contentSize: seen.size,
    firstKey: rows.count === 0 ? null : firstKey,
    lastKey: rows.count === 0 ? null : firstKey + rows.count - 1,
    columns: { encoding: source.encoding, file_row_count: rows.count, complete: ragged.length === 0 },
  };
}

/** Fills the table of one source. */
class Rows {
  count = 0;
  readonly #firstKey: number;
  readonly #identity: RowIdentity;
  readonly #table: Table;
  readonly #writer: BatchWriter;
  readonly #texts: readonly TextColumn[];

  static async open(
    context: LoadContext,
    source: CsvSource,
    headers: readonly string[],
    identity: RowIdentity,
    { deliveryKey, firstKey }: PartPlace,
  ): Promise<Rows> {
    const names = await nameColumns(context.connection, source.name, headers, deliveryKey);
    const { name, columns } = await ensureTable(context.connection, source.name, names);
    const own = ['_key', '_line', '_identity'].map((column): ColumnLayout => ({ name: column, type: 'int64' }));
    const texts = columns.map((column): ColumnLayout => ({ name: column, type: 'utf8', nullable: true }));
    const layout: TableLayout = { name, columns: [...own, ...texts] };
    const columnOf = headers.map((header) => names.get(header) as string);
    return new Rows(context, layout, columnOf, identity, firstKey);
  }

  private constructor(
    { connection, boundary }: LoadContext,
    layout: TableLayout,
    columns: readonly string[],
    identity: RowIdentity,
    firstKey: number,
  ) {
    const writer = new BatchWriter(connection, 'raw', layout);
    this.#writer = writer;
    this.#table = new Table(layout, (batch) => writer.write(boundary.pass(batch)));
    this.#texts = columns.map((column) => this.#table.text(column));
    this.#identity = identity;
    this.#firstKey = firstKey;
  }

  add(cells: readonly string[], line: number): void {
    const table = this.#table;
    const row = table.length;
    setInt64(table.words('_key'), row, this.#firstKey + this.count);
    setInt64(table.words('_line'), row, line);
    const identity = this.#identity.of(cells);
    const words = table.words('_identity');
    words[2 * row] = identity.readInt32LE(0);
    words[2 * row + 1] = identity.readInt32LE(4);
    for (let column = 0; column < cells.length; column++) this.#texts[column].putText(cells[column]);
    table.next();
    this.count++;
  }

  close(): void {
    this.#table.flush();
    this.#writer.close();
  }
}

function raggedLine(cells: number, expected: number, { line, start }: CsvPlace, bytes: Uint8Array): Fragment {
  const reason = `The line has ${cells} cells, the header ${expected}.`;
  return { line, place: start, bytes: Buffer.from(bytes), code: 'CSV_CELL_COUNT', reason };
}
