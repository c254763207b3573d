import { createHash } from 'node:crypto';
import { type CsvError, type Info, parse } from 'csv-parse';
import type { ColumnLayout, TableLayout } from '../lib/batch.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { WarehouseError } from '../lib/errors.ts';
import { sha256Hex } from '../lib/hash.ts';
import { setInt64, Table, type TextColumn } from '../odm/columns.ts';
import type { CsvSource } from '../project/source.ts';
import { BatchWriter } from '../store/batch-writer.ts';
import { type Connection, identifier, literal } from '../store/connection.ts';
import { type InsertRow, insertRows } from '../store/insert-rows.ts';
import type { LoadContext, PartContent } from './load-context.ts';
import { nameColumns } from './naming.ts';
import { contentOf, type SourceFile } from './source-file.ts';

interface CsvRecord {
  record: string[];
  raw: string;
  info: Info;
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
  part: { deliveryKey: number; ordinal: number; firstKey: number },
): Promise<PartContent> {
  const content = { hash: createHash('sha256'), size: 0 };
  const rows = records(
    decoded(contentOf(file, context.events, file.name), source.encoding, file, content),
    source,
    file,
  );
  const header = (await rows.next()).value;
  if (header === undefined) throw csvError(file, 'CSV_EMPTY', 'The file is empty: not even a header.', 1);
  const headers = checkedHeader(file, header.record, source);
  const names = await nameColumns(context.connection, source.name, headers, part.deliveryKey);
  const loader = new RowLoader(context, source, headers, part);
  await loader.open(names);
  let line = header.info.lines + 1;
  for await (const row of rows) {
    if (row.record.length === headers.length) loader.add(row.record, line);
    else loader.quarantine(row, line, headers.length);
    line = row.info.lines + 1;
  }
  await loader.close();
  const { count } = loader;
  return {
    contentSha256: content.hash.digest('hex'),
    contentSize: content.size,
    firstKey: count === 0 ? null : part.firstKey,
    lastKey: count === 0 ? null : part.firstKey + count - 1,
    columns: { encoding: source.encoding, file_row_count: count, complete: loader.complete },
  };
}

/** Fills the table of one source. */
class RowLoader {
  count = 0;
  readonly #context: LoadContext;
  readonly #source: CsvSource;
  readonly #headers: readonly string[];
  readonly #part: { deliveryKey: number; ordinal: number; firstKey: number };
  readonly #quarantined: InsertRow[] = [];
  readonly #identity: RowIdentity;
  #table!: Table;
  #writer!: BatchWriter;
  #texts: TextColumn[] = [];

  constructor(
    context: LoadContext,
    source: CsvSource,
    headers: readonly string[],
    part: { deliveryKey: number; ordinal: number; firstKey: number },
  ) {
    this.#context = context;
    this.#source = source;
    this.#headers = headers;
    this.#part = part;
    this.#identity = new RowIdentity(context, source, headers);
  }

  get complete(): boolean {
    return this.#quarantined.length === 0;
  }

  async open(names: ReadonlyMap<string, string>): Promise<void> {
    const { connection, boundary } = this.#context;
    const table = await ensureTable(connection, this.#source.name, names);
    const columns: ColumnLayout[] = [
      { name: '_key', type: 'int64' },
      { name: '_line', type: 'int64' },
      { name: '_identity', type: 'int64' },
      ...[...table.columns].map((name): ColumnLayout => ({ name, type: 'utf8', nullable: true })),
    ];
    const layout: TableLayout = { name: table.name, columns };
    this.#writer = new BatchWriter(connection, 'raw', layout);
    this.#table = new Table(layout, (batch) => this.#writer.write(boundary.pass(batch)));
    this.#texts = this.#headers.map((header) => this.#table.text(names.get(header) as string));
  }

  add(cells: readonly string[], line: number): void {
    const table = this.#table;
    setInt64(table.words('_key'), table.length, this.#part.firstKey + this.count);
    setInt64(table.words('_line'), table.length, line);
    const identity = this.#identity.of(cells);
    const words = table.words('_identity');
    words[2 * table.length] = identity.readInt32LE(0);
    words[2 * table.length + 1] = identity.readInt32LE(4);
    for (let column = 0; column < cells.length; column++) this.#texts[column].putText(cells[column]);
    table.next();
    this.count++;
  }

  quarantine({ raw, record, info }: CsvRecord, line: number, expected: number): void {
    const bytes = Buffer.from(raw, 'utf8');
    this.#quarantined.push({
      delivery_key: this.#part.deliveryKey,
      part_ordinal: this.#part.ordinal,
      line,
      place: info.bytes - bytes.length,
      length: bytes.length,
      code: 'CSV_CELL_COUNT',
      reason: `The line has ${record.length} cells, the header ${expected}.`,
      sha256: sha256Hex(bytes),
      bytes: bytes.toString('base64'),
    });
  }

  async close(): Promise<void> {
    this.#table.flush();
    this.#writer.close();
    const { connection } = this.#context;
    await insertQuarantined(connection, this.#quarantined);
    const { deliveryKey, ordinal } = this.#part;
    const elements = this.count + this.#quarantined.length;
    const count = { delivery_key: deliveryKey, part_ordinal: ordinal, element: 'row', elements };
    await insertRows(connection, 'raw.source_count', [count]);
  }
}

/** docs/identity.md, Rows of CSV files. */
class RowIdentity {
  readonly #prefix: string[];
  readonly #columns: { header: string; index: number }[];
  readonly #earlier = new Map<string, number>();

  constructor({ study }: LoadContext, source: CsvSource, headers: readonly string[]) {
    this.#prefix = [source.system, study.environment, study.id, source.name];
    const keys = source.keys.length > 0 ? source.keys : [...headers].sort();
    this.#columns = keys.map((header) => ({ header, index: headers.indexOf(header) }));
  }

  of(cells: readonly string[]): Buffer {
    const named = this.#columns.flatMap(({ header, index }) => [header, cells[index]]);
    const first = this.#digest([...this.#prefix, ...named, '0']);
    const key = first.toString('latin1', 0, 8);
    const earlier = this.#earlier.get(key) ?? 0;
    this.#earlier.set(key, earlier + 1);
    return earlier === 0 ? first : this.#digest([...this.#prefix, ...named, String(earlier)]);
  }

  #digest(values: readonly string[]): Buffer {
    return createHash('sha256').update(canonicalJson(values)).digest();
  }
}

async function ensureTable(
  connection: Connection,
  source: string,
  names: ReadonlyMap<string, string>,
): Promise<{ name: string; columns: string[] }> {
  const given = await connection.row<{ sql_name: string }>(
    `SELECT sql_name FROM meta.name WHERE kind = 'source' AND item_group_oid = $1`,
    [source],
  );
  const name = `file_${given?.sql_name}`;
  const table = `raw.${identifier(name)}`;
  await connection.run(`
    CREATE TABLE IF NOT EXISTS ${table} (_key BIGINT NOT NULL, _line BIGINT NOT NULL, _identity BIGINT NOT NULL);
    COMMENT ON TABLE ${table} IS ${literal(`Lines of the files of source ${source}: every cell as text, untouched.`)};
    COMMENT ON COLUMN ${table}._key IS 'Key of the row, from the sequence of all keys.';
    COMMENT ON COLUMN ${table}._line IS 'Line of the file on which the row begins, from 1.';
    COMMENT ON COLUMN ${table}._identity IS 'Identity of the row (docs/identity.md).';`);
  const existing = new Set(await columnNames(connection, name));
  for (const [header, column] of names) {
    if (existing.has(column)) continue;
    const comment = literal(`Column ${header}, as text. NULL in files that have no such column.`);
    await connection.run(`ALTER TABLE ${table} ADD COLUMN ${identifier(column)} VARCHAR;
      COMMENT ON COLUMN ${table}.${identifier(column)} IS ${comment};`);
  }
  const columns = (await columnNames(connection, name)).filter((column) => !column.startsWith('_'));
  return { name, columns };
}

async function columnNames(connection: Connection, table: string): Promise<string[]> {
  const rows = await connection.rows<{ column_name: string }>(
    `SELECT column_name FROM duckdb_columns() WHERE schema_name = 'raw' AND table_name = $1 ORDER BY column_index`,
    [table],
  );
  return rows.map((row) => row.column_name);
}

async function insertQuarantined(connection: Connection, rows: readonly InsertRow[]): Promise<void> {
  if (rows.length === 0) return;
  const last = await connection.row<{ last: bigint }>(
    'SELECT coalesce(max(quarantine_key), 0) AS last FROM raw.quarantine',
  );
  const first = Number(last?.last ?? 0) + 1;
  for (const [index, row] of rows.entries()) {
    const { delivery_key, part_ordinal, line, place, length, code, reason, sha256, bytes } = row;
    await connection.run(
      `INSERT INTO raw.quarantine VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, from_base64($10), NULL)`,
      [first + index, delivery_key, part_ordinal, line, place, length, code, reason, sha256, bytes] as never,
    );
  }
}

async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  file: SourceFile,
  content: { hash: ReturnType<typeof createHash>; size: number },
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of chunks) {
      content.hash.update(chunk);
      content.size += chunk.length;
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new WarehouseError({
      kind: 'data',
      code: 'CSV_ENCODING',
      message: `The file is not ${encoding}: there are bytes that this encoding does not have before byte ${content.size}.`,
      place: { file: file.name, byte: content.size },
      next: `Say what it is under encoding: of its source in warehouse.yml.`,
      cause: error,
    });
  }
}

async function* records(texts: AsyncIterable<string>, source: CsvSource, file: SourceFile): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter: source.delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    raw: true,
  });
  const feed = (async () => {
    for await (const text of texts) {
      if (!parser.write(text)) await new Promise<void>((resolve) => parser.once('drain', resolve));
    }
    parser.end();
  })().catch((error: unknown) => parser.destroy(error as Error));
  try {
    for await (const record of parser) yield record as CsvRecord;
    await feed;
  } catch (error) {
    if (error instanceof WarehouseError) throw error;
    const { code, lines, message } = error as CsvError & { lines?: number };
    if (typeof code !== 'string' || !/QUOTE|RECORD|COLUMN/.test(code)) throw error;
    throw csvError(file, 'CSV_MALFORMED', `The file is not RFC 4180: ${message}.`, lines);
  }
}

function checkedHeader(file: SourceFile, headers: readonly string[], source: CsvSource): readonly string[] {
  const seen = new Set<string>();
  for (const [index, header] of headers.entries()) {
    if (header === '') throw csvError(file, 'CSV_HEADER', `Column ${index + 1} has no name in the header.`, 1);
    if (seen.has(header)) throw csvError(file, 'CSV_HEADER', `The header names column ${header} twice.`, 1);
    seen.add(header);
  }
  const missing = source.keys.find((key) => !seen.has(key));
  if (missing !== undefined) throw csvError(file, 'CSV_KEY', `The key column ${missing} is not in the header.`, 1);
  return headers;
}

function csvError(file: SourceFile, code: string, message: string, line: number | undefined): WarehouseError {
  const next = 'Nothing of this file was loaded. Correct it and build again.';
  return new WarehouseError({ kind: 'data', code, message, place: { file: file.name, line }, next });
}
