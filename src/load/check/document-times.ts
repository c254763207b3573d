import type { WarehouseEvent } from '../../lib/events.ts';
import type { Connection } from '../../store/connection.ts';
import type { TakenDelivery } from '../pending-delivery.ts';

interface Rival {
  name: string;
  delivery: bigint;
  time: string;
  is_later: boolean;
  /** Whether of one of the two spans were put aside. */
  is_partial: boolean;
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
       (p.complete, p.content_sha256) > (n.complete, n.content_sha256) AS is_later, p.complete <> n.complete AS is_partial
     FROM raw.part n JOIN raw.part p ON p.name = n.name AND p.delivery_key < n.delivery_key
       AND p.content_sha256 <> n.content_sha256 AND p.reader_fingerprint = n.reader_fingerprint
       AND p.creation_utc IS NOT DISTINCT FROM n.creation_utc
       AND coalesce(p.as_of_utc, p.creation_utc) = coalesce(n.as_of_utc, n.creation_utc)
     JOIN raw.delivery d ON d.delivery_key = p.delivery_key AND d.source = $1
     WHERE n.delivery_key = $2
     ORDER BY p.delivery_key DESC LIMIT 1`,
    [source.name, deliveryKey],
  );
  if (rival === undefined) return [];
  const { name, delivery, time, is_later, is_partial } = rival;
  return [
    {
      event: 'notice',
      code: 'SOURCE_SAME_TIME',
      message:
        `${name} has other bytes than in delivery ${delivery}, but gives the same time for itself, ${time}. ` +
        `${is_partial ? 'As the whole one of the two' : 'By the order of their hashes'}, ${is_later ? 'the earlier' : 'this'} delivery counts as the later state.`,
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
       AND p.content_sha256 <> n.content_sha256 AND p.reader_fingerprint = n.reader_fingerprint
       AND coalesce(p.as_of_utc, p.creation_utc) IS NULL
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
