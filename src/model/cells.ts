import { sha256Hex } from '../lib/hash.ts';
import { ItemFlag } from '../odm/layout.ts';
import { type Connection, literal } from '../store/connection.ts';

/**
 * Gathers the live items of every item group into one row an identity: `staged._cells`, from which every staged table
 * picks its own. One pass over the items, whatever the number of item groups and their width. Done anew when state was.
 *
 * An item has one value here: of several Values (ODM 2.0) that of the lowest SeqNum; none where it says IsNull="Yes",
 * even if a value was sent beside it, for then there is none (ODM 1.3.2, 3.1.4.1.1.1.1.1; ODM 2.0, ItemData). What
 * that leaves out is in `recon.further_values`.
 */
export async function gatherCells(connection: Connection): Promise<void> {
  const there = await connection.row(
    "SELECT 1 FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'staged' AND table_name = '_cells'",
  );
  if (there !== undefined) return;
  await connection.run(CELLS);
  const comments = Object.entries(COMMENTS).map(
    ([column, comment]) => `COMMENT ON COLUMN staged._cells.${column} IS ${literal(comment)};`,
  );
  await connection.run(
    `COMMENT ON TABLE staged._cells IS 'Live items, gathered by item group record. Read the tables named after item groups instead.';
     ${comments.join('\n')}`,
  );
}

/**
 * Content of one item group in staged._cells: its records with what they hold, whatever their order. A new snapshot
 * with the same adverse events has the same content of IG.AE.
 */
export async function cellsContent(connection: Connection): Promise<Map<string, string>> {
  const rows = await connection.rows<{ item_group_oid: string; content: string }>(`
    SELECT item_group_oid, count(*) || ':' || sum(hash(${HASHED}))::VARCHAR AS content
    FROM staged._cells GROUP BY item_group_oid`);
  return new Map(rows.map((row) => [row.item_group_oid, sha256Hex(row.content)]));
}

const HASHED =
  '_row, study_oid, site_oid, subject_key, study_event_oid, study_event_repeat_key, form_oid, form_repeat_key, item_group_repeat_key, _content';

const CELLS = `
  CREATE TABLE staged._cells AS
  WITH record AS (
    SELECT identity, max(key) AS key FROM state.item_group_data GROUP BY identity
  ),
  item AS (
    SELECT item_group_data_key, item_code, CASE WHEN flags & ${ItemFlag.isNull} = 0 THEN value END AS value, unit_code
    FROM state.item_data ANTI JOIN state.further_value USING (item_group_data_key, item_code, sequence)
  ),
  cell AS (
    SELECT g.identity, list(i.item_code) AS items, list(i.value) AS vals, list(i.unit_code) AS units,
      sum(hash(i.item_code, i.value, i.unit_code)) AS content
    FROM item i JOIN state.item_group_data g ON g.key = i.item_group_data_key
    GROUP BY g.identity
  )
  SELECT
    study.text AS study_oid, site.text AS site_oid, s.subject_key,
    event.text AS study_event_oid, coalesce(event_repeat.text, nullif(e.ordinal, 0)::VARCHAR) AS study_event_repeat_key,
    form.text AS form_oid, coalesce(form_repeat.text, nullif(f.ordinal, 0)::VARCHAR) AS form_repeat_key,
    item_group.text AS item_group_oid, coalesce(group_repeat.text, nullif(g.ordinal, 0)::VARCHAR) AS item_group_repeat_key,
    c.items, c.vals, c.units, c.content AS _content, r.identity AS _row
  FROM record r
  JOIN raw.item_group_data g ON g.key = r.key
  LEFT JOIN cell c ON c.identity = r.identity
  LEFT JOIN raw.form_data f ON f.key = g.form_data_key
  LEFT JOIN raw.study_event_data e ON e.key = g.study_event_data_key
  LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
  LEFT JOIN state.subject s ON s.identity = x.identity
  LEFT JOIN raw.dictionary study ON study.code = s.study_code
  LEFT JOIN raw.dictionary site ON site.code = s.site_code
  LEFT JOIN raw.dictionary event ON event.code = e.study_event_code
  LEFT JOIN raw.dictionary event_repeat ON event_repeat.code = e.repeat_key_code
  LEFT JOIN raw.dictionary form ON form.code = f.form_code
  LEFT JOIN raw.dictionary form_repeat ON form_repeat.code = f.repeat_key_code
  LEFT JOIN raw.dictionary item_group ON item_group.code = g.item_group_code
  LEFT JOIN raw.dictionary group_repeat ON group_repeat.code = g.repeat_key_code
  ORDER BY g.item_group_code, r.identity;`;

/** What the columns before and after the items of a staged table say; shared by every staged table. */
export const COMMENTS: Readonly<Record<string, string>> = {
  study_oid: "StudyOID of the subject's latest record. A site may pose as a study.",
  site_oid: 'Site of the subject now: LocationOID of its latest SiteRef.',
  subject_key: 'SubjectKey.',
  study_event_oid: 'StudyEventOID.',
  study_event_repeat_key:
    'StudyEventRepeatKey; where none was sent, the place among keyless siblings (raw.study_event_data.ordinal).',
  form_oid: 'FormOID.',
  form_repeat_key: 'FormRepeatKey; where none was sent, the place among keyless siblings (raw.form_data.ordinal).',
  item_group_oid: 'ItemGroupOID.',
  item_group_repeat_key:
    'ItemGroupRepeatKey; where none was sent, the place among keyless siblings (raw.item_group_data.ordinal).',
  items: 'Codes of the items that the record has.',
  vals: 'Their values, in the same order; NULL for none, be it blank or IsNull.',
  units: 'Codes of their units, in the same order.',
  _content: 'Sum of the hashes of its items: the same for the same content, whatever the order.',
  _row: 'Identity of the record: the same in every delivery.',
};
