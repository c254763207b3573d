import type { Connection } from './connection.ts';
import { DuckDBTimestampValue, LIST, VARCHAR } from './duckdb.ts';

/** As the type of its column is: VARCHAR or JSON, BIGINT, INTEGER, TIMESTAMP, VARCHAR[]. */
type AppendValue = string | bigint | number | Date | readonly string[] | null;

/**
 * Appends rows, each with a value for every column of the table in its order, in the transaction that is open, if one is.
 * For a few rows of bookkeeping, of which a statement takes longer to plan than to carry out.
 */
export async function appendRows(
  connection: Connection,
  schema: string,
  table: string,
  rows: readonly (readonly AppendValue[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const appender = await connection.duck.createAppender(table, schema);
  const append = (value: AppendValue): void => {
    if (value === null) appender.appendNull();
    else if (typeof value === 'string') appender.appendVarchar(value);
    else if (typeof value === 'bigint') appender.appendBigInt(value);
    else if (typeof value === 'number') appender.appendInteger(value);
    else if (value instanceof Date) appender.appendTimestamp(new DuckDBTimestampValue(BigInt(value.getTime()) * 1000n));
    else appender.appendList([...value], LIST(VARCHAR));
  };
  for (const row of rows) {
    row.forEach(append);
    appender.endRow();
  }
  appender.closeSync();
}
