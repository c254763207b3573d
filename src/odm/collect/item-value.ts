import type { TextColumn } from '../columns.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { FoldedRule } from './folded.ts';
import { RANK } from './rank.ts';
import type { Rule } from './rule.ts';
import { Attribute, Element } from './vocabulary.ts';

const VALUE_RANK = RANK[Element.Value];

/**
 * Value below ItemData (ODM 2.0, 3.1.1.4.2.1.5): each is a row of its item, told apart by SeqNum. What does not fit (a
 * number that stands twice or is not written as one, other attributes) is a node.
 */
export class ItemValueRule extends FoldedRule {
  override readonly ignoresBlank = false;
  readonly #collection: Collection;
  readonly #foreign: Rule;
  readonly #value: TextColumn;
  readonly #endRow: () => void;
  readonly #sequences: number[] = [];
  #accepts = false;
  /** SeqNum of the present row; 0 where it was not sent. */
  sequence = 0;

  /** `endRow` writes the row of the value before. */
  constructor(collection: Collection, foreign: Rule, value: TextColumn, endRow: () => void) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#foreign = foreign;
    this.#value = value;
    this.#endRow = endRow;
  }

  /** An item begins. */
  reset(accepts: boolean): void {
    this.#accepts = accepts;
    if (this.#sequences.length > 0) this.#sequences.length = 0;
    this.sequence = 0;
  }

  /** The item has its value already. */
  refuse(): void {
    this.#accepts = false;
  }

  open(name: number, element: number, attributes: Attributes, place: number): Rule {
    const sent = this.#collection.valueOf(attributes, Attribute.SeqNum);
    const isNumber = /^[1-9]\d{0,8}$/.test(sent);
    const ordinal = this.#sequences.length + 1;
    const sequence = isNumber ? Number(sent) : ordinal === 1 ? 0 : ordinal;
    if (!this.#accepts || this.#sequences.includes(sequence)) {
      return this.#foreign.open(name, element, attributes, place);
    }
    if (ordinal > 1) this.#endRow();
    this.#sequences.push(sequence);
    this.sequence = sequence;
    this.#value.present = true;
    this.begin(name, place);
    const { owner } = this.nodes;
    const numberMissing = ordinal > 1 && !isNumber;
    if (numberMissing || owner.rank > VALUE_RANK) this.beforeForeign();
    owner.rank = Math.max(owner.rank, VALUE_RANK);
    for (let k = 0; k < attributes.count; k++) {
      if (isNumber && this.#collection.vocabulary.attribute(attributes.names[k]) === Attribute.SeqNum) continue;
      this.beforeForeign();
      this.nodes.nodeAttribute(attributes, k);
    }
    return this;
  }

  override text(bytes: Buffer, start: number, end: number): void {
    this.#value.put(bytes, start, end);
  }
}
