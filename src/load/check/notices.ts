import type { WarehouseEvent } from '../../lib/events.ts';
import { listed } from '../../lib/listed.ts';
import type { CsvSource } from '../../project/source.ts';
import { type Connection, identifier } from '../../store/connection.ts';
import { fileTable } from '../csv/table.ts';
import { type KeyRange, within } from '../key-range.ts';
import type { TakenDelivery } from '../pending/pending-delivery.ts';
import type { StandingPart } from '../removal/standing-parts.ts';
import type { SourceFile } from '../source-file.ts';

/** Says which files of other names a delivery of a CSV source takes the place of. */
export function replacedFiles({ source, parts }: TakenDelivery, before: readonly StandingPart[]): WarehouseEvent[] {
  const present = parts.map(({ file }) => file.name);
  const replaced = [...new Set(before.map(({ name }) => name))].filter((name) => !present.includes(name));
  if (replaced.length === 0) return [];
  const next = 'If both are to stand, say "delivery: together" under the source in warehouse.yml and keep both files.';
  return [
    {
      event: 'notice',
      code: 'SOURCE_REPLACED',
      message: `Source ${source.name}: ${listed(present)} ${present.length === 1 ? 'replaces' : 'replace'} ${listed(replaced)}.`,
      ...(source.format === 'csv' && source.delivery === undefined && { next }),
    },
  ];
}

interface Rival {
  name: string;
  delivery: bigint;
  time: string;
  is_later: boolean;
}

/** Says where an ODM file gives for itself the same time as another content that came under its name before. */
export async function sameTime(
  connection: Connection,
  { source }: TakenDelivery,
  deliveryKey: number,
): Promise<WarehouseEvent[]> {
  if (source.format !== 'odm') return [];
  const rival = await connection.row<Rival>(
    `SELECT n.name, p.delivery_key AS delivery, coalesce(n.as_of_datetime, n.creation_datetime) AS time,
       p.content_sha256 > n.content_sha256 AS is_later
     FROM raw.part n JOIN raw.part p ON p.name = n.name AND p.delivery_key < n.delivery_key
       AND p.content_sha256 <> n.content_sha256 AND p.creation_utc IS NOT DISTINCT FROM n.creation_utc
       AND coalesce(p.as_of_utc, p.creation_utc) = coalesce(n.as_of_utc, n.creation_utc)
     JOIN raw.delivery d ON d.delivery_key = p.delivery_key AND d.source = $1
     WHERE n.delivery_key = $2
     ORDER BY p.delivery_key DESC LIMIT 1`,
    [source.name, deliveryKey],
  );
  if (rival === undefined) return [];
  const { name, delivery, time, is_later } = rival;
  return [
    {
      event: 'notice',
      code: 'SOURCE_SAME_TIME',
      message:
        `${name} has other bytes than in delivery ${delivery}, but gives the same time for itself, ${time}. By the order of ` +
        `their hashes, ${is_later ? 'the earlier delivery counts as the later state' : 'this delivery counts as the later state'}.`,
      next: 'Ask the sender for files whose CreationDateTime says which is later.',
    },
  ];
}

/**
 * Says where an ODM file that gives no time for itself comes after one of a later name that gives none either: their
 * order is that of arrival, and in a build from nothing that of names.
 */
export async function withoutTime(
  connection: Connection,
  { source }: TakenDelivery,
  deliveryKey: number,
): Promise<WarehouseEvent[]> {
  if (source.format !== 'odm') return [];
  const rival = await connection.row<{ name: string; other: string }>(
    `SELECT n.name, p.name AS other
     FROM raw.part n JOIN raw.part p ON p.name > n.name AND p.delivery_key < n.delivery_key
       AND p.content_sha256 <> n.content_sha256 AND coalesce(p.as_of_utc, p.creation_utc) IS NULL
     JOIN raw.delivery d ON d.delivery_key = p.delivery_key AND d.source = $1
     WHERE n.delivery_key = $2 AND coalesce(n.as_of_utc, n.creation_utc) IS NULL
     ORDER BY p.delivery_key DESC LIMIT 1`,
    [source.name, deliveryKey],
  );
  if (rival === undefined) return [];
  return [
    {
      event: 'notice',
      code: 'SOURCE_NO_TIME',
      message:
        `${rival.name} and ${rival.other} say by neither AsOfDateTime nor CreationDateTime of what time they are: ${rival.name} ` +
        `counts as the later because it came later. A build from nothing goes by names: ${rival.other} would be the later.`,
      next: 'Ask the sender for files with a CreationDateTime, which ODM requires.',
    },
  ];
}

const LAST_STANDS = 'Of such rows only the last of the file stands.';
const ALL_STAND =
  'All of them stand, told apart by nothing but their order in the file: where that changes, one passes for the other.';

interface Repeats {
  rows: bigint;
  line: bigint;
  earlier: bigint;
}

/** Says how many rows of a file that has just landed have keys that an earlier row of it has. */
export async function repeatedKeys(
  connection: Connection,
  source: CsvSource,
  file: SourceFile,
  range: KeyRange,
): Promise<WarehouseEvent[]> {
  if (source.keys.length === 0) return [];
  const rows = `raw.${identifier(await fileTable(connection, source.name))} WHERE ${within('_key', [range])}`;
  const keys = 'coalesce(_repeats, _identity)';
  const found = await connection.row<Repeats>(
    `SELECT count(*) AS rows, min_by(_line, _key) AS line, min_by(earlier, _key) AS earlier
     FROM (
       SELECT _key, _line, lag(_line) OVER (PARTITION BY ${keys} ORDER BY _key) AS earlier
       FROM ${rows} AND ${keys} IN (SELECT _repeats FROM ${rows} AND _repeats IS NOT NULL)
     )
     WHERE earlier IS NOT NULL HAVING count(*) > 0`,
  );
  if (found === undefined) return [];
  return [
    {
      event: 'notice',
      code: 'SOURCE_KEYS_REPEAT',
      message:
        `Source ${source.name}: ${found.rows} ${found.rows === 1n ? 'row' : 'rows'} of ${file.name} with the keys of an earlier row of it; ` +
        `the first, line ${found.line}, has those of line ${found.earlier}. ${source.covers === 'increment' ? LAST_STANDS : ALL_STAND}`,
      next: `If they are different records, add the column that tells them apart to keys: of source ${source.name} in warehouse.yml; else ask the sender why they come twice.`,
    },
  ];
}
