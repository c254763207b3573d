import { setInt64, type Table, type TextColumn } from '../columns.ts';
import { IdentityLevel, toBigInt } from '../identity.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import type { Frame, Frames } from './frames.ts';
import { LeafRule } from './leaf.ts';
import { Rule } from './rule.ts';
import { TransactionTypes } from './transaction-type.ts';
import { Attribute, Element } from './vocabulary.ts';

const SUBJECT_LEVEL = LEVELS.indexOf('SubjectData');

/** SubjectData (ODM 1.3.2, 3.1.4.1). The row is written at the end tag: SiteRef may stand anywhere in it. */
export class SubjectRule extends Rule {
  readonly #collection: Collection;
  readonly #frames: Frames;
  readonly #table: Table;
  readonly #key: Int32Array;
  readonly #clinicalDataKey: Int32Array;
  readonly #identity: Int32Array;
  readonly #subjectKey: TextColumn;
  readonly #siteCode: Int32Array;
  readonly #investigatorCode: Int32Array;
  readonly #transactionCode: Int32Array;
  readonly #place: Int32Array;
  readonly #transactions: TransactionTypes;
  readonly #site: LeafRule;
  readonly #investigator: LeafRule;
  #clinicalData = 0;
  #frame!: Frame;
  #aliasName = -1;
  #aliasKind = '';
  #lastAlias = '';

  constructor(collection: Collection, frames: Frames, foreign: Rule) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#frames = frames;
    const table = collection.tables.subject_data;
    this.#table = table;
    this.#key = table.words('key');
    this.#clinicalDataKey = table.words('clinical_data_key');
    this.#identity = table.words('identity');
    this.#subjectKey = table.text('subject_key');
    this.#siteCode = table.words('site_code');
    this.#investigatorCode = table.words('investigator_code');
    this.#transactionCode = table.words('transaction_code');
    this.#place = table.words('place');
    const role = () => collection.dictionary.role();
    this.#transactions = new TransactionTypes(collection);
    const siblings: LeafRule[] = [];
    this.#site = new LeafRule(collection, foreign, { attribute: Attribute.LocationOID, role: role(), siblings });
    this.#investigator = new LeafRule(collection, foreign, { attribute: Attribute.UserOID, role: role(), siblings });
    collection.folded.push(this.#investigator, this.#site);
    this.children[Element.SiteRef] = this.#site;
    this.children[Element.InvestigatorRef] = this.#investigator;
  }

  /** The dialect is known. */
  begin(): void {
    const { dialect, names } = this.#collection;
    if (dialect.subjectAlias === undefined) return;
    const { attribute, kind } = dialect.subjectAlias;
    this.#aliasName = names.expand(attribute.namespace, attribute.name);
    this.#aliasKind = kind;
  }

  open(_name: number, _element: number, attributes: Attributes, place: number): Rule {
    const { vocabulary, nodes, counts, identity } = this.#collection;
    const { names, starts, ends, bytes, count } = attributes;
    counts.SubjectData++;
    this.#site.reset();
    this.#investigator.reset();
    this.#clinicalData = this.#frames.top.key;
    const parent = this.#frames.top;
    const frame = this.#frames.push(this.#collection.newKey());
    this.#frame = frame;
    frame.subject = frame.key;
    frame.place = place;
    frame.transaction = 0;
    nodes.enter(SUBJECT_LEVEL, frame.key, 0, place);
    let key = -1;
    let alias = -1;
    for (let k = 0; k < count; k++) {
      const attribute = vocabulary.attribute(names[k]);
      if (attribute === Attribute.SubjectKey) key = k;
      else if (attribute === Attribute.TransactionType) {
        frame.transaction = this.#transactions.code(attributes, k, place);
        frame.transactionInForce = frame.transaction;
      } else {
        if (names[k] === this.#aliasName) alias = k;
        nodes.ownerAttribute(attributes, k);
      }
    }
    if (key < 0 || starts[key] === ends[key]) {
      throw this.#collection.keyMissing('SubjectData', Attribute.SubjectKey, place);
    }
    const start = starts[key];
    const end = ends[key];
    this.#subjectKey.put(bytes, start, end);
    identity.begin(parent.low, parent.high, IdentityLevel.subject, bytes, start, end);
    identity.withoutRepeat();
    frame.low = identity.low;
    frame.high = identity.high;
    if (alias >= 0)
      this.#sayAlias(bytes.toString('utf8', start, end), bytes.toString('utf8', starts[alias], ends[alias]));
    return this;
  }

  /** Audit streams say the same alias of the same subject again and again: it is passed on once in a row. */
  #sayAlias(subjectKey: string, alias: string): void {
    const said = `${subjectKey}\u0000${alias}`;
    if (alias === subjectKey || said === this.#lastAlias) return;
    this.#lastAlias = said;
    const subjectIdentity = toBigInt(this.#frame.low, this.#frame.high);
    this.#collection.options.onAlias?.({ key: this.#frame.key, subjectIdentity, kind: this.#aliasKind, alias });
  }

  override close(): void {
    const row = this.#table.length;
    const frame = this.#frame;
    setInt64(this.#key, row, frame.key);
    setInt64(this.#clinicalDataKey, row, this.#clinicalData);
    this.#identity[2 * row] = frame.low;
    this.#identity[2 * row + 1] = frame.high;
    this.#siteCode[row] = this.#site.code;
    this.#investigatorCode[row] = this.#investigator.code;
    this.#transactionCode[row] = frame.transaction;
    setInt64(this.#place, row, frame.place);
    this.#table.next();
    this.nodes.leave();
    this.#frames.pop();
  }
}
