import { sha256Hex } from '../../lib/hash.ts';
import { ItemFlag } from '../../odm/layout.ts';
import { CONTEXT_COLUMNS, RECORD_CONTEXT } from '../../odm/record-context.ts';
import type { ColumnOrigin } from '../../project/project.ts';
import { type Connection, literal } from '../../store/connection.ts';
import { hasRelation } from '../../store/has-relation.ts';
import { hasVariants } from './variants.ts';

/**
 * Gathers the live items of every item group into one row an identity: `staged._cells`, from which every staged table
 * picks its own. One pass over the items, whatever the number of item groups and their width. Done anew when state was,
 * in a transaction of its own.
 *
 * What is gathered of so many items at a time is held in memory: of more, some item groups are gathered after others.
 *
 * An item has one value here: of several Values (ODM 2.0) that of the lowest SeqNum; none where it says IsNull="Yes",
 * even if a value was sent beside it, for then there is none (ODM 1.3.2, 3.1.4.1.1.1.1.1; ODM 2.0, ItemData). What
 * that leaves out is in `recon.further_values`.
 *
 * Where versions of the definitions disagree on an item, its value is numbered by what those say by which its own record
 * is read (meta.item_variant). Where none do, nobody asks which version a record names.
 */
export async function gatherCells(connection: Connection, mostItems = MOST_ITEMS): Promise<void> {
  if (await hasRelation(connection, 'staged._cells')) return;
  const comments = Object.entries(COMMENTS).map(
    ([column, comment]) => `COMMENT ON COLUMN staged._cells.${column} IS ${literal(comment)};`,
  );
  await connection.transaction(async () => {
    const shape = { withVariants: await hasVariants(connection), withNested: await hasNested(connection) };
    const [first, ...further] = await portions(connection, mostItems);
    await connection.run(`CREATE TABLE staged._cells AS ${cells(shape, first)}`);
    for (const portion of further) await connection.run(`INSERT INTO staged._cells ${cells(shape, portion)}`);
    await connection.run(
      `COMMENT ON TABLE staged._cells IS 'Live items, gathered by item group record. Read the tables named after item groups instead.';
       ${comments.join('\n')}`,
    );
  });
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

const HASHED = ['_row', ...CONTEXT_COLUMNS.filter((column) => column !== 'item_group_oid'), '_content'].join(', ');

/** Whether any item group stands in another (ODM 2.0). */
async function hasNested(connection: Connection): Promise<boolean> {
  return (
    (await connection.row('SELECT 1 FROM raw.item_group_data WHERE item_group_data_key > 0 LIMIT 1')) !== undefined
  );
}

/** Items that are gathered at a time, about. */
const MOST_ITEMS = 2_000_000;

/**
 * Which item group rows to gather together, in order: all of them, or item groups that follow one another, or a range of
 * identities of a large one. How many items a group has is taken from how long its rows are: counting them takes a join.
 */
async function portions(connection: Connection, mostItems: number): Promise<string[]> {
  const total = await connection.row<{ items: bigint }>('SELECT count(*) AS items FROM state.item_data');
  if (Number(total!.items) <= mostItems) return ['true'];
  const groups = await connection.rows<{ code: number; share: number; first: bigint; last: bigint }>(`
    SELECT item_group_code AS code, sum(length) / sum(sum(length)) OVER () AS share, min(identity) AS first, max(identity) AS last
    FROM state.item_group_data GROUP BY item_group_code ORDER BY item_group_code`);
  const all: string[] = [];
  let [codes, held]: [number[], number] = [[], 0];
  const close = () => {
    if (codes.length > 0) all.push(`item_group_code IN (${codes.join(', ')})`);
    [codes, held] = [[], 0];
  };
  for (const { code, share, first, last } of groups) {
    const items = share * Number(total!.items);
    if (held + items > mostItems) close();
    if (items <= mostItems) {
      codes.push(code);
      held += items;
    } else {
      all.push(
        ...ranges(first, last, Math.ceil(items / mostItems)).map((range) => `item_group_code = ${code} AND ${range}`),
      );
    }
  }
  close();
  return all;
}

/** Identities are hashes: ranges of the same width have about as many of them. */
function ranges(first: bigint, last: bigint, count: number): string[] {
  const width = (last - first) / BigInt(count) + 1n;
  return Array.from({ length: count }, (_, index) => {
    const from = first + width * BigInt(index);
    const to = from + width - 1n;
    return `identity BETWEEN ${from} AND ${to < last ? to : last}`;
  });
}

interface Shape {
  readonly withVariants: boolean;
  readonly withNested: boolean;
}

/** @param portion which rows of state.item_group_data */
function cells({ withVariants, withNested }: Shape, portion: string): string {
  const { variants, ctes, join, hash } = withVariants ? VARIANTS : NO_VARIANTS;
  const outer = withNested ? OUTER : NO_OUTER;
  return `
  WITH item_group_data AS (FROM state.item_group_data WHERE ${portion}),
  record AS (SELECT identity, max(key) AS key FROM item_group_data GROUP BY identity),
  item AS (
    SELECT item_group_data_key, item_code, CASE WHEN flags & ${ItemFlag.isNull} = 0 THEN value END AS value, unit_code
    FROM state.item_data ANTI JOIN state.further_value USING (item_group_data_key, item_code, sequence)
  ),${ctes}
  cell AS (
    SELECT g.identity, list(i.item_code) AS items, list(i.value) AS vals, list(i.unit_code) AS units,
      ${variants} AS variants, sum(${hash}) AS content
    FROM item i JOIN item_group_data g ON g.key = i.item_group_data_key${join}
    GROUP BY g.identity
  )
  SELECT
    study.text AS study_oid, site.text AS site_oid, s.subject_key,
    event.text AS study_event_oid, coalesce(event_repeat.text, nullif(e.ordinal, 0)::VARCHAR) AS study_event_repeat_key,
    form.text AS form_oid, coalesce(form_repeat.text, nullif(f.ordinal, 0)::VARCHAR) AS form_repeat_key,
    item_group.text AS item_group_oid, coalesce(group_repeat.text, nullif(g.ordinal, 0)::VARCHAR) AS item_group_repeat_key,
    c.items, c.vals, c.units, c.variants, c.content AS _content, ${outer.identity} AS _outer_row, r.identity AS _row
  FROM record r
  JOIN raw.item_group_data g ON g.key = r.key${outer.join}
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
}

const NO_VARIANTS = {
  variants: 'NULL::INTEGER[]',
  hash: 'hash(i.item_code, i.value, i.unit_code)',
  ctes: '',
  join: '',
};

const VARIANTS = {
  variants: 'list(v.variant)',
  hash: `CASE WHEN v.variant IS NULL THEN ${NO_VARIANTS.hash} ELSE hash(i.item_code, i.value, i.unit_code, v.variant) END`,
  ctes: `
  variant AS (
    SELECT v.reading, d.code AS item_code, v.variant
    FROM meta.item_variant v JOIN raw.dictionary d ON d.text = v.item_oid
  ),`,
  join: `
    LEFT JOIN raw.subject_data x ON x.key = g.subject_data_key
    LEFT JOIN meta.reading n ON n.key = coalesce(x.clinical_data_key, g.parent_key)
    LEFT JOIN variant v ON v.reading = n.reading AND v.item_code = i.item_code`,
};

const NO_OUTER = { identity: 'NULL::BIGINT', join: '' };

const OUTER = {
  identity: 'o.identity',
  join: `
  LEFT JOIN raw.item_group_data o ON o.key = nullif(g.item_group_data_key, 0)`,
};

/** What the columns before and after the items of a staged table say; shared by every staged table. */
export const COMMENTS: Readonly<Record<string, string>> = {
  ...RECORD_CONTEXT,
  items: 'Codes of the items that the record has.',
  vals: 'Their values, in the same order; NULL for none, be it blank or IsNull.',
  units: 'Codes of their units, in the same order.',
  variants:
    'By which definition they are to be read, in the same order: meta.item_variant.variant; NULL for the newest. NULL for all where no definitions disagree.',
  _content: 'Sum of the hashes of its items: the same for the same content, whatever the order.',
  _outer_row:
    'Identity of the record that it stands in: _row in the table of the item group around it (ODM 2.0); NULL for none.',
  _row: 'Identity of the record: the same in every delivery.',
};

const ofCode = (table: string, column: string): ColumnOrigin => ({ table, column, isCopy: false });

/** Where the columns before and after the items come from: codes there, texts here. */
export const ORIGINS: Readonly<Record<string, ColumnOrigin>> = {
  study_oid: ofCode('state.subject', 'study_code'),
  site_oid: ofCode('state.subject', 'site_code'),
  subject_key: { table: 'state.subject', column: 'subject_key', isCopy: true },
  study_event_oid: ofCode('raw.study_event_data', 'study_event_code'),
  study_event_repeat_key: ofCode('raw.study_event_data', 'repeat_key_code'),
  form_oid: ofCode('raw.form_data', 'form_code'),
  form_repeat_key: ofCode('raw.form_data', 'repeat_key_code'),
  item_group_oid: ofCode('raw.item_group_data', 'item_group_code'),
  item_group_repeat_key: ofCode('raw.item_group_data', 'repeat_key_code'),
  _outer_row: { table: 'raw.item_group_data', column: 'identity', isCopy: true },
  _row: { table: 'raw.item_group_data', column: 'identity', isCopy: true },
};
