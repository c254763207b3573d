import type { TextColumn } from '../columns.ts';
import type { Role } from '../dictionary.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { FoldedRule } from './folded.ts';
import { RANK } from './rank.ts';
import type { Rule } from './rule.ts';

interface LeafColumns {
  /** The attribute that goes to a column of the parent's row, as a code. */
  attribute?: number;
  role?: Role;
  /** The column of the parent's row that takes the text. */
  text?: TextColumn;
  /** The element it stands in, where that has no row of its own and has to be a node before this can be one. */
  inside?: FoldedRule;
  /** The leaves of one parent, to which it adds itself. */
  siblings?: LeafRule[];
}

/**
 * An element without a row, whose text and one attribute are columns of its parent's row (UserRef, DateTimeStamp, ...).
 * The columns hold the standard form, once, in the order of the standard. Whatever deviates is a node as well: one that
 * stands elsewhere, or carries nothing, marks the place; other attributes and content stand below it, text behind an
 * element in the column and there; a second one is a node altogether, and those before it mark their places.
 */
export class LeafRule extends FoldedRule {
  override readonly ignoresBlank: boolean;
  readonly #collection: Collection;
  readonly #foreign: Rule;
  readonly #attribute: number;
  readonly #role?: Role;
  readonly #text?: TextColumn;
  readonly #inside?: FoldedRule;
  readonly #siblings: readonly LeafRule[];
  #ownerKey = 0;
  /** Whether the parent's row has one already. */
  taken = false;
  /** Whether it is being read. */
  isOpen = false;
  /** Code of the attribute; 0 if it was not sent. */
  code = 0;

  constructor(collection: Collection, foreign: Rule, columns: LeafColumns) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#foreign = foreign;
    this.#attribute = columns.attribute ?? -1;
    this.#role = columns.role;
    this.#text = columns.text;
    this.ignoresBlank = columns.text === undefined;
    this.#inside = columns.inside;
    this.#siblings = columns.siblings ?? [this];
    columns.siblings?.push(this);
  }

  /** Whether this element, be it in its place, is not the one that the columns stand for. */
  protected deviates(_element: number): boolean {
    return false;
  }

  /** A further one begins, which is a node altogether. */
  protected beforeFurther(): void {
    this.#inside?.becomeNode();
    for (const leaf of this.#siblings) leaf.markPlace();
  }

  /** A new row of the parent begins. */
  reset(): void {
    this.taken = this.isOpen = false;
    this.code = 0;
    this.name = -1;
  }

  open(name: number, element: number, attributes: Attributes, place: number): Rule {
    if (this.taken) {
      this.beforeFurther();
      return this.#foreign.open(name, element, attributes, place);
    }
    this.taken = this.isOpen = true;
    this.begin(name, place);
    this.#ownerKey = this.nodes.owner.key;
    this.#takePlace(RANK[element]);
    if (this.deviates(element)) this.becomeNode();
    if (this.#text !== undefined) this.#text.present = true;
    const { names, count } = attributes;
    for (let k = 0; k < count; k++) {
      if (this.#collection.vocabulary.attribute(names[k]) === this.#attribute) {
        this.code = this.#role!.code(attributes, k);
      } else {
        this.becomeNode();
        this.nodes.nodeAttribute(attributes, k);
      }
    }
    return this;
  }

  #takePlace(rank: number): void {
    const { owner } = this.nodes;
    if (rank < owner.rank) this.becomeNode();
    else owner.rank = owner.foldedRank = rank;
  }

  /** Something that the standard has before this came after it: marks where this stood. */
  markPlace(): void {
    if (this.name < 0 || this.isNode || this.#ownerKey !== this.nodes.owner.key) return;
    this.isNode = true;
    this.nodes.mark(this.name, this.place);
  }

  override text(bytes: Buffer, start: number, end: number, blank: boolean): void {
    if (this.#text === undefined) {
      super.text(bytes, start, end, blank);
      return;
    }
    this.#text.put(bytes, start, end);
    if (this.hasChild) this.nodes.text(bytes, start, end, false);
  }

  override becomeNode(): void {
    if (!this.isNode) this.#inside?.becomeNode();
    super.becomeNode();
  }

  override close(): void {
    if (this.code === 0 && this.#text === undefined) this.becomeNode();
    this.isOpen = false;
    super.close();
  }
}
