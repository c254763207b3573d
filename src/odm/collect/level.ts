import { setInt64, type Table } from '../columns.ts';
import type { Role } from '../dictionary.ts';
import { IdentityLevel } from '../identity.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import type { Frame, Frames } from './frames.ts';
import { RANK } from './rank.ts';
import { Rule } from './rule.ts';
import type { Counts } from './tally.ts';
import { TransactionTypes } from './transaction-type.ts';
import { Attribute, Element } from './vocabulary.ts';

/** What tells one level of the hierarchy from another. */
interface LevelKind {
  /** Level of raw.level. */
  level: number;
  identityLevel: number;
  oid: number;
  repeatKey: number;
  /** An attribute that is taken for the repeat key where that was not sent, and is kept as an attribute. */
  otherRepeatKey?: number;
  /** Rank of the element among its siblings. */
  rank: number;
  counted: keyof Counts;
}

/** An element with an OID, a repeat key and a transaction type: takes them, and gives it key, ordinal and identity. */
export abstract class LevelRule extends Rule {
  protected readonly collection: Collection;
  protected readonly frames: Frames;
  readonly #kind: LevelKind;
  readonly #oids: Role;
  readonly #repeatKeys: Role;
  readonly #transactions: TransactionTypes;

  constructor(collection: Collection, frames: Frames, foreign: Rule, kind: LevelKind) {
    super(collection.nodes, foreign);
    this.collection = collection;
    this.frames = frames;
    this.#kind = kind;
    this.#oids = collection.dictionary.role();
    this.#repeatKeys = collection.dictionary.role();
    this.#transactions = new TransactionTypes(collection);
  }

  protected enter(attributes: Attributes, place: number): Frame {
    const { vocabulary, nodes, counts, identity } = this.collection;
    const { names, starts, ends, bytes, count } = attributes;
    const kind = this.#kind;
    counts[kind.counted]++;
    this.collection.arrive(kind.rank);
    const parent = this.frames.top;
    const frame = this.frames.push(this.collection.newKey());
    frame.oid = frame.repeatKey = frame.ordinal = frame.transaction = 0;
    frame.place = place;
    nodes.enter(kind.level, frame.key, 0, place);
    let oid = -1;
    let repeatKey = -1;
    let other = -1;
    for (let k = 0; k < count; k++) {
      const attribute = vocabulary.attribute(names[k]);
      if (attribute === kind.oid) {
        oid = k;
        frame.oid = this.#oids.code(attributes, k);
      } else if (attribute === kind.repeatKey) {
        repeatKey = k;
        frame.repeatKey = this.#repeatKeys.code(attributes, k);
      } else if (attribute === Attribute.TransactionType) {
        frame.transaction = this.#transactions.code(attributes, k, place);
        frame.transactionInForce = frame.transaction;
      } else {
        if (attribute === kind.otherRepeatKey && attribute !== 0) other = k;
        nodes.ownerAttribute(attributes, k);
      }
    }
    // The one that is taken for the key hides that the other was sent too.
    if (repeatKey >= 0 && other >= 0) nodes.ownerAttribute(attributes, repeatKey);
    if (oid < 0 || starts[oid] === ends[oid]) throw this.collection.keyMissing(kind.counted, kind.oid, place);
    if (repeatKey < 0 && other >= 0) {
      repeatKey = other;
      frame.repeatKey = this.#repeatKeys.code(attributes, other);
    }
    identity.begin(parent.low, parent.high, kind.identityLevel, bytes, starts[oid], ends[oid]);
    if (repeatKey >= 0) {
      identity.withRepeatKey(bytes, starts[repeatKey], ends[repeatKey]);
    } else {
      frame.ordinal = parent.childOrdinal(kind.level, frame.oid);
      identity.withOrdinal(frame.ordinal);
    }
    frame.low = identity.low;
    frame.high = identity.high;
    return frame;
  }

  protected leave(): void {
    this.nodes.leave();
    this.frames.pop();
  }
}

/** The columns that study_event_data, form_data and item_group_data have in common. */
export class LevelColumns {
  readonly #table: Table;
  readonly #key: Int32Array;
  readonly #subject: Int32Array;
  readonly #identity: Int32Array;
  readonly #oid: Int32Array;
  readonly #repeatKey: Int32Array;
  readonly #ordinal: Int32Array;
  readonly #transaction: Int32Array;
  readonly #place: Int32Array;

  constructor(table: Table, oidColumn: string) {
    this.#table = table;
    this.#key = table.words('key');
    this.#subject = table.words('subject_data_key');
    this.#identity = table.words('identity');
    this.#oid = table.words(oidColumn);
    this.#repeatKey = table.words('repeat_key_code');
    this.#ordinal = table.words('ordinal');
    this.#transaction = table.words('transaction_code');
    this.#place = table.words('place');
  }

  /** Writes these columns of the present row, which `key` may differ from the frame's. */
  write(frame: Frame, key: number): void {
    const row = this.#table.length;
    setInt64(this.#key, row, key);
    setInt64(this.#subject, row, frame.subject);
    this.#identity[2 * row] = frame.low;
    this.#identity[2 * row + 1] = frame.high;
    this.#oid[row] = frame.oid;
    this.#repeatKey[row] = frame.repeatKey;
    this.#ordinal[row] = frame.ordinal;
    this.#transaction[row] = frame.transaction;
    setInt64(this.#place, row, frame.place);
  }
}

const DEEPER = RANK[Element.ItemGroupData];

export const STUDY_EVENT: LevelKind = {
  level: LEVELS.indexOf('StudyEventData'),
  identityLevel: IdentityLevel.studyEvent,
  oid: Attribute.StudyEventOID,
  repeatKey: Attribute.StudyEventRepeatKey,
  rank: DEEPER,
  counted: 'StudyEventData',
};

export const FORM: LevelKind = {
  level: LEVELS.indexOf('FormData'),
  identityLevel: IdentityLevel.form,
  oid: Attribute.FormOID,
  repeatKey: Attribute.FormRepeatKey,
  rank: DEEPER,
  counted: 'FormData',
};

export const ITEM_GROUP: LevelKind = {
  level: LEVELS.indexOf('ItemGroupData'),
  identityLevel: IdentityLevel.itemGroup,
  oid: Attribute.ItemGroupOID,
  repeatKey: Attribute.ItemGroupRepeatKey,
  otherRepeatKey: Attribute.ItemGroupDataSeq,
  rank: DEEPER,
  counted: 'ItemGroupData',
};
