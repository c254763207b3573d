import type { Connection } from '../../src/store/connection.ts';
import type { Live, RemovedBy } from './reference-state.ts';

/**
 * The records of two relations with the columns of raw.item_group_data and raw.item_data, keyed as helpers/odm.ts does,
 * read without what the loader makes of them.
 */
export async function recordsOf(connection: Connection, groups: string, items: string): Promise<Live> {
  const rows = await connection.rows<{ path: string; oid: string | null; value: string | null }>(`
    WITH name AS (SELECT code, text FROM raw.dictionary)
    SELECT concat_ws('/', s.subject_key,
      ev.text || '#' || coalesce(er.text, e.ordinal::VARCHAR),
      fo.text || '#' || coalesce(fr.text, f.ordinal::VARCHAR),
      gr.text || '#' || coalesce(gk.text, g.ordinal::VARCHAR)) AS path, it.text AS oid, i.value
    FROM ${groups} g
    LEFT JOIN ${items} i ON i.item_group_data_key = g.key
    LEFT JOIN raw.subject_data s ON s.key = g.subject_data_key
    LEFT JOIN raw.study_event_data e ON e.key = g.study_event_data_key
    LEFT JOIN raw.form_data f ON f.key = g.form_data_key
    LEFT JOIN name ev ON ev.code = e.study_event_code LEFT JOIN name er ON er.code = e.repeat_key_code
    LEFT JOIN name fo ON fo.code = f.form_code LEFT JOIN name fr ON fr.code = f.repeat_key_code
    LEFT JOIN name gr ON gr.code = g.item_group_code LEFT JOIN name gk ON gk.code = g.repeat_key_code
    LEFT JOIN name it ON it.code = i.item_code`);
  const live: Live = {};
  for (const { path, oid, value } of rows) {
    live[path] ??= {};
    if (oid === null) continue;
    if (oid in live[path]) throw new Error(`${oid} of ${path} is live twice.`);
    live[path][oid] = value;
  }
  return live;
}

/** What was live once a delivery had arrived. */
export const asArrived = (connection: Connection, delivery: number) =>
  recordsOf(connection, `state.item_group_data_as_arrived(${delivery})`, `state.item_data_as_arrived(${delivery})`);

/** What was live at a moment: an SQL expression. */
export const asOf = (connection: Connection, moment: string) =>
  recordsOf(connection, `state.item_group_data_as_of(${moment})`, `state.item_data_as_of(${moment})`);

/** What superseded rows (`key`) and items (`key` and OID), by content: each key is of source, bytes, and place in them. */
export async function supersededBy(connection: Connection, reason = 'true'): Promise<RemovedBy> {
  const rows = await connection.rows<{ what: string; by: string }>(`
    WITH element AS (
      SELECT key FROM raw.subject_data UNION ALL SELECT key FROM raw.study_event_data
      UNION ALL SELECT key FROM raw.form_data UNION ALL SELECT key FROM raw.item_group_data
    ),
    part AS (SELECT DISTINCT source, content_sha256, first_key, last_key FROM state.part),
    named AS (
      SELECT key, concat_ws('/', source, content_sha256, row_number() OVER (PARTITION BY first_key ORDER BY key)) AS name
      FROM element JOIN part ON key BETWEEN first_key AND last_key
    ),
    superseded AS (
      SELECT item_group_data_key AS key, NULL AS item_code, reason, superseded_by_key AS by_key FROM state.superseded_element
      UNION ALL
      SELECT item_group_data_key, item_code, reason, superseded_by_key FROM state.superseded_item
    )
    SELECT concat_ws(' ', n.name, item.text) AS what, by_named.name AS by
    FROM superseded s JOIN named n USING (key) JOIN named by_named ON by_named.key = s.by_key
    LEFT JOIN raw.dictionary item ON item.code = s.item_code
    WHERE ${reason}`);
  return Object.fromEntries(rows.map(({ what, by }) => [what, by]));
}
