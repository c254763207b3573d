import type { Brought } from '../model/plan/selectable.ts';
import type { Project } from '../project/project.ts';
import type { Connection } from '../store/connection.ts';

/** The table of a source of CSV files, in raw or in state. */
export const CSV_TABLE = /^(?:raw|state)\.file_(.*)$/;

/** By the name that the table of a CSV source has in SQL, the source. */
export async function csvSources(connection: Connection): Promise<(table: string) => string | undefined> {
  const named = await connection.rows<{ source: string; name: string }>(
    `SELECT item_group_oid AS source, sql_name AS name FROM meta.name WHERE kind = 'source'`,
  );
  const sources = new Map(named.map(({ source, name }) => [name, source]));
  return (table) => sources.get(CSV_TABLE.exec(table)?.[1] ?? '');
}

/** What each source of warehouse.yml has brought so far, also what is live no more. */
export async function broughtBySource(
  connection: Connection,
  { sources }: Project,
): Promise<ReadonlyMap<string, Brought>> {
  const sourceOf = await csvSources(connection);
  const groups = new Map<string, Set<string>>();
  for (const { source, oid } of await itemGroupsBySource(connection)) {
    groups.set(source, (groups.get(source) ?? new Set()).add(oid));
  }
  return new Map(
    sources.map(({ name, format }) => {
      const isIn = (table: string) => {
        if (format === 'odm') return OF_ODM.test(table) && !CSV_TABLE.test(table);
        return sourceOf(table) === name;
      };
      return [name, { isIn, itemGroups: groups.get(name) ?? new Set() }];
    }),
  );
}

/** What holds elements of ODM documents, of all its sources together. */
const OF_ODM = /^(?:raw|state|meta)\.|^staged\._cells$/;

/** Keys are dense and ascending: an element is of the last part that begins before it. */
function itemGroupsBySource(connection: Connection): Promise<{ source: string; oid: string }[]> {
  return connection.rows(`
    SELECT DISTINCT d.source, x.text AS oid
    FROM raw.item_group_data g ASOF JOIN raw.part p ON g.key >= p.first_key
    JOIN raw.delivery d USING (delivery_key) JOIN raw.dictionary x ON x.code = g.item_group_code
    UNION
    SELECT DISTINCT d.source, g.oid
    FROM meta.item_group_def g ASOF JOIN raw.part p ON g.metadata_version_key >= p.first_key
    JOIN raw.delivery d USING (delivery_key)
    ORDER BY ALL`);
}
