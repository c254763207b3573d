import { WarehouseError } from '../lib/errors.ts';
import { CONTEXT_COLUMNS } from '../odm/record-context.ts';
import type { Connection } from '../store/connection.ts';
import { type InsertRow, insertRows } from '../store/insert-rows.ts';
import { itemCandidates, itemGroupCandidates, sqlName } from './sql-name.ts';

/** What may stand beside an item: typed values, decode, unit. */
const SUFFIXES = ['', '_n', '_d', '_dt', '_t', '_decode', '_unit'];

/** Item groups, and items in them, that one delivery may bring: far more than a study has, and names for them fit into memory. */
const MOST_NAMES = 200_000;

interface UnnamedGroup {
  oid: string;
  sas_name: string | null;
  name: string | null;
  /** JSON: the items that definitions put into it. */
  items: string | null;
}

interface UnnamedItem {
  item_group_oid: string;
  oid: string;
  sas_name: string | null;
  name: string | null;
}

/**
 * Gives an SQL name to every item group and item that definitions, or data from `firstKey` on, mention and that has
 * none yet, in the order of the definitions, then of the OIDs. A name once given stays (meta.name).
 * @throws data ODM_TOO_LARGE for more than 200,000 of either
 */
export async function nameItems(connection: Connection, deliveryKey: number, firstKey: number): Promise<void> {
  const tables = new Set(await names(connection, `kind IN ('item_group', 'source')`));
  const groups = await unnamed<UnnamedGroup>(connection, UNNAMED_GROUPS, firstKey, 'item groups');
  const rows: InsertRow[] = [];
  for (const { oid, sas_name: sasName, name, items } of groups) {
    const candidates = itemGroupCandidates({ oid, sasName, name }, new Set(JSON.parse(items ?? '[]') as string[]));
    const table = sqlName(oid, candidates, (candidate) => tables.has(candidate));
    tables.add(table);
    rows.push(nameRow('item_group', oid, null, table, deliveryKey));
  }
  // Not by push(...), whose arguments have to fit on the stack.
  const items = await nameItemsOfGroups(connection, deliveryKey, firstKey);
  await insertRows(connection, 'meta.name', rows.concat(items));
}

/** Names a CSV source and its columns: the same rules, with the header as OID and name. */
export async function nameColumns(
  connection: Connection,
  source: string,
  headers: readonly string[],
  deliveryKey: number,
): Promise<Map<string, string>> {
  const given = await connection.rows<{ item_oid: string | null; sql_name: string }>(
    `SELECT item_oid, sql_name FROM meta.name WHERE kind IN ('source', 'column') AND item_group_oid = $1`,
    [source],
  );
  const known = new Map(given.map((row) => [row.item_oid, row.sql_name]));
  const rows: InsertRow[] = [];
  if (!known.has(null)) {
    const tables = new Set(await names(connection, `kind IN ('item_group', 'source')`));
    const name = sqlName(source, [source], (candidate) => tables.has(candidate));
    rows.push(nameRow('source', source, null, name, deliveryKey));
  }
  const columns = new Set([...known.values()]);
  for (const header of headers) {
    if (known.has(header)) continue;
    const name = sqlName(header, [header], (candidate) => columns.has(candidate));
    columns.add(name);
    known.set(header, name);
    rows.push(nameRow('column', source, header, name, deliveryKey));
  }
  await insertRows(connection, 'meta.name', rows);
  known.delete(null);
  return known as Map<string, string>;
}

async function nameItemsOfGroups(connection: Connection, deliveryKey: number, firstKey: number): Promise<InsertRow[]> {
  const given = await connection.rows<{ item_group_oid: string; sql_name: string }>(
    `SELECT item_group_oid, sql_name FROM meta.name WHERE kind = 'item'`,
  );
  const used = new Map<string, Set<string>>();
  const usedIn = (group: string) => {
    let set = used.get(group);
    if (set === undefined) {
      set = new Set(CONTEXT_COLUMNS);
      used.set(group, set);
    }
    return set;
  };
  const use = (group: string, name: string) => {
    for (const suffix of SUFFIXES) usedIn(group).add(name + suffix);
  };
  for (const row of given) use(row.item_group_oid, row.sql_name);
  const items = await unnamed<UnnamedItem>(connection, UNNAMED_ITEMS, firstKey, 'items in item groups');
  return items.map(({ item_group_oid: group, oid, sas_name: sasName, name }) => {
    const taken = usedIn(group);
    const column = sqlName(oid, itemCandidates({ oid, sasName, name }), (candidate) =>
      SUFFIXES.some((suffix) => taken.has(candidate + suffix)),
    );
    use(group, column);
    return nameRow('item', group, oid, column, deliveryKey);
  });
}

async function unnamed<Row>(connection: Connection, sql: string, firstKey: number, what: string): Promise<Row[]> {
  const rows = await connection.rows<Row>(`${sql} LIMIT ${MOST_NAMES + 1}`, [firstKey]);
  if (rows.length <= MOST_NAMES) return rows;
  throw new WarehouseError({
    kind: 'data',
    code: 'ODM_TOO_LARGE',
    message: `The delivery brings more than ${MOST_NAMES} ${what} that were never seen before.`,
    next: 'Nothing of it was loaded. Check that OIDs do not hold what belongs into repeat keys or values, and ask the sender.',
  });
}

async function names(connection: Connection, where: string): Promise<string[]> {
  const rows = await connection.rows<{ sql_name: string }>(`SELECT sql_name FROM meta.name WHERE ${where}`);
  return rows.map((row) => row.sql_name);
}

function nameRow(kind: string, group: string, item: string | null, name: string, deliveryKey: number): InsertRow {
  return { kind, item_group_oid: group, item_oid: item, sql_name: name, delivery_key: deliveryKey };
}

const UNNAMED_GROUPS = `
  WITH defined AS (
    SELECT oid AS item_group_oid, max_by(sas_dataset_name, metadata_version_key) AS sas_name,
      max_by(name, metadata_version_key) AS name, min((metadata_version_key, ordinal)) AS place
    FROM meta.item_group_def GROUP BY oid
  ),
  found AS (
    SELECT DISTINCT d.text AS item_group_oid
    FROM raw.item_group_data g JOIN raw.dictionary d ON d.code = g.item_group_code
    WHERE g.item_group_code > 0 AND g.key >= $1
  )
  SELECT item_group_oid AS oid, sas_name, name,
    (SELECT to_json(list(DISTINCT child_oid))::VARCHAR FROM meta.definition_ref
     WHERE element = 'ItemRef' AND parent_oid = item_group_oid) AS items
  FROM defined FULL JOIN found USING (item_group_oid)
  WHERE item_group_oid NOT IN (SELECT item_group_oid FROM meta.name WHERE kind = 'item_group')
  ORDER BY place NULLS LAST, item_group_oid`;

const UNNAMED_ITEMS = `
  WITH reference AS (
    SELECT parent_oid AS item_group_oid, child_oid AS item_oid, min((metadata_version_key, ordinal)) AS place
    FROM meta.definition_ref WHERE element = 'ItemRef' AND parent_oid IS NOT NULL GROUP BY ALL
  ),
  found AS (
    SELECT DISTINCT g.text AS item_group_oid, i.text AS item_oid
    FROM (SELECT DISTINCT x.item_group_code, y.item_code
          FROM raw.item_data y JOIN raw.item_group_data x ON x.key = y.item_group_data_key
          WHERE x.key >= $1 AND y.item_group_data_key >= $1) c
    JOIN raw.dictionary g ON g.code = c.item_group_code
    JOIN raw.dictionary i ON i.code = c.item_code
  ),
  definition AS (
    SELECT oid AS item_oid, max_by(sas_field_name, metadata_version_key) AS sas_name,
      max_by(name, metadata_version_key) AS name
    FROM meta.item_def GROUP BY oid
  )
  SELECT item_group_oid, item_oid AS oid, sas_name, name
  FROM (reference FULL JOIN found USING (item_group_oid, item_oid)) LEFT JOIN definition USING (item_oid)
  ANTI JOIN (SELECT item_group_oid, item_oid FROM meta.name WHERE kind = 'item') USING (item_group_oid, item_oid)
  ORDER BY item_group_oid, place NULLS LAST, item_oid`;
