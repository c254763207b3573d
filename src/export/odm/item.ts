import { sequenceOf } from '../../odm/collect/item-value.ts';
import { RANK } from '../../odm/collect/rank.ts';
import { Element } from '../../odm/collect/vocabulary.ts';
import { ITEM_ELEMENTS, ItemFlag } from '../../odm/layout.ts';
import {
  attributesOf,
  type ColumnValue,
  firstRun,
  type Leaf,
  type Writing,
  writeContent,
  writeElement,
} from './content.ts';
import type { OwnerNodes } from './owner-nodes.ts';
import type { RowIndex } from './row-index.ts';
import type { Node, Row } from './rows.ts';
import { escapeRawValue } from './xml-text.ts';

type ItemRow = Row<'item_data'>;

/** An item, of one row or one for each Value; the inverse of src/odm/collect/item.ts and item-value.ts. */
export function writeItem(writing: Writing, index: RowIndex, rows: readonly ItemRow[]): void {
  const { out, prefixes, odm } = writing;
  const [{ item_group_data_key: key, item_code: item, kind, transaction_code, flags, value }] = rows;
  const nodes = index.nodes(key, item);
  const content = { nodes, children: writing.children(writing, index, key, item, false), ownLines: false };
  const form = valueForm(writing, nodes, rows[0]);
  // Rows that were written before MeasurementUnitRef came have no unit.
  const unit = rows.find(({ unit_code }) => unit_code !== null)?.unit_code ?? null;
  const leaf = unitLeaf(writing, nodes, kind, unit);
  const isRaw = form === 'attribute' && (flags & ItemFlag.rawWhiteSpace) > 0;
  const columns: (ColumnValue | undefined)[] = [
    ['ItemOID', item],
    form === 'attribute' && !isRaw ? ['Value', value] : undefined,
    ['TransactionType', transaction_code],
    leaf === undefined ? ['MeasurementUnitOID', unit] : undefined,
    ['IsNull', (flags & ItemFlag.isNull) > 0 ? 'Yes' : null],
  ];
  const rawValue = isRaw ? ` Value="${escapeRawValue(value ?? '')}"` : '';
  const attributes = rawValue + attributesOf(writing, nodes.attributes(0), columns);
  out.open(prefixes.element(odm, ITEM_ELEMENTS[kind]), attributes, true);
  if (form === 'text') out.text(firstRun(value ?? '', nodes.below(0)));
  if (form === 'elements') writeValues(writing, rows);
  const special = form === 'nodes' ? markedValues(writing, content, rows) : undefined;
  writeContent(writing, { ...content, leaves: leaf === undefined ? [] : [leaf], special });
  out.close();
}

/**
 * Where the value stands: in the attribute, in Value elements of the standard form, in such as are nodes as well, in the
 * text of a typed kind; or nowhere, because there is none or an attribute that is kept tells it.
 */
function valueForm({ odm, isVersion2 }: Writing, nodes: OwnerNodes, { kind, value }: ItemRow) {
  if (kind > 0) return 'text';
  if (value === null || nodes.value(0, 'Value') !== undefined) return 'none';
  if (nodes.elements(0, odm, 'Value').length > 0) return 'nodes';
  return isVersion2 ? 'elements' : 'attribute';
}

/** The unit as an element; undefined where it is an attribute, a column's or one that is kept. */
function unitLeaf({ odm }: Writing, nodes: OwnerNodes, kind: number, unit: string | null): Leaf | undefined {
  if (nodes.value(0, 'MeasurementUnitOID') !== undefined) return undefined;
  if (kind > 0 && nodes.elements(0, odm, 'MeasurementUnitRef').length === 0) return undefined;
  const names = ['MeasurementUnitRef'];
  return { namespace: odm, names, rank: RANK[Element.MeasurementUnitRef], attribute: ['MeasurementUnitOID', unit] };
}

function writeValues(writing: Writing, rows: readonly ItemRow[]): void {
  const { out, prefixes, odm } = writing;
  for (const { sequence, value } of [...rows].sort((one, other) => one.sequence - other.sequence)) {
    out.open(prefixes.element(odm, 'Value'), sequence === 0 ? '' : ` SeqNum="${sequence}"`, false);
    out.text(value ?? '');
    out.close();
  }
}

/** How to write the Value elements that are nodes and rows. */
function markedValues(
  writing: Writing,
  content: Parameters<typeof writeElement>[1],
  rows: readonly ItemRow[],
): ReadonlyMap<Node, () => void> {
  const { nodes } = content;
  const bySequence = new Map(rows.map((row) => [row.sequence, row]));
  const before: number[] = [];
  const special = new Map<Node, () => void>();
  for (const node of nodes.elements(0, writing.odm, 'Value')) {
    const sequence = sequenceOf(nodes.value(node.node, 'SeqNum') ?? '', before);
    if (sequence === undefined) continue;
    before.push(sequence);
    const text = firstRun(bySequence.get(sequence)?.value ?? '', nodes.below(node.node));
    special.set(node, () => writeElement(writing, content, node, { text }));
  }
  return special;
}
