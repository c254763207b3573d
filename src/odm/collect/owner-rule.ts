import { setInt64, type Table } from '../columns.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { Rule } from './rule.ts';

/** An element that has a key and a row of `element`, and no table of its own: its attributes and content are nodes. */
export class OwnerRule extends Rule {
  protected readonly collection: Collection;
  readonly #level: number;
  readonly #table: Table;
  readonly #key: Int32Array;
  readonly #parentKey: Int32Array;
  readonly #levels: Uint8Array;
  readonly #place: Int32Array;

  constructor(collection: Collection, foreign: Rule, element: (typeof LEVELS)[number]) {
    super(collection.nodes, foreign);
    this.collection = collection;
    this.#level = LEVELS.indexOf(element);
    this.#table = collection.tables.element;
    this.#key = this.#table.words('key');
    this.#parentKey = this.#table.words('parent_key');
    this.#levels = this.#table.bytes('level');
    this.#place = this.#table.words('place');
  }

  open(_name: number, _element: number, attributes: Attributes, place: number): Rule {
    this.begin(place);
    for (let k = 0; k < attributes.count; k++) this.nodes.ownerAttribute(attributes, k);
    return this;
  }

  /** Gives the element a key, writes its row, and makes it the owner of what follows. */
  protected begin(place: number): number {
    const row = this.#table.length;
    const key = this.collection.newKey();
    setInt64(this.#key, row, key);
    setInt64(this.#parentKey, row, this.nodes.owner.key);
    this.#levels[row] = this.#level;
    setInt64(this.#place, row, place);
    this.#table.next();
    this.nodes.enter(this.#level, key, 0, place);
    return key;
  }

  override close(): void {
    this.nodes.leave();
  }
}
