import { createHash } from 'node:crypto';
import type { ColumnLayout, TableLayout } from '../../lib/batch.ts';
import { WarehouseError } from '../../lib/errors.ts';
import { setInt64, Table, type TextColumn } from '../../odm/columns.ts';
import type { CsvSource } from '../../project/source.ts';
import { BatchWriter } from '../../store/batch-writer.ts';
import { insertRows } from '../../store/insert-rows.ts';
import type { LoadContext, PartContent, PartPlace } from '../load-context.ts';
import { nameColumns } from '../naming.ts';
import { contentOf, packingOf } from '../packing/content.ts';
import { memberOf } from '../packing/zip.ts';
import { type Fragment, Quarantine } from '../quarantine.ts';
import type { SourceFile } from '../source-file.ts';
import { type CsvPlace, CsvPlaces } from './places.ts';
import { type CsvRecord, checkedHeader, csvError, csvRecords } from './records.ts';
import { type EarlierRows, RowIdentity } from './row-identity.ts';
import { CsvScan } from './scan.ts';
import { ensureTable } from './table.ts';

/**
 * Loads one CSV file (RFC 4180) into `raw.file_<source>`: every cell as text, untouched, with its line number. A line
 * with another number of cells than the header goes to quarantine; the rest is loaded. A file of which most lines have
 * is refused: it is not what its source says.
 * @param earlier rows of the parts of the delivery before this one
 * @throws data CSV_EMPTY, CSV_HEADER, CSV_COLUMNS, CSV_MALFORMED, CSV_ENCODING, CSV_KEY, CSV_CELL_COUNT
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
  const packing = await packingOf(file);
  const hash = packing === undefined ? undefined : createHash('sha256');
  const member = packing === 'zip' ? await memberOf(file) : null;
  const seen = { hash, size: 0, scan: new CsvScan(), places };
  const records = csvRecords(contentOf(file, events, file.name), source, file, seen);
  // What ends at the header, or at a row, would leave the file open.
  const { rows, ragged } = await landRecords(context, source, file, place, earlier, records, places).finally(() =>
    records.return(undefined),
  );
  const { deliveryKey, ordinal, firstKey } = place;
  const count = { delivery_key: deliveryKey, part_ordinal: ordinal, element: 'row', elements: seen.scan.end() - 1 };
  await insertRows(connection, 'raw.source_count', [count]);
  const keys = { firstKey: rows === 0 ? null : firstKey, lastKey: rows === 0 ? null : firstKey + rows - 1 };
  return {
    contentSha256: hash?.digest('hex'),
    contentSize: seen.size,
    ...keys,
    columns: { encoding: source.encoding, file_row_count: rows, complete: ragged === 0, member },
  };
}

/** Lands the records, and says how many did and how many were put aside. */
async function landRecords(
  context: LoadContext,
  source: CsvSource,
  file: SourceFile,
  place: PartPlace,
  earlier: EarlierRows,
  records: AsyncGenerator<CsvRecord>,
  places: CsvPlaces,
): Promise<{ rows: number; ragged: number }> {
  const header: CsvRecord | undefined = (await records.next()).value;
  if (header === undefined) throw csvError(file, 'CSV_EMPTY', 'The file is empty: not even a header.', 1);
  const headers = checkedHeader(file, header.cells, source);
  places.next(header.textEnd);
  const identity = new RowIdentity(context, source, headers, earlier);
  const rows = await Rows.open(context, source, headers, identity, place);
  const ragged = new Quarantine(context, place);
  let firstRagged: number | undefined;
  for await (const { cells, textEnd } of records) {
    const at = places.next(textEnd);
    if (cells.length === headers.length) rows.add(cells, at.line);
    else {
      firstRagged ??= at.line;
      await ragged.add(raggedLine(cells.length, headers.length, at, places.bytesOf(at)));
    }
  }
  rows.close();
  if (isOtherwiseDelimited(ragged.count, rows.count))
    throw raggedFile(file, source, ragged.count, rows.count, firstRagged);
  await ragged.flush();
  return { rows: rows.count, ragged: ragged.count };
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
    const own = ['_key', '_line', '_identity', '_repeats'].map(
      (column): ColumnLayout => ({ name: column, type: 'int64', nullable: column === '_repeats' }),
    );
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
    const { own, repeated } = this.#identity.of(cells);
    this.#put('_identity', row, own);
    if (repeated === undefined) table.setNull('_repeats');
    else this.#put('_repeats', row, repeated);
    for (let column = 0; column < cells.length; column++) this.#texts[column].putText(cells[column]);
    table.next();
    this.count++;
  }

  #put(column: string, row: number, identity: Buffer): void {
    const words = this.#table.words(column);
    words[2 * row] = identity.readInt32LE(0);
    words[2 * row + 1] = identity.readInt32LE(4);
  }

  close(): void {
    this.#table.flush();
    this.#writer.close();
  }
}

function raggedLine(cells: number, expected: number, { line, start }: CsvPlace, bytes: Uint8Array): Fragment {
  const reason = `The line has ${cells} cell${cells === 1 ? '' : 's'}, the header ${expected}.`;
  return { line, place: start, bytes: Buffer.from(bytes), code: 'CSV_CELL_COUNT', reason };
}

/** Fewer wrong lines than this are troubles of lines, even where they are most of a small file. */
const FEW_LINES = 100;

const isOtherwiseDelimited = (ragged: number, rows: number) => ragged >= FEW_LINES && ragged > rows;

function raggedFile(
  { name }: SourceFile,
  source: CsvSource,
  ragged: number,
  rows: number,
  line?: number,
): WarehouseError {
  return new WarehouseError({
    kind: 'data',
    code: 'CSV_CELL_COUNT',
    message: `${ragged} of ${ragged + rows} lines have another number of cells than the header; the first is here.`,
    place: { file: name, line },
    next: `Nothing of this file was loaded. Is ${JSON.stringify(source.delimiter)} its delimiter (delimiter: of source ${source.name} in warehouse.yml), and its first line the header?`,
  });
}
