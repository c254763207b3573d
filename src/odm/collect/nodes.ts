import { setInt64, type Table, type TextColumn } from '../columns.ts';
import type { Dictionary } from '../dictionary.ts';
import { NodeKind } from '../layout.ts';
import { SPACE } from '../xml/characters.ts';
import { type Attributes, LIMITS, RawWhiteSpace } from '../xml/events.ts';
import type { Names } from '../xml/names.ts';
import { AFTER_ALL } from './rank.ts';

/** An open element that has a row: it owns what stands in it without a row. One a depth, used again and again. */
export interface Owner {
  level: number;
  key: number;
  item: number;
  place: number;
  /** Nodes below this owner so far. */
  count: number;
  /** How many nodes were open when it began: none of them is its own. */
  base: number;
  /** How far the order of the standard has come among its children. */
  rank: number;
  /** The same among those that were folded into its columns. */
  foldedRank: number;
}

const newOwner = (): Owner => ({ level: 0, key: 0, item: 0, place: 0, count: 0, base: 0, rank: 0, foldedRank: 0 });

/** Fills `attribute`: what has no column of its own, below the nearest element that has a row, its owner. */
export class Nodes {
  readonly #table: Table;
  readonly #names: Names;
  readonly #dictionary: Dictionary;
  readonly #element: Int32Array;
  readonly #level: Uint8Array;
  readonly #item: Int32Array;
  readonly #node: Int32Array;
  readonly #parent: Int32Array;
  readonly #kind: Uint8Array;
  readonly #namespace: Int32Array;
  readonly #name: Int32Array;
  readonly #value: TextColumn;
  readonly #place: Int32Array;
  readonly #namespaceCodes = new Int32Array(LIMITS.names).fill(-1);
  readonly #nameCodes = new Int32Array(LIMITS.names).fill(-1);

  readonly #owners: Owner[] = [newOwner()];
  #ownerDepth = 0;
  owner: Owner = this.#owners[0];

  /** Numbers and places of the open nodes, from index 1. */
  readonly #open = new Int32Array(LIMITS.depth + 2);
  readonly #places = new Float64Array(LIMITS.depth + 2);
  readonly #hasContent = new Uint8Array(LIMITS.depth + 2);
  #depth = 0;

  /** Is shown every attribute of an owner; null where the dialect reads none of them. */
  reader: { read(attributes: Attributes, k: number, owner: Readonly<Owner>): void } | null = null;

  /** Whether text has been appended that is no row yet. */
  pending = false;
  #pendingBlank = true;
  #pendingStray = false;

  constructor(table: Table, names: Names, dictionary: Dictionary) {
    this.#table = table;
    this.#names = names;
    this.#dictionary = dictionary;
    this.#element = table.words('element_key');
    this.#level = table.bytes('level');
    this.#item = table.words('item_code');
    this.#node = table.words('node');
    this.#parent = table.words('parent_node');
    this.#kind = table.bytes('kind');
    this.#namespace = table.words('namespace_code');
    this.#name = table.words('name_code');
    this.#value = table.text('value');
    this.#place = table.words('place');
  }

  /** What follows, until `leave`, belongs to the element of this key. */
  enter(level: number, key: number, item: number, place: number): void {
    const depth = ++this.#ownerDepth;
    if (depth === this.#owners.length) this.#owners.push(newOwner());
    const owner = this.#owners[depth];
    owner.level = level;
    owner.key = key;
    owner.item = item;
    owner.place = place;
    owner.count = owner.rank = owner.foldedRank = 0;
    owner.base = this.#depth;
    this.#hasContent[this.#depth] = 1;
    this.owner = owner;
  }

  leave(): void {
    this.owner = this.#owners[--this.#ownerDepth];
  }

  /** Attribute k of the owner itself. */
  ownerAttribute(attributes: Attributes, k: number): void {
    this.#attribute(attributes, k, 0, 0, this.owner.place);
    if (this.reader !== null) this.reader.read(attributes, k, this.owner);
  }

  /** An attribute of the owner itself that is known by now only. */
  ownerValue(name: number, bytes: Buffer, start: number, end: number, isRaw = false): void {
    this.#value.put(bytes, start, end);
    this.#row(isRaw ? NodeKind.attributeWithRawWhiteSpace : NodeKind.attribute, name, 0, 0, this.owner.place);
  }

  /** The same of the node that is open. */
  nodeText(name: number, text: string): void {
    const depth = this.#depth;
    this.#value.putText(text);
    this.#row(NodeKind.attribute, name, this.#open[depth], this.#nodeAt(depth - 1), this.#places[depth]);
  }

  /** Attribute k of the node that is open; it has the number of its element. */
  nodeAttribute(attributes: Attributes, k: number): void {
    const depth = this.#depth;
    this.#attribute(attributes, k, this.#open[depth], this.#nodeAt(depth - 1), this.#places[depth]);
  }

  /**
   * A value with raw white space is one row; where other white space in it came by reference, a second row of the plain
   * kind has blanks for what was raw.
   */
  #attribute(attributes: Attributes, k: number, node: number, parent: number, place: number): void {
    const { bytes, starts, ends, names, rawWhiteSpace } = attributes;
    const raw = rawWhiteSpace[k];
    this.#value.put(bytes, starts[k], ends[k]);
    if (raw === RawWhiteSpace.none) {
      this.#row(NodeKind.attribute, names[k], node, parent, place);
      return;
    }
    this.#row(NodeKind.attributeWithRawWhiteSpace, names[k], node, parent, place);
    rawWhiteSpace[k] = RawWhiteSpace.none;
    if (raw === RawWhiteSpace.all) return;
    const blanked = attributes.blanked[k];
    this.#value.put(blanked, 0, blanked.length);
    this.#row(NodeKind.attribute, names[k], node, parent, place);
  }

  /** Opens an element node, with these attributes or none. */
  open(name: number, place: number, attributes?: Attributes): void {
    this.#hasContent[this.#depth] = 1;
    const node = ++this.owner.count;
    this.#row(NodeKind.element, name, node, this.#nodeAt(this.#depth), place);
    this.#depth++;
    this.#open[this.#depth] = node;
    this.#places[this.#depth] = place;
    this.#hasContent[this.#depth] = 0;
    const count = attributes?.count ?? 0;
    for (let k = 0; k < count; k++) this.nodeAttribute(attributes!, k);
  }

  close(): void {
    this.#depth--;
  }

  /** An element node that says where something stood, and how it was called. */
  mark(name: number, place: number): void {
    this.open(name, place);
    this.close();
  }

  /** Whether what stands here stands in a node, not directly in the owner. */
  get isInNode(): boolean {
    return this.#depth > this.owner.base;
  }

  /** Text of the node that is open, exactly. */
  text(bytes: Buffer, start: number, end: number, blank: boolean): void {
    if (!this.pending) this.#pendingBlank = true;
    if (!blank) this.#pendingBlank = false;
    this.pending = true;
    this.#pendingStray = false;
    this.#value.put(bytes, start, end);
  }

  /** Text between elements, without the white space around it. */
  stray(bytes: Buffer, start: number, end: number): void {
    if (!this.pending) while (start < end && SPACE[bytes[start]] === 1) start++;
    this.pending = true;
    this.#pendingBlank = false;
    this.#pendingStray = true;
    this.#value.put(bytes, start, end);
  }

  /**
   * A tag ends the text, which began at `place`. White space between elements is not kept; white space that is all an
   * element holds is (`closing`: the tag is an end tag).
   */
  flushText(closing: boolean, place: number): void {
    this.pending = false;
    const value = this.#value;
    if (this.#pendingBlank && !(closing && this.#hasContent[this.#depth] === 0)) {
      value.drop();
      return;
    }
    if (this.#pendingStray) while (SPACE[value.bytes[value.end - 1]] === 1) value.end--;
    this.#hasContent[this.#depth] = 1;
    this.owner.rank = AFTER_ALL;
    this.#row(NodeKind.text, -1, ++this.owner.count, this.#nodeAt(this.#depth), place);
  }

  #nodeAt(depth: number): number {
    return depth > this.owner.base ? this.#open[depth] : 0;
  }

  #row(kind: number, name: number, node: number, parent: number, place: number): void {
    const row = this.#table.length;
    const owner = this.owner;
    setInt64(this.#element, row, owner.key);
    this.#level[row] = owner.level;
    this.#item[row] = owner.item;
    this.#node[row] = node;
    this.#parent[row] = parent;
    this.#kind[row] = kind;
    if (name < 0) {
      this.#namespace[row] = 0;
      this.#name[row] = 0;
    } else {
      if (this.#nameCodes[name] < 0) this.#learn(name);
      this.#namespace[row] = this.#namespaceCodes[name];
      this.#name[row] = this.#nameCodes[name];
    }
    setInt64(this.#place, row, place);
    this.#table.next();
  }

  #learn(name: number): void {
    const namespace = this.#names.namespace(name);
    this.#namespaceCodes[name] = namespace === '' ? 0 : this.#dictionary.codeOf(namespace);
    this.#nameCodes[name] = this.#dictionary.codeOf(this.#names.local(name));
  }
}
