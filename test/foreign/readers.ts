import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { expect } from 'vitest';
import { parse } from 'yaml';
import type { Client } from '../helpers/client.ts';
import { hasPython, python } from './python.ts';
import { readWithXportJs } from './xport-js.ts';

interface Rows {
  readonly names: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

type Cell = (value: unknown, type: string) => unknown;

/** A program that shares nothing with this one, and what it makes of a file. */
interface ForeignReader {
  readonly name: string;
  readonly format: 'xpt' | 'parquet' | 'csv';
  /** The reader is installed; true in CI, so that it fails there where it is not. */
  readonly isHere: boolean;
  /** What it reads in a file of a dataset that has `rows` rows. */
  read(path: string, rows: number): Promise<Rows>;
  /** How a cell of the table looks to it, by the equivalence of docs/formats.md. */
  readonly cell: Cell;
}

const isText = (type: string) => type === 'VARCHAR';
const isNumber = (type: string) => /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|DECIMAL\(.*\)|FLOAT|DOUBLE)$/.test(type);

/** Null, the empty text and blanks are one, and blanks at the end are nothing; a number is the double nearest to it. */
const xptCell: Cell = (value, type) => {
  if (isText(type)) return ((value as string | null) ?? '').replace(/ +$/, '');
  if (isNumber(type)) return value === null ? null : Number(value);
  throw new Error(`XPT holds no ${type}.`);
};

export const FOREIGN_READERS: readonly ForeignReader[] = [
  {
    name: 'pyreadstat',
    format: 'xpt',
    isHere: hasPython,
    read: async (path) => {
      const { columns, rows } = python<{ columns: { name: string }[]; rows: unknown[][] }>('read_xpt.py', path);
      return { names: columns.map(({ name }) => name), rows };
    },
    cell: xptCell,
  },
  {
    name: 'xport-js',
    format: 'xpt',
    isHere: true,
    read: async (path, count) => {
      const { variables, rows } = await readWithXportJs(path);
      const width = variables.reduce((sum, { length }) => sum + length, 0);
      // Known defect: it takes filling for rows, and a file is filled up with less than 80 bytes.
      const filling = (rows.length - count) * width < 80 ? rows.slice(0, count) : rows;
      return { names: variables.map(({ name }) => name), rows: filling };
    },
    // Known defect: it drops blanks at the start.
    cell: (value, type) => (isText(type) ? (xptCell(value, type) as string).replace(/^ +/, '') : xptCell(value, type)),
  },
  {
    name: 'hyparquet',
    format: 'parquet',
    isHere: true,
    read: async (path) => {
      const file = await asyncBufferFromFile(path);
      const names = (await parquetMetadataAsync(file)).schema.slice(1).map(({ name }) => name);
      const rows = await parquetReadObjects({ file, compressors });
      return { names, rows: rows.map((row) => names.map((name) => row[name] ?? null)) };
    },
    // DECIMAL comes as a double, and integers of 64 bits as bigint.
    cell: (value, type) => {
      if (value === null || isText(type) || type === 'BOOLEAN') return value;
      if (isNumber(type)) return /BIGINT$/.test(type) ? BigInt(value as number | string) : Number(value);
      throw new Error(`Say how hyparquet reads ${type}.`);
    },
  },
  {
    name: 'the csv module of Python',
    format: 'csv',
    isHere: hasPython,
    read: async (path) => {
      const [names, ...rows] = python<string[][]>('read_csv.py', path);
      // A limit of the format: null in a dataset of one column is an empty line.
      return { names, rows: rows.map((row) => (row.length === 0 ? [''] : row)) };
    },
    // A number is a text that gives it back; DECIMAL comes from the client as text of its scale.
    cell: (value, type) => {
      if (value === null) return '';
      if (type === 'DOUBLE') return expect.toSatisfy((text: string) => Number(text) === value);
      return String(value);
    },
  },
];

/**
 * Holds every exported file of the reader's format against its table in the published file, cell by cell.
 *
 * @returns the datasets compared.
 */
export async function compareExports(reader: ForeignReader, root: string, published: Client): Promise<string[]> {
  const folder = join(root, 'target/export');
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    files: { path: string; format: string; dataset: string }[];
  };
  const files = manifest.files.filter(({ format }) => format === reader.format);
  for (const { path, dataset } of files) {
    const { names, types, rows } = await tableOf(published, root, dataset.toLowerCase());
    const read = await reader.read(join(folder, path), rows.length);
    expect(read.names, path).toEqual(names);
    expect(read.rows.length, path).toBe(rows.length);
    rows.forEach((row, place) => {
      const expected = row.map((value, column) => reader.cell(value, types[column]));
      expect(read.rows[place], `${path}, row ${place + 1}`).toEqual(expected);
    });
  }
  return files.map(({ dataset }) => dataset.toLowerCase());
}

/** What is to be exported of a table, in the order of docs/formats.md: by its keys, then by every column, nulls first. */
async function tableOf(published: Client, root: string, dataset: string) {
  const columns = (await published.rows(
    `SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = 'sdtm' AND table_name = '${dataset}'
     AND NOT starts_with(column_name, '_') ORDER BY column_index`,
  )) as [name: string, type: string][];
  const names = columns.map(([name]) => name);
  const { keys = [] } = parse(readFileSync(join(root, `models/sdtm/${dataset}.yml`), 'utf8')) as { keys?: string[] };
  const order = [...keys, ...names].map((name) => `"${name}" ASC NULLS FIRST`);
  const list = names.map((name) => `"${name}"`);
  const rows = await published.rows(`SELECT ${list} FROM sdtm.${dataset} ORDER BY ${order}`);
  return { names, types: columns.map(([, type]) => type), rows };
}
