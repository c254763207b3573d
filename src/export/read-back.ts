import { WarehouseError } from '../lib/errors.ts';
import type { Connection } from '../store/connection.ts';
import { type Dataset, orderBy, selection } from './dataset.ts';

/** The rows that a file should hold, as `_row`, their place from 1, and `_hash`, the given SQL over their columns. */
export function expectedRows(dataset: Dataset, hash: string): string {
  return `SELECT row_number() OVER (ORDER BY ${orderBy(dataset)}) AS _row, ${hash} AS _hash FROM (${selection(dataset)})`;
}

/**
 * Compares two relations of `_row` and `_hash`.
 * @throws fault EXPORT_READ_BACK, naming the first row that differs or is in one of them only.
 */
export async function compareRows(
  connection: Connection,
  dataset: Dataset,
  { expected, found }: { expected: string; found: string },
): Promise<void> {
  const first = await connection.row<{ row: bigint | null }>(
    `SELECT min(_row) AS row FROM (${expected}) AS expected FULL JOIN (${found}) AS found USING (_row)
     WHERE expected._hash IS DISTINCT FROM found._hash`,
  );
  if (first !== undefined && first.row !== null) throw differs(dataset, `row ${first.row}`);
}

export function differs(dataset: Dataset, what: string, column?: string): WarehouseError {
  const name = column === undefined ? dataset.name : `${dataset.name}.${column}`;
  return new WarehouseError({
    kind: 'fault',
    code: 'EXPORT_READ_BACK',
    message: `${name}, ${what}: the file that was written does not hold what ${dataset.table} holds.`,
    place: { model: dataset.table },
    next: 'No file of this export was put in its place. Report this with the columns and types of the dataset.',
  });
}
