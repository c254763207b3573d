import type { WarehouseEvent } from '../../lib/events.ts';
import type { Connection } from '../../store/connection.ts';
import { type KeyRange, within } from '../key-range.ts';
import type { TakenDelivery } from '../pending-delivery.ts';

interface Found {
  name: string;
  cells: bigint;
  subject: string | null;
  item: string;
  place: bigint;
}

/**
 * Says where an ODM document that is of one moment contradicts itself: it holds a record twice, or an item twice in one,
 * with other values. What stands later in the document counts (docs/state.md).
 */
export async function saidTwice(
  connection: Connection,
  { source }: TakenDelivery,
  deliveryKey: number,
): Promise<WarehouseEvent[]> {
  if (source.format !== 'odm') return [];
  const parts = await connection.rows<KeyRange>(
    `SELECT first_key AS "firstKey", last_key AS "lastKey" FROM raw.part
     WHERE delivery_key = $1 AND first_key IS NOT NULL AND file_type IS DISTINCT FROM 'Transactional'`,
    [deliveryKey],
  );
  const isOfIt = within('g.key', parts);
  // Neighbours in order take half the time and memory that groups do.
  const twice = `SELECT identity FROM (
    SELECT identity, lag(identity) OVER (ORDER BY identity) AS before FROM raw.item_group_data g WHERE ${isOfIt}
  ) WHERE identity = before`;
  // Mostly there is none, and then no item is looked at.
  if ((await connection.row(`${twice} LIMIT 1`)) === undefined) return [];
  const found = await connection.row<Found>(
    `WITH record AS MATERIALIZED (
       SELECT g.key, g.identity, g.subject_data_key, g.place, p.name
       FROM raw.item_group_data g JOIN raw.part p ON p.delivery_key = $1 AND g.key BETWEEN p.first_key AND p.last_key
       WHERE ${isOfIt} AND g.identity IN (${twice})
     ),
     cell AS (
       SELECT i.item_code, max_by({name: r.name, subject: r.subject_data_key, place: r.place}, r.key) AS later
       FROM record r JOIN (FROM raw.item_data WHERE item_group_data_key IN (SELECT key FROM record)) i ON i.item_group_data_key = r.key
       WHERE i.flags & 4 = 0
       GROUP BY r.identity, i.item_code, i.sequence HAVING count(DISTINCT {value: i.value, is_null: i.flags & 2}) > 1
     )
     SELECT later.name AS name, count(*) OVER () AS cells, s.subject_key AS subject, d.text AS item, later.place AS place
     FROM cell JOIN raw.dictionary d ON d.code = item_code LEFT JOIN raw.subject_data s ON s.key = later.subject
     ORDER BY later.place, item LIMIT 1`,
    [deliveryKey],
  );
  if (found === undefined) return [];
  const { name, cells, subject, item, place } = found;
  return [
    {
      event: 'notice',
      code: 'SOURCE_SAID_TWICE',
      message:
        `${name} is a snapshot, and gives ${cells} ${cells === 1n ? 'item' : 'items'} of the same record more than one value; the first is ${item}` +
        `${subject === null ? '' : ` of subject ${subject}`}, the second time at byte ${place}. What stands last in the file counts.`,
      next: 'Ask the sender which is right. What was said before is in recon.changed (reason replaced).',
    },
  ];
}
