import { type OutlineEntry, type RawDocument, writeOdm } from '../../../src/export/odm/document.ts';
import { push } from '../../../src/export/odm/owner-nodes.ts';
import { type Node, ROW_TABLES, type Row, type RowSet, type RowTable } from '../../../src/export/odm/rows.ts';
import { LEVELS, NodeKind } from '../../../src/odm/layout.ts';
import type { Reading } from '../../odm/read.ts';

const level = (name: (typeof LEVELS)[number]) => LEVELS.indexOf(name);

/** What was read of a document, as the writer takes it: all in one stretch. */
function rawDocument(reading: Reading): RawDocument {
  const of = <Table extends RowTable>(table: Table) => reading.rows(table) as unknown as Row<Table>[];
  const rows = Object.fromEntries(ROW_TABLES.map((table) => [table, of(table)])) as unknown as RowSet;
  const containers = of('element').filter((row) => row.level !== level('AdminData'));
  const inContainer = new Set([...containers, ...of('clinical_data')].map(({ key }) => key));
  const unit = (key: number, parent: number, place: number) => ({ key, parent, place, level: null });
  const seen = new Set<string>();
  const outline: OutlineEntry[] = [
    ...of('element').map(({ key, parent_key, place, level }) => ({ key, parent: parent_key, place, level })),
    ...of('clinical_data').map(({ key, place }) => ({ key, parent: 1, place, level: level('ClinicalData') })),
    ...of('subject_data').map((row) => unit(row.key, row.clinical_data_key, row.place)),
    ...of('item_group_data').map((row) => unit(row.key, row.parent_key, row.place)),
    ...(['audit_record', 'signature', 'annotation'] as const).flatMap((table) =>
      (of(table) as Row<'audit_record'>[]).map((row) => unit(row.key, row.element_key, row.place)),
    ),
  ]
    .filter((entry) => entry.level !== null || inContainer.has(entry.parent))
    .sort((one, other) => one.key - other.key)
    .filter(({ parent, place }) => !seen.has(`${parent} ${place}`) && seen.add(`${parent} ${place}`));
  const names = (kinds: readonly number[]) =>
    of('attribute').flatMap((row) => (kinds.includes(row.kind) ? [row.namespace_code ?? ''] : []));
  return {
    root: reading.summary.root,
    namespace: reading.summary.namespace,
    dialect: reading.summary.dialect,
    hasQueries: of('query').length > 0,
    namespaces: {
      elements: names([NodeKind.element]),
      attributes: names([NodeKind.attribute, NodeKind.attributeWithRawWhiteSpace]),
    },
    stretches: () => [{ outline, rows }],
    container: (key) => {
      const query = of('query').filter((row) => row.element_key === key && row.item_code === null);
      const keys = new Set(query.map((row) => row.key));
      const own = of('attribute').filter(
        (row) => keys.has(row.element_key) || (row.element_key === key && row.node === 0),
      );
      const none = Object.fromEntries(ROW_TABLES.map((table) => [table, []])) as unknown as RowSet;
      const clinical = of('clinical_data').filter((row) => row.key === key);
      return { ...none, query, attribute: own, clinical_data: clinical };
    },
    nodes: (key) => subtrees(of('attribute').filter((row) => row.element_key === key)),
  };
}

function subtrees(rows: readonly Node[]): Node[][] {
  const rootOf = new Map<number, number>();
  const found = new Map<number, Node[]>();
  for (const row of [...rows].sort((one, other) => one.node - other.node)) {
    if (row.node === 0) continue;
    const root = row.parent_node === 0 ? row.node : rootOf.get(row.parent_node)!;
    rootOf.set(row.node, root);
    push(found, root, row);
  }
  return [...found.values()];
}

/** The document that the writer makes of what was read. */
export async function written(reading: Reading): Promise<string> {
  let text = '';
  for await (const piece of writeOdm(rawDocument(reading))) text += piece;
  return text;
}

const UNTOLD = new Set(['place', 'length']);

/** All rows of a reading but for where they stood, in an order of their own: two attributes have none. */
export function rowsBarPlaces({ tables }: Reading): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      rows
        .map((row) =>
          JSON.stringify(
            Object.entries(row).filter(([column]) => !UNTOLD.has(column)),
            (_, value) => (typeof value === 'bigint' ? String(value) : value),
          ),
        )
        .sort(),
    ]),
  );
}
