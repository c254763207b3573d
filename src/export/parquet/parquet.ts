import { canonicalJson } from '../../lib/canonical-json.ts';
import { identifier, literal } from '../../store/connection.ts';
import { describe } from '../../store/describe.ts';
import { type Dataset, orderBy, selection } from '../dataset.ts';
import type { ExportFormat, FilePlan, FormatContext } from '../format.ts';
import { compareRows, differs, expectedRows } from '../read-back.ts';

/** Parquet, written by DuckDB. Labels stand in the file's key-value metadata. */
export const parquet: ExportFormat = { name: 'parquet', extension: 'parquet', plan };

/** Pinned, because each of them is in the bytes. */
const OPTIONS = 'FORMAT parquet, CODEC zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 122880, PARQUET_VERSION v1';

async function plan(dataset: Dataset, { connection }: FormatContext): Promise<FilePlan> {
  return {
    refusals: [],
    write: (path) =>
      connection.run(
        `COPY (${selection(dataset)} ORDER BY ${orderBy(dataset)}) TO ${literal(path)} (${OPTIONS}, KV_METADATA ${metadata(dataset)})`,
      ),
    verify: async (path) => {
      const file = `read_parquet(${literal(path)}, file_row_number = true)`;
      const columns = await describe(connection, `SELECT * EXCLUDE (file_row_number) FROM ${file}`);
      const found = columns.map((column) => [column.name, column.type]);
      const expected = dataset.columns.map((column) => [column.name, column.type]);
      if (JSON.stringify(found) !== JSON.stringify(expected)) throw differs(dataset, 'the types of its columns');
      const hash = `hash(${dataset.columns.map((column) => identifier(column.name)).join(', ')})`;
      await compareRows(connection, dataset, {
        expected: expectedRows(dataset, hash),
        found: `SELECT file_row_number + 1 AS _row, ${hash} AS _hash FROM ${file}`,
      });
    },
  };
}

/** A DuckDB struct: the name and label of the dataset, its keys, and the labels of its columns as JSON. */
function metadata({ name, label, keys, columns }: Dataset): string {
  const labels = Object.fromEntries(columns.flatMap((column) => (column.label ? [[column.name, column.label]] : [])));
  const entries = { dataset: name, label, keys: canonicalJson(keys), column_labels: canonicalJson(labels) };
  return `{${Object.entries(entries)
    .map(([key, value]) => `${key}: ${literal(value)}`)
    .join(', ')}}`;
}
