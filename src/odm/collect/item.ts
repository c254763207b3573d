import { setInt64, type Table, type TextColumn } from '../columns.ts';
import type { Role } from '../dictionary.ts';
import { ContentMark } from '../identity.ts';
import { ITEM_ELEMENTS, ItemFlag, LEVELS, RESERVED_TEXTS } from '../layout.ts';
import { type Attributes, RawWhiteSpace } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import type { ItemGroup, ItemGroupRule } from './item-group.ts';
import { ItemValueRule } from './item-value.ts';
import { LeafRule } from './leaf.ts';
import { Rule } from './rule.ts';
import { TransactionTypes } from './transaction-type.ts';
import { Attribute, Element } from './vocabulary.ts';

const REMOVE = RESERVED_TEXTS.indexOf('Remove');
const CONTEXT = RESERVED_TEXTS.indexOf('Context');
const ITEM_LEVEL = LEVELS.indexOf('ItemData');

/**
 * ItemData and the typed kinds (ODM 1.3.2, 3.1.4.1.1.1.1.1 and 2). The value is the Value attribute of ItemData, its
 * Value children (ODM 2.0), or the text of a typed kind. Attributes and content without a column become nodes.
 */
export class ItemRule extends Rule {
  /** White space counts in the typed kinds, whose text is the value. */
  override readonly ignoresBlank = false;
  readonly #collection: Collection;
  readonly #groups: ItemGroupRule;
  readonly #table: Table;
  readonly #groupKey: Int32Array;
  readonly #itemCode: Int32Array;
  readonly #value: TextColumn;
  readonly #flags: Uint8Array;
  readonly #kinds: Uint8Array;
  readonly #transactionCode: Int32Array;
  readonly #unitCode: Int32Array;
  readonly #sequence: Int32Array;
  readonly #places: Int32Array;
  readonly #items: Role;
  readonly #transactions: TransactionTypes;
  readonly #units: Role;
  readonly #unitRef: UnitRule;
  readonly #values: ItemValueRule;
  #kind = 0;
  #item = 0;
  #transaction = 0;
  #unit = 0;
  #isNull = false;
  #rawWhiteSpace = false;
  /** Whether the attribute Value, or MeasurementUnitOID, is kept as an attribute too. */
  #isValueKept = false;
  #isUnitKept = false;
  #valueName = -1;
  #unitName = -1;
  #place = 0;

  constructor(collection: Collection, foreign: Rule, groups: ItemGroupRule) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#groups = groups;
    const table = collection.tables.item_data;
    this.#table = table;
    this.#groupKey = table.words('item_group_data_key');
    this.#itemCode = table.words('item_code');
    this.#value = table.text('value');
    this.#flags = table.bytes('flags');
    this.#kinds = table.bytes('kind');
    this.#transactionCode = table.words('transaction_code');
    this.#unitCode = table.words('unit_code');
    this.#sequence = table.words('sequence');
    this.#places = table.words('place');
    this.#items = collection.dictionary.role();
    this.#transactions = new TransactionTypes(collection);
    this.#units = collection.dictionary.role();
    this.#unitRef = new UnitRule(collection, foreign, this.#units, () => this.#keepUnit());
    collection.folded.push(this.#unitRef);
    this.#values = new ItemValueRule(
      collection,
      foreign,
      this.#value,
      () => this.#endRow(),
      () => this.#keepValue(),
      [this.#unitRef],
    );
    this.children[Element.MeasurementUnitRef] = this.#unitRef;
    this.children[Element.Value] = this.#values;
  }

  open(_name: number, element: number, attributes: Attributes, place: number): Rule {
    const { vocabulary, counts, nodes } = this.#collection;
    const { names, starts, ends, bytes, count } = attributes;
    counts.ItemData++;
    this.#kind = element - Element.ItemData;
    this.#place = place;
    this.#item = this.#transaction = this.#unit = 0;
    this.#isNull = this.#rawWhiteSpace = this.#isValueKept = this.#isUnitKept = false;
    this.#unitRef.reset();
    this.#unitRef.isTyped = this.#kind > 0;
    this.#values.reset(this.#kind === 0);
    const group = this.#beginItem(attributes);
    nodes.enter(ITEM_LEVEL, group.key, this.#item, place);
    for (let k = 0; k < count; k++) {
      const attribute = vocabulary.attribute(names[k]);
      if (attribute === 0) nodes.ownerAttribute(attributes, k);
      else if (attribute === Attribute.ItemOID) continue;
      else if (attribute === Attribute.Value && this.#kind === 0) {
        this.#value.put(bytes, starts[k], ends[k]);
        this.#values.refuse();
        const raw = attributes.rawWhiteSpace[k];
        this.#rawWhiteSpace = raw !== RawWhiteSpace.none;
        if (raw === RawWhiteSpace.all) attributes.rawWhiteSpace[k] = RawWhiteSpace.none;
        if (raw === RawWhiteSpace.mixed) this.#isValueKept = true;
        else if (vocabulary.isVersion2) this.#keepValue();
      } else if (attribute === Attribute.TransactionType) {
        this.#transaction = this.#transactions.code(attributes, k, place);
      } else if (attribute === Attribute.MeasurementUnitOID) {
        this.#unit = this.#units.code(attributes, k);
        this.#unitRef.taken = true;
        // The standard form of ItemData is the element. What is raw the collector keeps.
        this.#isUnitKept = this.#kind === 0 || attributes.rawWhiteSpace[k] !== RawWhiteSpace.none;
        if (this.#kind === 0) nodes.ownerAttribute(attributes, k);
      } else if (isYes(attribute, attributes, k)) this.#isNull = true;
      else nodes.ownerAttribute(attributes, k);
    }
    return this;
  }

  /** Finds which item it is, which mostly is said first, and the row of the group that takes it. */
  #beginItem(attributes: Attributes): ItemGroup {
    const { vocabulary } = this.#collection;
    for (let k = 0; k < attributes.count; k++) {
      if (vocabulary.attribute(attributes.names[k]) !== Attribute.ItemOID) continue;
      if (attributes.starts[k] < attributes.ends[k]) this.#item = this.#items.code(attributes, k);
      break;
    }
    if (this.#item === 0) {
      throw this.#collection.keyMissing(ITEM_ELEMENTS[this.#kind], Attribute.ItemOID, this.#place);
    }
    const { group } = this.#groups;
    if (group.has(this.#item)) {
      group.nextRow(this.#collection.newKey());
      group.has(this.#item);
    }
    return group;
  }

  override text(bytes: Buffer, start: number, end: number, blank: boolean): void {
    if (this.#kind === 0) {
      super.text(bytes, start, end, blank);
      return;
    }
    this.#value.put(bytes, start, end);
    // Behind an element the column no longer tells where the text stood.
    if (this.nodes.owner.rank > 0) this.nodes.text(bytes, start, end, false);
  }

  /** The attribute Value is not what tells the value here (ODM 2.0, or a Value element beside it): it is kept too. */
  #keepValue(): void {
    if (this.#kind > 0 || this.#isValueKept) return;
    this.#isValueKept = true;
    if (this.#valueName < 0) this.#valueName = this.#collection.names.expand('', 'Value');
    const { bytes, start, end } = this.#value;
    this.nodes.ownerValue(this.#valueName, bytes, start, end, this.#rawWhiteSpace);
  }

  /** The same of MeasurementUnitOID beside MeasurementUnitRef. */
  #keepUnit(): void {
    if (this.#unit === 0 || this.#isUnitKept) return;
    this.#isUnitKept = true;
    if (this.#unitName < 0) this.#unitName = this.#collection.names.expand('', 'MeasurementUnitOID');
    const { dictionary } = this.#collection;
    this.nodes.ownerValue(this.#unitName, dictionary.arena, dictionary.start(this.#unit), dictionary.end(this.#unit));
  }

  override close(): void {
    this.#endRow();
    this.nodes.leave();
  }

  #endRow(): void {
    const value = this.#value;
    const row = this.#table.length;
    const group = this.#groups.group;
    const unit = this.#unit === 0 ? this.#unitRef.code : this.#unit;
    const sequence = this.#values.sequence;
    // An empty element of a typed kind is the empty text, unless it says that there is none.
    if (this.#kind > 0 && !this.#isNull) value.present = true;
    const flags = this.#flagsOf(value.present);
    setInt64(this.#groupKey, row, group.key);
    this.#itemCode[row] = this.#item;
    this.#flags[row] = flags;
    this.#kinds[row] = this.#kind;
    this.#transactionCode[row] = this.#transaction;
    this.#unitCode[row] = unit;
    this.#sequence[row] = sequence;
    this.#places[row] = this.#place - group.frame.place;
    const { identity, dictionary } = this.#collection;
    const marks =
      (flags & (ItemFlag.noValue | ItemFlag.isNull)) | (this.#transaction === REMOVE ? ContentMark.remove : 0);
    identity.item(dictionary, this.#item, sequence, marks, unit, value);
    group.add(identity.low, identity.high);
    this.#table.next();
  }

  #flagsOf(hasValue: boolean): number {
    const { transactional, noValueSaysNothing } = this.#collection;
    const inForce = this.#transaction === 0 ? this.#groups.group.frame.transactionInForce : this.#transaction;
    let flags = hasValue ? 0 : ItemFlag.noValue;
    if (this.#isNull) flags |= ItemFlag.isNull;
    const silent = transactional && noValueSaysNothing && flags === ItemFlag.noValue && inForce !== REMOVE;
    // A snapshot holds what is there: a value in it stands, whatever transaction is told of it.
    const isContext = inForce === CONTEXT && (transactional || !hasValue);
    if (silent || isContext) flags |= ItemFlag.saysNothing;
    if (this.#rawWhiteSpace) flags |= ItemFlag.rawWhiteSpace;
    return flags;
  }
}

/** MeasurementUnitRef, which is the standard form in ItemData; the typed kinds have an attribute. */
class UnitRule extends LeafRule {
  isTyped = false;
  readonly #beforeFurther: () => void;

  constructor(collection: Collection, foreign: Rule, role: Role, beforeFurther: () => void) {
    super(collection, foreign, { attribute: Attribute.MeasurementUnitOID, role });
    this.#beforeFurther = beforeFurther;
  }

  protected override deviates(): boolean {
    return this.isTyped;
  }

  protected override beforeFurther(): void {
    super.beforeFurther();
    this.#beforeFurther();
  }
}

/** IsNull has one value in the standard; any other is kept as an attribute. */
function isYes(attribute: number, { bytes, starts, ends }: Attributes, k: number): boolean {
  const at = starts[k];
  if (attribute !== Attribute.IsNull || ends[k] - at !== 3) return false;
  return bytes[at] === 89 && bytes[at + 1] === 101 && bytes[at + 2] === 115;
}
