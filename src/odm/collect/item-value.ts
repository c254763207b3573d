import type { TextColumn } from '../columns.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { FoldedRule } from './folded.ts';
import type { LeafRule } from './leaf.ts';
import type { Rule } from './rule.ts';
import { Attribute } from './vocabulary.ts';

/**
 * The sequence that a Value has in `item_data.sequence`, by its SeqNum and those that came before it in its item:
 * undefined if it can be no row, because its number stands there already.
 */
export function sequenceOf(sent: string, before: readonly number[]): number | undefined {
  const sequence = isSequence(sent) ? Number(sent) : before.length === 0 ? 0 : before.length + 1;
  return before.includes(sequence) ? undefined : sequence;
}

/** Whether a SeqNum can be a number of a row. */
function isSequence(sent: string): boolean {
  return /^[1-9]\d{0,8}$/.test(sent);
}

/**
 * Value below ItemData (ODM 2.0, 3.1.1.4.2.1.5): each is a row of its item, told apart by SeqNum. In their standard form
 * they stand first in an item of ODM 2.0, ascending, each with its number or a single one without. Otherwise all of
 * them are nodes as well, with what they say of their number; one whose number stands twice is a node altogether.
 */
export class ItemValueRule extends FoldedRule {
  override readonly ignoresBlank = false;
  readonly #collection: Collection;
  readonly #foreign: Rule;
  readonly #value: TextColumn;
  readonly #endRow: () => void;
  readonly #beforeRefused: () => void;
  readonly #siblings: readonly LeafRule[];
  readonly #sequences: number[] = [];
  /** Of each Value that is no node yet: its place, and whether its number was sent. */
  readonly #unmarked: { place: number; numbered: boolean }[] = [];
  #accepts = false;
  #deviates = false;
  #numbered = false;
  #seqNum = -1;
  /** SeqNum of the present row; 0 where it was not sent. */
  sequence = 0;

  /**
   * `endRow` writes the row of the value before, `beforeRefused` is called before a Value of an item that has its value
   * already; `siblings` are the other elements that are folded into the item.
   */
  constructor(
    collection: Collection,
    foreign: Rule,
    value: TextColumn,
    endRow: () => void,
    beforeRefused: () => void,
    siblings: readonly LeafRule[],
  ) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#foreign = foreign;
    this.#value = value;
    this.#endRow = endRow;
    this.#beforeRefused = beforeRefused;
    this.#siblings = siblings;
  }

  /** An item begins. */
  reset(accepts: boolean): void {
    this.#accepts = accepts;
    if (this.#sequences.length > 0) this.#sequences.length = this.#unmarked.length = 0;
    this.#deviates = false;
    this.sequence = 0;
  }

  /** The item has its value already. */
  refuse(): void {
    this.#accepts = false;
  }

  open(name: number, element: number, attributes: Attributes, place: number): Rule {
    if (!this.#accepts) {
      this.#beforeRefused();
      return this.#foreign.open(name, element, attributes, place);
    }
    const { vocabulary } = this.#collection;
    const sent = this.#collection.valueOf(attributes, Attribute.SeqNum);
    const sequence = sequenceOf(sent, this.#sequences);
    this.name = name;
    if (sequence === undefined) {
      this.#deviate();
      return this.#foreign.open(name, element, attributes, place);
    }
    const last = this.#sequences.at(-1) ?? -1;
    if (this.#sequences.length > 0) this.#endRow();
    this.#sequences.push(sequence);
    this.sequence = sequence;
    this.#value.present = true;
    this.begin(name, place);
    this.#numbered = isSequence(sent);
    const isStandard = vocabulary.isVersion2 && this.nodes.owner.rank === 0 && sequence > last;
    if (!isStandard || (last >= 0 && !this.#numbered)) this.becomeNode();
    for (let k = 0; k < attributes.count; k++) {
      if (this.#numbered && vocabulary.attribute(attributes.names[k]) === Attribute.SeqNum) continue;
      this.becomeNode();
      this.nodes.nodeAttribute(attributes, k);
    }
    if (!this.isNode) this.#unmarked.push({ place, numbered: this.#numbered });
    return this;
  }

  override becomeNode(): void {
    if (this.isNode) return;
    if (this.#unmarked.at(-1)?.place === this.place) this.#unmarked.pop();
    this.#deviate();
    super.becomeNode();
    if (this.#numbered) this.#sayNumber(this.sequence);
  }

  /** Makes nodes of the values so far, and of what was folded among them. */
  #deviate(): void {
    if (this.#deviates) return;
    this.#deviates = true;
    for (const [index, { place, numbered }] of this.#unmarked.entries()) {
      this.nodes.open(this.name, place);
      if (numbered) this.#sayNumber(this.#sequences[index]);
      this.nodes.close();
    }
    for (const leaf of this.#siblings) leaf.markPlace();
  }

  #sayNumber(sequence: number): void {
    if (this.#seqNum < 0) this.#seqNum = this.#collection.names.expand('', 'SeqNum');
    this.nodes.nodeText(this.#seqNum, String(sequence));
  }

  override text(bytes: Buffer, start: number, end: number): void {
    this.#value.put(bytes, start, end);
    if (this.hasChild) this.nodes.text(bytes, start, end, false);
  }
}
