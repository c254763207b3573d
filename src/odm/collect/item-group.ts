import { setInt64, type Table } from '../columns.ts';
import { refuse } from '../refusal.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import type { Frame, Frames } from './frames.ts';
import { ITEM_GROUP, LevelColumns, LevelRule } from './level.ts';
import type { Rule } from './rule.ts';

/** Rows that one element may open: they wait for its end tag. */
const MOST_ROWS = 1_000_000;

/** One row of an open item group: an item that stands twice opens a further one. */
interface GroupRow {
  key: number;
  /** Words of the sum of the hashes of its items. */
  low: number;
  high: number;
}

/** An open ItemGroupData: its present row, and those before it. One a depth of nesting, used again and again. */
export class ItemGroup {
  frame!: Frame;
  /** Key of the element it stands in. */
  parentKey = 0;
  outerKey = 0;
  /** Key of the row that takes the next item. */
  key = 0;
  #low = 0;
  #high = 0;
  readonly earlier: GroupRow[] = [];
  /** Key of the row in which each item, by its code, was last seen at this depth. */
  #seen = new Float64Array(256);

  begin(frame: Frame, parent: Frame): void {
    this.frame = frame;
    this.parentKey = parent.key;
    this.outerKey = parent.itemGroup;
    if (this.earlier.length > 0) this.earlier.length = 0;
    this.#beginRow(frame.key);
  }

  #beginRow(key: number): void {
    this.key = key;
    this.#low = this.#high = 0;
  }

  /** Whether the present row has this item already; if not, it has now. */
  has(item: number): boolean {
    if (item >= this.#seen.length) {
      const grown = new Float64Array(Math.max(this.#seen.length * 2, item + 1));
      grown.set(this.#seen);
      this.#seen = grown;
    }
    if (this.#seen[item] === this.key) return true;
    this.#seen[item] = this.key;
    return false;
  }

  nextRow(key: number): void {
    if (this.earlier.length === MOST_ROWS) {
      throw refuse('ODM_TOO_LARGE', `An item stands more than ${MOST_ROWS} times in one item group.`);
    }
    this.earlier.push(this.present());
    this.#beginRow(key);
  }

  present(): GroupRow {
    return { key: this.key, low: this.#low, high: this.#high };
  }

  get low(): number {
    return this.#low;
  }

  get high(): number {
    return this.#high;
  }

  /** Adds the hash of an item to the content hash of the present row, modulo 2^64. */
  add(low: number, high: number): void {
    const sum = (this.#low >>> 0) + (low >>> 0);
    this.#low = sum | 0;
    this.#high = (this.#high + high + (sum > 0xffff_ffff ? 1 : 0)) | 0;
  }
}

/** ItemGroupData (ODM 1.3.2, 3.1.4.1.1.1.1), nested in ODM 2.0. Rows are written at the end tag. */
export class ItemGroupRule extends LevelRule {
  readonly #table: Table;
  readonly #columns: LevelColumns;
  readonly #parentKey: Int32Array;
  readonly #studyEvent: Int32Array;
  readonly #form: Int32Array;
  readonly #outer: Int32Array;
  readonly #length: Int32Array;
  readonly #contentHash: Int32Array;
  readonly #groups: ItemGroup[] = [];
  #depth = -1;
  /** The innermost open group. */
  group: ItemGroup = new ItemGroup();

  constructor(collection: Collection, frames: Frames, foreign: Rule) {
    super(collection, frames, foreign, ITEM_GROUP);
    this.#table = collection.tables.item_group_data;
    this.#columns = new LevelColumns(this.#table, 'item_group_code');
    this.#parentKey = this.#table.words('parent_key');
    this.#studyEvent = this.#table.words('study_event_data_key');
    this.#form = this.#table.words('form_data_key');
    this.#outer = this.#table.words('item_group_data_key');
    this.#length = this.#table.words('length');
    this.#contentHash = this.#table.words('content_hash');
  }

  open(_name: number, _element: number, attributes: Attributes, place: number): Rule {
    const parent = this.frames.top;
    const frame = this.enter(attributes, place);
    if (++this.#depth === this.#groups.length) this.#groups.push(new ItemGroup());
    const group = this.#groups[this.#depth];
    group.begin(frame, parent);
    frame.itemGroup = frame.key;
    this.group = group;
    return this;
  }

  override close(end: number): void {
    const { group } = this;
    for (const { key, low, high } of group.earlier) this.#write(key, low, high, end);
    this.#write(group.key, group.low, group.high, end);
    this.leave();
    if (--this.#depth >= 0) this.group = this.#groups[this.#depth];
  }

  #write(key: number, low: number, high: number, end: number): void {
    const { frame, parentKey, outerKey } = this.group;
    const row = this.#table.length;
    this.#columns.write(frame, key);
    setInt64(this.#studyEvent, row, frame.studyEvent);
    setInt64(this.#form, row, frame.form);
    setInt64(this.#parentKey, row, parentKey);
    setInt64(this.#outer, row, outerKey);
    setInt64(this.#length, row, end - frame.place);
    this.#contentHash[2 * row] = low;
    this.#contentHash[2 * row + 1] = high;
    this.#table.next();
  }
}
