import { setInt64, type Table, type TextColumn } from '../columns.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { FoldedRule } from './folded.ts';
import { LeafRule } from './leaf.ts';
import { AFTER_ALL, RANK } from './rank.ts';
import { Rule } from './rule.ts';
import { TransactionTypes } from './transaction-type.ts';
import { Attribute, Element } from './vocabulary.ts';

const ANNOTATION_LEVEL = LEVELS.indexOf('Annotation');
const ANNOTATION_RANK = RANK[Element.Annotation];

/** Annotation (ODM 1.3.2, 3.1.4.1.5): a row for its comment, which is always there, and one for each flag. */
export class AnnotationRule extends Rule {
  readonly #collection: Collection;
  readonly #table: Table;
  readonly #key: Int32Array;
  readonly #elementKey: Int32Array;
  readonly #itemCode: Int32Array;
  readonly #id: TextColumn;
  readonly #sequence: TextColumn;
  readonly #commentText: TextColumn;
  readonly #transactionCode: Int32Array;
  readonly #sponsorOrSiteCode: Int32Array;
  readonly #flagNumber: Int32Array;
  readonly #flagCodeListCode: Int32Array;
  readonly #typeCodeListCode: Int32Array;
  readonly #places: Int32Array;
  readonly #transactions: TransactionTypes;
  readonly #comment: LeafRule;
  readonly #flag: FlagRule;
  #ownerKey = 0;
  #ownerItem = 0;
  #annotationKey = 0;
  #place = 0;
  #idText: Buffer | null = null;
  #sequenceText: Buffer | null = null;
  #transaction = 0;
  #rows = 0;

  constructor(collection: Collection, foreign: Rule) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    const table = collection.tables.annotation;
    this.#table = table;
    this.#key = table.words('key');
    this.#elementKey = table.words('element_key');
    this.#itemCode = table.words('item_code');
    this.#id = table.text('id');
    this.#sequence = table.text('sequence');
    this.#commentText = table.text('comment');
    this.#transactionCode = table.words('transaction_code');
    this.#sponsorOrSiteCode = table.words('sponsor_or_site_code');
    this.#flagNumber = table.words('flag');
    this.#places = table.words('place');
    this.#flagCodeListCode = table.words('flag_code_list_code');
    this.#typeCodeListCode = table.words('flag_type_code_list_code');
    const role = () => collection.dictionary.role();
    this.#transactions = new TransactionTypes(collection);
    this.#comment = new LeafRule(collection, foreign, {
      attribute: Attribute.SponsorOrSite,
      role: role(),
      text: this.#commentText,
    });
    this.#flag = new FlagRule(collection, foreign, this);
    this.children[Element.Comment] = this.#comment;
    this.children[Element.Flag] = this.#flag;
  }

  open(_name: number, _element: number, attributes: Attributes, place: number): Rule {
    const { names, starts, ends, bytes, count } = attributes;
    this.#rows = 0;
    this.#idText = this.#sequenceText = null;
    this.#transaction = 0;
    this.#comment.reset();
    this.#flag.reset();
    this.#collection.arrive(ANNOTATION_RANK);
    const { owner } = this.nodes;
    this.#ownerKey = owner.key;
    this.#ownerItem = owner.item;
    this.#place = place;
    this.#annotationKey = this.#collection.newKey();
    this.nodes.enter(ANNOTATION_LEVEL, this.#annotationKey, 0, place);
    for (let k = 0; k < count; k++) {
      const attribute = this.#collection.vocabulary.attribute(names[k]);
      if (attribute === Attribute.ID) this.#idText = Buffer.from(bytes.subarray(starts[k], ends[k]));
      else if (attribute === Attribute.SeqNum) this.#sequenceText = Buffer.from(bytes.subarray(starts[k], ends[k]));
      else if (attribute === Attribute.TransactionType) {
        this.#transaction = this.#transactions.code(attributes, k, place);
      } else this.nodes.ownerAttribute(attributes, k);
    }
    return this;
  }

  /** A flag begins: the row of the comment ends, and a comment that comes later has none. */
  endComment(): void {
    if (this.#rows > 0) return;
    this.endRow();
    this.#comment.taken = true;
  }

  endRow(): void {
    const row = this.#table.length;
    this.#flagNumber[row] = this.#rows++;
    setInt64(this.#key, row, this.#annotationKey);
    setInt64(this.#elementKey, row, this.#ownerKey);
    this.#itemCode[row] = this.#ownerItem;
    if (this.#idText !== null) this.#id.put(this.#idText, 0, this.#idText.length);
    if (this.#sequenceText !== null) this.#sequence.put(this.#sequenceText, 0, this.#sequenceText.length);
    this.#transactionCode[row] = this.#transaction;
    this.#sponsorOrSiteCode[row] = this.#commentText.present ? this.#comment.code : 0;
    this.#flagCodeListCode[row] = this.#flag.valueCodeList;
    this.#typeCodeListCode[row] = this.#flag.typeCodeList;
    setInt64(this.#places, row, this.#place);
    this.#table.next();
    this.#flag.reset();
  }

  override close(): void {
    if (this.#rows === 0) this.endRow();
    this.nodes.leave();
  }
}

/** Flag: FlagValue and FlagType make one row of the annotation. Those that are nodes too are the last ones. */
class FlagRule extends FoldedRule {
  readonly #annotation: AnnotationRule;
  readonly #value: LeafRule;
  readonly #type: LeafRule;
  #outerRank = 0;

  constructor(collection: Collection, foreign: Rule, annotation: AnnotationRule) {
    super(collection.nodes, foreign);
    this.#annotation = annotation;
    const siblings: LeafRule[] = [];
    const leaf = (column: string) =>
      new LeafRule(collection, foreign, {
        attribute: Attribute.CodeListOID,
        role: collection.dictionary.role(),
        text: collection.tables.annotation.text(column),
        inside: this,
        siblings,
      });
    this.#value = leaf('flag_value');
    this.#type = leaf('flag_type');
    this.children[Element.FlagValue] = this.#value;
    this.children[Element.FlagType] = this.#type;
  }

  get valueCodeList(): number {
    return this.#value.code;
  }

  get typeCodeList(): number {
    return this.#type.code;
  }

  reset(): void {
    this.#value.reset();
    this.#type.reset();
  }

  open(name: number, _element: number, attributes: Attributes, place: number): Rule {
    this.#annotation.endComment();
    this.begin(name, place);
    const { owner } = this.nodes;
    this.#outerRank = owner.rank;
    if (owner.rank === AFTER_ALL || attributes.count > 0) this.becomeNode();
    for (let k = 0; k < attributes.count; k++) this.nodes.nodeAttribute(attributes, k);
    owner.rank = 0;
    return this;
  }

  override close(): void {
    super.close();
    this.nodes.owner.rank = this.isNode ? AFTER_ALL : this.#outerRank;
    this.#annotation.endRow();
  }
}
