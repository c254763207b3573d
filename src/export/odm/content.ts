import type { AuditLogEntry, QueryElement } from '../../odm/dialects/dialect.ts';
import { NodeKind } from '../../odm/layout.ts';
import { NO_NODES, type OwnerNodes } from './owner-nodes.ts';
import type { Prefixes } from './prefixes.ts';
import type { RowIndex } from './row-index.ts';
import type { Node } from './rows.ts';
import { escapeRawValue, escapeValue, type XmlText } from './xml-text.ts';

/** What all that is written of one document shares. */
export interface Writing {
  readonly out: XmlText;
  readonly prefixes: Prefixes;
  /** Namespace of the root; '' for none. */
  readonly odm: string;
  readonly isVersion2: boolean;
  readonly queries: readonly QueryElement[];
  /** Entries of the dialect's audit log, which are audit records too. */
  readonly auditLog?: AuditLogEntry;
  /**
   * What stands in an element and has rows, in document order.
   * @param item ItemOID, where the element is an item; else null
   * @param ownLines whether white space between the elements in it means nothing
   */
  readonly children: (
    writing: Writing,
    index: RowIndex,
    key: number,
    item: string | null,
    ownLines: boolean,
  ) => Child[];
}

/** A column that an attribute filled; null where it was not sent. */
export type ColumnValue = readonly [name: string, value: string | null];

/** An element that is folded into columns of the row it stands in. */
export interface Leaf {
  readonly namespace: string;
  /** Its names, that of the standard form first. */
  readonly names: readonly string[];
  /** Its place in the order of the standard. */
  readonly rank: number;
  readonly attribute?: ColumnValue;
  readonly text?: string | null;
}

/** What stands in an element and is no node. */
export interface Child {
  readonly place: number;
  /** Its place in the order of the standard; left out where it has none. */
  readonly rank?: number;
  /** `name`: what a node calls it that marks its place. */
  readonly write: (name?: { readonly namespace: string; readonly name: string }) => void;
}

interface Content {
  readonly nodes: OwnerNodes;
  readonly children?: readonly Child[];
  readonly leaves?: readonly Leaf[];
  /** Elements that have rows and no place: they come first, but for the last ones, whose places nodes of these names mark. */
  readonly repeated?: { readonly names: readonly string[]; readonly writes: readonly ((mark?: Node) => void)[] };
  /** Nodes that are written in a way of their own. */
  readonly special?: ReadonlyMap<Node, () => void>;
  /** Whether white space between the elements means nothing. */
  readonly ownLines: boolean;
}

const RAW = NodeKind.attributeWithRawWhiteSpace;

/** The attributes of an element, each behind a blank: those of columns, but where a row says the same, and the rows. */
export function attributesOf(
  { prefixes }: Writing,
  rows: readonly Node[],
  columns: readonly (ColumnValue | undefined)[] = [],
): string {
  let written = '';
  for (const column of columns) {
    if (column === undefined || column[1] === null) continue;
    if (rows.some((row) => row.name_code === column[0] && row.namespace_code === null)) continue;
    written += ` ${column[0]}="${escapeValue(column[1])}"`;
  }
  const sorted = rows.length < 2 ? rows : [...rows].sort(byName);
  for (let i = 0; i < sorted.length; i++) {
    const row = sorted[i];
    const twin = sorted[i + 1];
    const isMixed = row.kind === RAW && twin !== undefined && byExpandedName(row, twin) === 0;
    if (isMixed) i++;
    const value = row.value ?? '';
    const literal =
      row.kind === RAW ? escapeRawValue(value, isMixed ? (twin.value ?? '') : undefined) : escapeValue(value);
    written += ` ${prefixes.attribute(row.namespace_code, row.name_code ?? '')}="${literal}"`;
  }
  return written;
}

function byExpandedName(one: Node, other: Node): number {
  return (
    compare(one.namespace_code ?? '', other.namespace_code ?? '') || compare(one.name_code ?? '', other.name_code ?? '')
  );
}

/** The row of a value with raw white space stands before its twin. */
const byName = (one: Node, other: Node) => byExpandedName(one, other) || other.kind - one.kind;

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

/** What remains of a text if what stands behind an element in it, and is a node, is taken off. */
export function firstRun(text: string, below: readonly Node[]): string {
  let length = text.length;
  for (const { kind, value } of below) if (kind === NodeKind.text) length -= value?.length ?? 0;
  return text.slice(0, length);
}

/**
 * Writes what an element holds, in document order. What has a place stands there. A leaf without a node stands behind the
 * last row that the standard has before it, or first: the reader sees to it that every other one has a node
 * (src/odm/collect/leaf.ts).
 */
export function writeContent(writing: Writing, content: Content): void {
  const { nodes, children = [], leaves = [], repeated, special, ownLines } = content;
  const isEmpty = nodes === NO_NODES && children.length === 0 && repeated === undefined;
  if (isEmpty && !leaves.some(isPresent)) return;
  const own = new Map(special);
  const unmarked = leaves.filter(isPresent).filter((leaf) => {
    const [holder] = nodes.elements(0, leaf.namespace, ...leaf.names);
    if (holder !== undefined) own.set(holder, () => writeHolder(writing, content, holder, leaf));
    return holder === undefined;
  });
  const [firstNode] = nodes.below(0);
  const beginsWithLeaf = firstNode !== undefined && own.has(firstNode) && !special?.has(firstNode);
  const marks = repeated === undefined ? [] : nodes.elements(0, writing.odm, ...repeated.names);
  const unmarkedRows = (repeated?.writes.length ?? 0) - marks.length;
  for (const [index, mark] of marks.entries()) own.set(mark, () => repeated?.writes[unmarkedRows + index](mark));

  const placed: Pick<Child, 'place' | 'rank' | 'write'>[] = children.filter(({ place }) => !nodes.hasElementAt(place));
  for (const node of nodes.below(0)) {
    placed.push({ place: node.place, write: own.get(node) ?? (() => writeNode(writing, content, node)) });
  }
  placed.sort((one, other) => one.place - other.place);
  unmarked.sort((one, other) => one.rank - other.rank);
  const rowsAt = beginsWithLeaf ? 1 : 0;
  let next = 0;
  for (let i = 0; i <= placed.length; i++) {
    while (
      next < unmarked.length &&
      !placed.slice(i).some(({ rank }) => rank !== undefined && rank < unmarked[next].rank)
    ) {
      writeLeaf(writing, unmarked[next++], ownLines);
    }
    if (i === rowsAt) for (let row = 0; row < unmarkedRows; row++) repeated?.writes[row]();
    if (i < placed.length) placed[i].write();
  }
}

/** An element of text or of one attribute is there if that is: the reader keeps one that carries nothing as a node. */
function isPresent({ text, attribute }: Leaf): boolean {
  return text === undefined ? (attribute?.[1] ?? null) !== null : text !== null;
}

function writeLeaf(writing: Writing, leaf: Leaf, ownLines: boolean): void {
  const { out, prefixes } = writing;
  const { namespace, names, attribute, text } = leaf;
  out.open(prefixes.element(namespace, names[0]), attributesOf(writing, [], [attribute]), ownLines);
  out.text(text ?? '');
  out.close();
}

/** A leaf that is a node as well: the columns have one attribute of it, and its text. */
function writeHolder(writing: Writing, content: Content, node: Node, leaf: Leaf): void {
  const below = content.nodes.below(node.node);
  const text = leaf.text === undefined || leaf.text === null ? '' : firstRun(leaf.text, below);
  writeElement(writing, content, node, { columns: [leaf.attribute], text });
}

/** An element or a text below an owner, with all that stands in it. */
export function writeNode(writing: Writing, content: Content, node: Node): void {
  if (node.kind === NodeKind.text) {
    writing.out.text(node.value ?? '');
    return;
  }
  const child = content.children?.find(({ place }) => place === node.place);
  if (child === undefined) writeElement(writing, content, node, {});
  else child.write({ namespace: node.namespace_code ?? '', name: node.name_code ?? '' });
}

/** An element that is a node, with what columns have of it. */
export function writeElement(
  writing: Writing,
  content: Content,
  node: Node,
  { columns, text }: { columns?: readonly (ColumnValue | undefined)[]; text?: string },
): void {
  const { out, prefixes } = writing;
  const { nodes, ownLines } = content;
  const isTop = node.parent_node === 0;
  const attributes = attributesOf(writing, nodes.attributes(node.node), columns);
  out.open(prefixes.element(node.namespace_code, node.name_code ?? ''), attributes, ownLines && isTop);
  out.text(text ?? '');
  for (const below of nodes.below(node.node)) writeNode(writing, content, below);
  out.close();
}
