import { identifier, literal } from '../../store/connection.ts';
import { type Dataset, orderBy, selection } from '../dataset.ts';
import type { ExportFormat, FilePlan, FormatContext } from '../format.ts';
import { compareRows, expectedRows } from '../read-back.ts';

/** CSV by RFC 4180, but for line ends: UTF-8, line feeds, a header, quotes where they are needed, nothing for null. */
export const csv: ExportFormat = { name: 'csv', extension: 'csv', plan };

const DIALECT = `DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR ''`;

async function plan(dataset: Dataset, { connection }: FormatContext): Promise<FilePlan> {
  return {
    refusals: [],
    write: (path) =>
      connection.run(
        `COPY (${selection(dataset)} ORDER BY ${orderBy(dataset)}) TO ${literal(path)} (FORMAT csv, HEADER true, COMPRESSION none, ${DIALECT})`,
      ),
    verify: (path) => {
      const hash = `hash(${dataset.columns.map(({ name }) => `coalesce(${identifier(name)}::VARCHAR, '')`).join(', ')})`;
      const header = `SELECT 0 AS _row, hash(${dataset.columns.map(({ name }) => literal(name)).join(', ')}) AS _hash`;
      return compareRows(connection, dataset, {
        expected: `${header} UNION ALL ${expectedRows(dataset, hash)}`,
        found: `SELECT row_number() OVER () - 1 AS _row, ${hash} AS _hash FROM ${readCsv(dataset, path)}`,
      });
    },
  };
}

/** The header is row 0. Every column as text, nothing guessed, one thread, so that rows come in the order of the file. */
function readCsv(dataset: Dataset, path: string): string {
  const columns = dataset.columns.map(({ name }) => `${literal(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${literal(path)}, auto_detect = false, header = false, delim = ',', quote = '"',
    escape = '"', nullstr = '', compression = 'none', parallel = false, strict_mode = true, columns = {${columns}})`;
}
