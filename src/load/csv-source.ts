import { createHash } from 'node:crypto';
import type { ColumnLayout, TableLayout } from '../lib/batch.ts';
import { setInt64, Table, type TextColumn } from '../odm/columns.ts';
import type { CsvSource } from '../project/source.ts';
import { BatchWriter } from '../store/batch-writer.ts';
import { insertRows } from '../store/insert-rows.ts';
import { type CsvRecord, checkedHeader, csvError, csvRecords } from './csv-records.ts';
import { CsvScan } from './csv-scan.ts';
import { ensureTable } from './csv-table.ts';
import type { LoadContext, PartContent } from './load-context.ts';
import { nameColumns } from './naming.ts';
import { type Fragment, quarantine } from './quarantine.ts';
import { RowIdentity } from './row-identity.ts';
import { contentOf, type SourceFile } from './source-file.ts';

interface Place {
  readonly deliveryKey: number;
  readonly ordinal: number;
  readonly firstKey: number;
}

/**
 * Loads one CSV file (RFC 4180) into `raw.file_<source>`: every cell as text, untouched, with its line number. A line
 * with another number of cells than the header goes to quarantine; the rest is loaded.
 * @throws data CSV_EMPTY, CSV_HEADER, CSV_MALFORMED, CSV_ENCODING, CSV_KEY
 */
export async function loadCsv(
  context: LoadContext,
  source: CsvSource,
  file: SourceFile,
  place: Place,
): Promise<PartContent> {
  const { connection, events } = context;
  const seen = { hash: createHash('sha256'), size: 0, scan: new CsvScan() };
  const records = csvRecords(contentOf(file, events, file.name), source, file, seen);
  const header = (await records.next()).value;
  if (header === undefined) throw csvError(file, 'CSV_EMPTY', 'The file is empty: not even a header.', 1);
  const headers = checkedHeader(file, header.record, source);
  const rows = await Rows.open(context, source, headers, place);
  const ragged: Fragment[] = [];
  let line = header.info.lines + 1;
  for await (const row of records) {
    if (row.record.length === headers.length) rows.add(row.record, line);
    else ragged.push(raggedLine(row, line, headers.length));
    line = row.info.lines + 1;
  }
  rows.close();
  const { deliveryKey, ordinal, firstKey } = place;
  await quarantine(connection, place, ragged);
  const count = { delivery_key: deliveryKey, part_ordinal: ordinal, element: 'row', elements: seen.scan.end() - 1 };
  await insertRows(connection, 'raw.source_count', [count]);
  return {
    contentSha256: seen.hash.digest('hex'),
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
    { deliveryKey, firstKey }: Place,
  ): Promise<Rows> {
    const names = await nameColumns(context.connection, source.name, headers, deliveryKey);
    const { name, columns } = await ensureTable(context.connection, source.name, names);
    const own = ['_key', '_line', '_identity'].map((column): ColumnLayout => ({ name: column, type: 'int64' }));
    const texts = columns.map((column): ColumnLayout => ({ name: column, type: 'utf8', nullable: true }));
    const layout: TableLayout = { name, columns: [...own, ...texts] };
    const columnOf = headers.map((header) => names.get(header) as string);
    return new Rows(context, layout, columnOf, new RowIdentity(context, source, headers), firstKey);
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

function raggedLine({ raw, record, info }: CsvRecord, line: number, expected: number): Fragment {
  const bytes = Buffer.from(raw, 'utf8');
  const reason = `The line has ${record.length} cells, the header ${expected}.`;
  return { line, place: info.bytes - bytes.length, bytes, code: 'CSV_CELL_COUNT', reason };
}
