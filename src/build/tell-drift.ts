import type { EventSink } from '../lib/events.ts';
import { listed } from '../lib/listed.ts';
import type { Delivered } from '../load/deliver.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';
import { commandFor } from './warehouse.ts';

interface Drift {
  delivery: bigint;
  source: string;
  part: string;
  /** JSON: `item: added 2, removed 1`. */
  levels: string;
  /** JSON: `ae.aesev (3)`, or null for none. */
  affected: string | null;
}

/** Says what each file of these deliveries changed in the definitions (recon.schema_drift), which has to be there. */
export async function tellDrift(
  connection: Connection,
  { target }: Pick<Project, 'target'>,
  deliveries: readonly Delivered[],
  events: EventSink,
): Promise<void> {
  if (deliveries.length === 0) return;
  const where = `delivery_key IN (${deliveries.map(({ deliveryKey }) => deliveryKey).join(', ')})`;
  // Most deliveries bring no definitions, or the same again.
  if ((await connection.row(`SELECT 1 FROM recon._version_step WHERE ${where} LIMIT 1`)) === undefined) return;
  for (const { delivery, source, part, levels, affected } of await connection.rows<Drift>(driftOf(where))) {
    const columns = affected === null ? [] : (JSON.parse(affected) as string[]);
    events({
      event: 'notice',
      code: 'SOURCE_DEFINITIONS',
      message:
        `Source ${source}: ${part} changes definitions (${(JSON.parse(levels) as string[]).join('; ')}).` +
        (columns.length === 0 ? '' : ` Live values are affected in ${listed(columns)}.`),
      next: `See them: ${commandFor(target, 'query')} "FROM recon.schema_drift WHERE delivery_key = ${delivery}".`,
    });
  }
}

const driftOf = (where: string) => `
  WITH drift AS MATERIALIZED (FROM recon.schema_drift WHERE ${where}),
  -- One change, whatever the number of columns that it concerns.
  change AS (
    SELECT delivery_key, source, part, level, change,
      count(DISTINCT (oid, coded_value, CASE level WHEN 'item' THEN item_group_oid END)) AS changes
    FROM drift GROUP BY ALL
  ),
  told AS (
    SELECT delivery_key, source, part, level, level || ': ' || string_agg(change || ' ' || changes, ', ' ORDER BY change) AS text
    FROM change GROUP BY delivery_key, source, part, level
  ),
  hit AS (
    SELECT delivery_key, part, table_name || '.' || column_name || ' (' || sum(affected_count) || ')' AS text
    FROM drift WHERE affected_count > 0 GROUP BY delivery_key, part, table_name, column_name
  )
  SELECT t.delivery_key AS delivery, t.source, t.part, to_json(list(t.text ORDER BY t.level))::VARCHAR AS levels,
    (SELECT to_json(list(h.text ORDER BY h.text))::VARCHAR FROM hit h WHERE h.delivery_key = t.delivery_key AND h.part = t.part) AS affected
  FROM told t GROUP BY t.delivery_key, t.source, t.part ORDER BY t.delivery_key, t.part`;
