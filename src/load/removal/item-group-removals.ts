import { listed } from '../../lib/listed.ts';
import type { Connection } from '../../store/connection.ts';

/** What a delivery removes by absence, where that is more than it may without being asked. */
export interface Removal {
  readonly removed: number;
  /** Of how many. */
  readonly live: number;
  readonly message: string;
}

/**
 * Notes which item groups of a source are live before a delivery; returns how many.
 * state must be that of the deliveries before.
 */
export async function liveBefore(connection: Connection, source: string): Promise<number> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE live_before AS
     SELECT DISTINCT g.identity, g.item_group_code, x.identity AS subject_identity, coalesce(s.site_code, 0) AS site_code
     FROM state.item_group_data g
     JOIN state._live_part(NULL, NULL::TIMESTAMP) p ON p.block = state._block(g.key)
       AND g.key BETWEEN p.first_key AND p.last_key AND p.part.source = $1
     JOIN raw.subject_data x ON x.key = g.subject_data_key
     LEFT JOIN state.subject s ON s.identity = x.identity`,
    [source],
  );
  const row = await connection.row<{ count: bigint }>('SELECT count(*) AS count FROM live_before');
  return Number(row?.count ?? 0);
}

interface Absences {
  total: bigint;
  gone: bigint;
  subjects: bigint;
  sites: string | null;
  /** JSON: how many of which tables. */
  tables: string;
}

/**
 * What of live_before is live no longer although no record removed it, if that is more than `threshold` of all or the
 * whole of a site. state must be that with the delivery.
 */
export async function itemGroupRemovals(connection: Connection, threshold: number): Promise<Removal | undefined> {
  const found = await connection.row<Absences>(`
    WITH verdict AS MATERIALIZED (
      SELECT b.*,
        b.identity NOT IN (SELECT identity FROM state.item_group_data)
        AND b.identity NOT IN (
          SELECT g.identity FROM state.superseded_element e JOIN raw.item_group_data g ON g.key = e.item_group_data_key
          WHERE e.reason = 'removed') AS gone
      FROM live_before b
    )
    SELECT count(*) AS total, count(*) FILTER (gone) AS gone,
      count(DISTINCT subject_identity) FILTER (gone) AS subjects, (
      SELECT to_json(coalesce(list(times || ' of ' || name ORDER BY times DESC, name), []))::VARCHAR FROM (
        SELECT coalesce(any_value(n.sql_name), any_value(d.text)) AS name, count(*) AS times
        FROM verdict v JOIN raw.dictionary d ON d.code = v.item_group_code
        LEFT JOIN meta.name n ON n.kind = 'item_group' AND n.item_group_oid = d.text
        WHERE v.gone GROUP BY v.item_group_code
      )) AS tables, (
      SELECT string_agg(coalesce(d.text, '(none)'), ', ' ORDER BY d.text) FROM (
        SELECT site_code FROM verdict GROUP BY site_code HAVING bool_and(gone)
      ) s LEFT JOIN raw.dictionary d ON d.code = s.site_code) AS sites
    FROM verdict`);
  if (found === undefined || found.gone === 0n) return undefined;
  const { removed, live } = { removed: Number(found.gone), live: Number(found.total) };
  if (removed / live <= threshold && found.sites === null) return undefined;
  const sites = found.sites === null ? '' : ` Nothing would be left of site ${found.sites}.`;
  const share = `${removed} of ${live} live item groups (${percent(removed, live)})`;
  const what = `${listed(JSON.parse(found.tables) as string[])}, of ${found.subjects} ${found.subjects === 1n ? 'subject' : 'subjects'}`;
  return {
    removed,
    live,
    message: `The delivery would remove ${share} because it does not hold them: ${what}.${sites}`,
  };
}

export function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}
