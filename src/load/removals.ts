import type { Connection } from '../store/connection.ts';

/**
 * Notes which item groups of a source are live before a delivery; returns how many.
 * state must be that of the deliveries before.
 */
export async function liveBefore(connection: Connection, source: string): Promise<number> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE live_before AS
     SELECT DISTINCT g.identity, coalesce(s.site_code, 0) AS site_code
     FROM state.item_group_data g
     JOIN state.part p ON g.key BETWEEN p.first_key AND p.last_key AND p.superseded_by IS NULL AND p.source = $1
     JOIN raw.subject_data x ON x.key = g.subject_data_key
     LEFT JOIN state.subject s ON s.identity = x.identity`,
    [source],
  );
  const row = await connection.row<{ count: bigint }>('SELECT count(*) AS count FROM live_before');
  return Number(row?.count ?? 0);
}

interface Finding {
  total: bigint;
  gone: bigint;
  sites: string | null;
}

/**
 * What of live_before is live no longer although no record removed it, told in words if it is more than `threshold`
 * of all or the whole of a site; undefined if not. state must be that with the delivery.
 */
export async function checkRemovals(connection: Connection, threshold: number): Promise<string | undefined> {
  const found = await connection.row<Finding>(`
    WITH verdict AS (
      SELECT b.identity, b.site_code,
        b.identity NOT IN (SELECT identity FROM state.item_group_data)
        AND b.identity NOT IN (
          SELECT g.identity FROM state.superseded_element e JOIN raw.item_group_data g ON g.key = e.item_group_data_key
          WHERE e.reason = 'removed') AS gone
      FROM live_before b
    )
    SELECT count(*) AS total, count(*) FILTER (gone) AS gone, (
      SELECT string_agg(coalesce(d.text, '(none)'), ', ' ORDER BY d.text) FROM (
        SELECT site_code FROM verdict GROUP BY site_code HAVING bool_and(gone)
      ) s LEFT JOIN raw.dictionary d ON d.code = s.site_code) AS sites
    FROM verdict`);
  if (found === undefined || found.gone === 0n) return undefined;
  const share = Number(found.gone) / Number(found.total);
  if (share <= threshold && found.sites === null) return undefined;
  const percent = (share * 100).toFixed(1);
  const sites = found.sites === null ? '' : ` Nothing would be left of site ${found.sites}.`;
  return `The delivery would remove ${found.gone} of ${found.total} live item groups (${percent} %) because it does not hold them.${sites}`;
}
