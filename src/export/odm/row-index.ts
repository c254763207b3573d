import { LEVELS } from '../../odm/layout.ts';
import { NO_NODES, OwnerNodes, push } from './owner-nodes.ts';
import type { Node, Row, RowSet } from './rows.ts';

const ITEM_LEVEL = LEVELS.indexOf('ItemData');

/** An element that has a row, or several, where it stands. */
export type Entry =
  | { readonly is: 'subject_data'; readonly place: number; readonly row: Row<'subject_data'> }
  | { readonly is: 'study_event_data'; readonly place: number; readonly row: Row<'study_event_data'> }
  | { readonly is: 'form_data'; readonly place: number; readonly row: Row<'form_data'> }
  | { readonly is: 'item_group_data'; readonly place: number; readonly row: Row<'item_group_data'> }
  | { readonly is: 'item_data'; readonly place: number; readonly rows: readonly Row<'item_data'>[] }
  | { readonly is: 'audit_record'; readonly place: number; readonly row: Row<'audit_record'> }
  | { readonly is: 'signature'; readonly place: number; readonly row: Row<'signature'> }
  | { readonly is: 'annotation'; readonly place: number; readonly rows: readonly Row<'annotation'>[] }
  | { readonly is: 'query'; readonly place: number; readonly row: Row<'query'> };

/** An owner of rows: an item shares the key of the item group row that it is in. */
type OwnerId = number | string;
const idOf = (key: number, item: string | null): OwnerId => (item === null ? key : `${key} ${item}`);

/** Which rows stand in which element. */
export class RowIndex {
  readonly rows: RowSet;
  readonly #nodes = new Map<OwnerId, Node[]>();
  readonly #entries = new Map<OwnerId, Entry[]>();
  readonly #byKey = new Map<number, Entry>();

  constructor(rows: RowSet) {
    this.rows = rows;
    for (const row of rows.attribute) push(this.#nodes, idOf(row.element_key, ownItem(row)), row);
    this.#addLevels(rows);
    this.#addGroups(rows);
    for (const is of ['audit_record', 'signature'] as const) {
      for (const row of rows[is])
        this.#add(idOf(row.element_key, row.item_code), { is, place: row.place, row } as Entry);
    }
    for (const annotation of byKey(rows.annotation)) {
      const [{ element_key, item_code, place }] = annotation;
      this.#add(idOf(element_key, item_code), { is: 'annotation', place, rows: annotation });
    }
    for (const row of rows.query) {
      const owner = row.parent_key === 0 ? idOf(row.element_key, row.item_code) : row.parent_key;
      this.#add(owner, { is: 'query', place: row.place, row });
    }
  }

  nodes(key: number, item: string | null = null): OwnerNodes {
    const rows = this.#nodes.get(idOf(key, item));
    return rows === undefined ? NO_NODES : new OwnerNodes(rows);
  }

  /** What stands in an element and has rows, in document order. */
  entries(key: number, item: string | null = null): readonly Entry[] {
    return (this.#entries.get(idOf(key, item)) ?? []).sort((one, other) => one.place - other.place);
  }

  /** What stands under a key. */
  entry(key: number): Entry {
    return this.#byKey.get(key)!;
  }

  #addLevels(rows: RowSet): void {
    for (const row of rows.subject_data) {
      this.#add(row.clinical_data_key, { is: 'subject_data', place: row.place, row });
    }
    for (const row of rows.study_event_data) {
      this.#add(row.subject_data_key, { is: 'study_event_data', place: row.place, row });
    }
    for (const row of rows.form_data) {
      this.#add(row.study_event_data_key || row.subject_data_key, { is: 'form_data', place: row.place, row });
    }
  }

  /** Rows of item groups in one place are one element: its key is the first of them. */
  #addGroups(rows: RowSet): void {
    const elements = new Map<string, Row<'item_group_data'>[]>();
    for (const row of rows.item_group_data) push(elements, `${row.parent_key} ${row.place}`, row);
    const elementOf = new Map<number, Row<'item_group_data'>>();
    for (const group of elements.values()) {
      const first = group.reduce((one, other) => (other.key < one.key ? other : one));
      for (const { key } of group) elementOf.set(key, first);
      this.#add(first.parent_key, { is: 'item_group_data', place: first.place, row: first });
    }
    const items = new Map<OwnerId, Row<'item_data'>[]>();
    for (const row of rows.item_data) push(items, idOf(row.item_group_data_key, row.item_code), row);
    for (const item of items.values()) {
      const [{ item_group_data_key, place }] = item;
      const group = elementOf.get(item_group_data_key)!;
      this.#add(group.key, { is: 'item_data', place: group.place + place, rows: item });
    }
  }

  #add(owner: OwnerId, entry: Entry): void {
    push(this.#entries, owner, entry);
    if ('row' in entry) this.#byKey.set(entry.row.key, entry);
    else if (entry.is === 'annotation') this.#byKey.set(entry.rows[0].key, entry);
  }
}

/** Only what belongs to the item itself; a record about an item has a key of its own. */
function ownItem({ level, item_code }: Node): string | null {
  return level === ITEM_LEVEL ? item_code : null;
}

function byKey<Keyed extends { key: number }>(rows: readonly Keyed[]): Iterable<Keyed[]> {
  const groups = new Map<number, Keyed[]>();
  for (const row of rows) push(groups, row.key, row);
  return groups.values();
}
