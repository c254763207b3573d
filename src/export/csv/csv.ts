import { type Connection, identifier, literal } from '../../store/connection.ts';
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
    verify: async (path) => {
      const hash = `hash(${dataset.columns.map(({ name }) => `coalesce(${identifier(name)}::VARCHAR, '')`).join(', ')})`;
      const header = `SELECT 0 AS _row, hash(${dataset.columns.map(({ name }) => literal(name)).join(', ')}) AS _hash`;
      return compareRows(connection, dataset, {
        expected: `${header} UNION ALL ${expectedRows(dataset, hash)}`,
        found: `SELECT row_number() OVER () - 1 AS _row, ${hash} AS _hash FROM ${readCsv(dataset, path, await longestLine(connection, dataset))}`,
      });
    },
  };
}

/** Bytes of a line that DuckDB reads where nothing else is said. */
const DEFAULT_LINE = 2_000_000;

/** Bytes that no line of the file is longer than: every byte of a value may be a quote, which is doubled. */
async function longestLine(connection: Connection, dataset: Dataset): Promise<number> {
  const names = dataset.columns.map(({ name }) => Buffer.byteLength(name));
  const header = names.reduce((sum, bytes) => sum + 2 * bytes + 3, 0);
  const bytes = dataset.columns.map(({ name }) => `2 * coalesce(strlen(${identifier(name)}::VARCHAR), 0) + 3`);
  const row = await connection.row<{ longest: bigint | null }>(
    `SELECT max(${bytes.join(' + ')})::BIGINT AS longest FROM (${selection(dataset)})`,
  );
  return Math.max(header, Number(row?.longest ?? 0));
}

/** The header is row 0. Every column as text, nothing guessed, one thread, so that rows come in the order of the file. */
function readCsv(dataset: Dataset, path: string, longest: number): string {
  const columns = dataset.columns.map(({ name }) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const size = longest > DEFAULT_LINE ? `, max_line_size = ${longest}` : '';
  return `read_csv(${literal(path)}, auto_detect = false, header = false, delim = ',', quote = '"',
    escape = '"', nullstr = '', compression = 'none', parallel = false, strict_mode = true, columns = {${columns}}${size})`;
}
