import type { WarehouseEvent } from '../../lib/events.ts';
import { listed } from '../../lib/listed.ts';
import type { Connection } from '../../store/connection.ts';
import type { TakenDelivery } from '../pending-delivery.ts';

/** Notes how many values of each item a source has live before a delivery. state must be that of those before. */
export async function valuesBefore(connection: Connection, source: string): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE values_before AS ${LIVE_VALUES} GROUP BY ALL`, [source]);
}

interface AbsentItem {
  item_group: string;
  item: string;
  live: bigint;
}

/**
 * Says of which items a source has no live value any more since a delivery: an item that a snapshot leaves out takes no
 * item group with it, so that no threshold guards it. state must be that with the delivery.
 */
export async function absentItems(
  connection: Connection,
  { source, parts }: TakenDelivery,
  deliveryKey: number,
): Promise<WarehouseEvent[]> {
  const absent = await connection.rows<AbsentItem>(
    `WITH delivered AS (
       SELECT DISTINCT g.item_group_code, i.item_code
       FROM raw.item_data i JOIN raw.item_group_data g ON g.key = i.item_group_data_key
       JOIN (SELECT DISTINCT first_key, last_key FROM raw.part WHERE delivery_key = $2) p
         ON g.key BETWEEN p.first_key AND p.last_key
       WHERE i.value <> ''
     ),
     candidate AS (FROM values_before ANTI JOIN delivered USING (item_group_code, item_code))
     SELECT item_group.text AS item_group, item.text AS item, c.live
     FROM candidate c
     ANTI JOIN (${LIVE_VALUES} AND i.item_code IN (SELECT item_code FROM candidate) GROUP BY ALL) n
       USING (item_group_code, item_code)
     JOIN raw.dictionary item_group ON item_group.code = c.item_group_code
     JOIN raw.dictionary item ON item.code = c.item_code
     ORDER BY item_group, item`,
    [source.name, deliveryKey],
  );
  if (absent.length === 0) return [];
  const items = absent.map(({ item_group, item, live }) => `${item} of ${item_group} (${live} before)`);
  return [
    {
      event: 'notice',
      code: 'SOURCE_ITEM_ABSENT',
      message: `Source ${source.name}: since ${listed(parts.map(({ file }) => file.name))} no value is left of ${listed(items)}.`,
      next: 'Ask the sender whether that is meant. recon.absent_items lists such items with the last delivery that had values of them.',
    },
  ];
}

const LIVE_VALUES = `
  SELECT g.item_group_code, i.item_code, count(*) AS live
  FROM state.item_data i JOIN state.item_group_data g ON g.key = i.item_group_data_key
  JOIN state._live_part(NULL, NULL::TIMESTAMP) p ON p.block = state._block(g.key)
    AND g.key BETWEEN p.first_key AND p.last_key AND p.part.source = $1
  WHERE i.value <> ''`;
