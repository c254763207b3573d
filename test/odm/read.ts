import type { Batch, Column } from '../../src/lib/batch.ts';
import type { OdmNode } from '../../src/odm/definition.ts';
import { Dictionary } from '../../src/odm/dictionary.ts';
import type { OdmTableName } from '../../src/odm/layout.ts';
import { OdmReader, type OdmReaderOptions, type OdmSummary, type SubjectAlias } from '../../src/odm/reader.ts';

export type Value = string | number | bigint | null;
export type Row = Record<string, Value>;

export interface Reading {
  tables: Partial<Record<OdmTableName, Row[]>>;
  /** Rows of a table; none if it has no batch. */
  rows(table: OdmTableName): Row[];
  /** The same with these columns only. */
  pick(table: OdmTableName, ...columns: string[]): Value[][];
  summary: OdmSummary;
  definitions: OdmNode[];
  aliases: SubjectAlias[];
  batches: number;
}

type ReadOptions = Partial<OdmReaderOptions> & {
  /** Length of the next chunk. */
  cut?: () => number;
};

function cell(column: Column, row: number, dictionary: Dictionary): Value {
  if (column.validity !== undefined && ((column.validity[row >> 3] >> (row & 7)) & 1) === 0) return null;
  if (column.kind === 'utf8') {
    return Buffer.from(column.bytes.subarray(column.offsets[row], column.offsets[row + 1])).toString();
  }
  const { type } = column.layout;
  if (type === 'int64' || type === 'timestamp') {
    const exact = (BigInt(column.values[2 * row + 1]) << 32n) | BigInt(column.values[2 * row] >>> 0);
    return /identity|content_hash|utc/.test(column.layout.name) ? exact : Number(exact);
  }
  return column.layout.dictionary ? dictionary.text(column.values[row]) : column.values[row];
}

function rowsOf(batch: Batch, dictionary: Dictionary): Row[] {
  return Array.from({ length: batch.length }, (_, row) =>
    Object.fromEntries(batch.columns.map((column) => [column.layout.name, cell(column, row, dictionary)])),
  );
}

/** Reads a document into rows, dictionary codes resolved. The study is (edc, Prod, VEXIN-03), keys begin at 1. */
export function read(document: string | Uint8Array, { cut = () => 1 << 16, ...options }: ReadOptions = {}): Reading {
  const dictionary = new Dictionary();
  const tables: Reading['tables'] = {};
  const definitions: OdmNode[] = [];
  const aliases: SubjectAlias[] = [];
  let batches = 0;
  const reader = new OdmReader({
    engine: 'tokenizer',
    system: 'edc',
    environment: 'Prod',
    study: 'VEXIN-03',
    firstKey: 1,
    dictionary,
    onDefinition: (node) => definitions.push(node),
    onAlias: (alias) => aliases.push(alias),
    onBatch: (batch) => {
      batches++;
      const table = batch.table.name as OdmTableName;
      tables[table] = [...(tables[table] ?? []), ...rowsOf(batch, dictionary)];
    },
    ...options,
  });
  const bytes = typeof document === 'string' ? Buffer.from(document) : document;
  for (let at = 0; at < bytes.length; ) {
    const length = cut();
    reader.write(bytes.subarray(at, at + length));
    at += length;
  }
  const summary = reader.end();
  const rows = (table: OdmTableName) => tables[table] ?? [];
  const pick = (table: OdmTableName, ...columns: string[]) =>
    rows(table).map((row) => columns.map((name) => row[name]));
  return { tables, rows, pick, summary, definitions, aliases, batches };
}

/** What of a reading must not depend on engine or chunks. */
export function comparable({ tables, summary, definitions, aliases }: Reading): unknown {
  return { tables, summary, definitions, aliases };
}

const ATTRIBUTES =
  'xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileOID="F" CreationDateTime="2026-01-05T08:00:00Z"';

/** An ODM 1.3 document around some content. */
export function odm(content: string, { fileType = 'Snapshot', more = '' } = {}): string {
  return `<ODM ${ATTRIBUTES} FileType="${fileType}"${more}>${content}</ODM>`;
}

/** A document with one subject, S1, with this content. */
export function subject(
  content: string,
  options: { fileType?: string; more?: string; clinicalData?: string } = {},
): string {
  const { clinicalData = '' } = options;
  return odm(
    `<ClinicalData StudyOID="ST" MetaDataVersionOID="M"${clinicalData}><SubjectData SubjectKey="S1">${content}</SubjectData></ClinicalData>`,
    options,
  );
}

/** A document with one item group of S1, in event SE and form F. */
export function group(items: string, options: Parameters<typeof subject>[1] & { group?: string } = {}): string {
  return subject(
    `<StudyEventData StudyEventOID="SE"><FormData FormOID="F"><ItemGroupData ItemGroupOID="IG"${options.group ?? ''}>${items}</ItemGroupData></FormData></StudyEventData>`,
    options,
  );
}
