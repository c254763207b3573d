import type { CsvSource } from '../../project/source.ts';
import { type Connection, identifier } from '../../store/connection.ts';
import { fileTable } from '../csv/table.ts';
import { type KeyRange, within } from '../key-range.ts';
import type { PartContent } from '../load-context.ts';
import { readerFingerprint } from '../reader-fingerprint.ts';
import type { StandingPart } from '../standing-parts.ts';
import { percent, type Removal } from './item-group-removals.ts';

/** Whether the rows of a delivery have the identities of those before, where they are the same rows. */
export function areComparable(source: CsvSource, before: readonly StandingPart[]): boolean {
  const fingerprint = readerFingerprint(source);
  return source.keys.length > 0 && before.every((part) => part.readerFingerprint === fingerprint);
}

/** Whether keys stand more than once in one of these parts, so that they name several rows. */
export async function repeatKeys(
  connection: Connection,
  source: CsvSource,
  parts: readonly KeyRange[],
): Promise<boolean> {
  const table = `raw.${identifier(await fileTable(connection, source.name))}`;
  const sql = `SELECT 1 AS one FROM ${table} WHERE _repeats IS NOT NULL AND ${within('_key', parts)} LIMIT 1`;
  return (await connection.row(sql)) !== undefined;
}

interface Compared {
  live: bigint;
  gone: bigint;
  added: bigint;
  first_key: bigint | null;
}

/**
 * What a delivery of a CSV source that covers the study removes, if that is more than `threshold` of its live rows.
 *
 * Rows are compared by identity, which is that of their key columns. Without keys the whole row is its identity, so that
 * a changed row looks like one removed and one added; and identities that were read under other settings say nothing.
 * Then what counts is by how many rows it holds fewer: no fewer than that were removed.
 */
export async function rowRemovals(
  connection: Connection,
  source: CsvSource,
  before: readonly StandingPart[],
  contents: readonly PartContent[],
  threshold: number,
): Promise<Removal | undefined> {
  if (before.length === 0) return undefined;
  const table = `raw.${identifier(await fileTable(connection, source.name))}`;
  const found = await connection.row<Compared>(`
    WITH before AS (SELECT _identity, min(_key) AS key FROM ${table} WHERE ${within('_key', before)} GROUP BY _identity),
    after AS (SELECT DISTINCT _identity FROM ${table} WHERE ${within('_key', contents)})
    SELECT (SELECT count(*) FROM before) AS live, count(*) AS gone, min(key) AS first_key,
      (SELECT count(*) FROM after ANTI JOIN before USING (_identity)) AS added
    FROM before ANTI JOIN after USING (_identity)`);
  if (found === undefined) return undefined;
  const live = Number(found.live);
  const isComparable = areComparable(source, before);
  const removed = isComparable ? Number(found.gone) : Number(found.gone - found.added);
  if (removed <= 0 || removed / live <= threshold) return undefined;
  const share = `${removed} of ${live} live rows of source ${source.name} (${percent(removed, live)})`;
  const message = isComparable
    ? `The delivery would remove ${share} because it does not hold them; the first is ${await placeOf(connection, table, before, found.first_key)}.`
    : `The delivery would remove at least ${share}: it holds that many fewer.`;
  return { removed, live, message };
}

async function placeOf(
  connection: Connection,
  table: string,
  parts: readonly StandingPart[],
  key: bigint | null,
): Promise<string> {
  const part = parts.find(({ firstKey, lastKey }) => key! >= (firstKey ?? key! + 1n) && key! <= (lastKey ?? -1n));
  const row = await connection.row<{ line: bigint }>(`SELECT _line AS line FROM ${table} WHERE _key = $1`, [key]);
  return `line ${row?.line} of ${part?.name} in delivery ${part?.deliveryKey}`;
}
