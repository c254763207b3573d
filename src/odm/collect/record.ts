import { setInt64, type Table, type TextColumn } from '../columns.ts';
import type { Role } from '../dictionary.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { LeafRule } from './leaf.ts';
import { Moment } from './moment.ts';
import { RANK } from './rank.ts';
import { Rule } from './rule.ts';
import { Attribute, Element } from './vocabulary.ts';

const AUDIT_LEVEL = LEVELS.indexOf('AuditRecord');
const SIGNATURE_LEVEL = LEVELS.indexOf('Signature');

/** What AuditRecord and Signature have in common: key, owner, ID, user, location, date and time. */
abstract class RecordRule extends Rule {
  protected readonly collection: Collection;
  protected readonly table: Table;
  protected readonly leaves: LeafRule[] = [];
  readonly #level: number;
  readonly #rank: number;
  readonly #key: Int32Array;
  readonly #elementKey: Int32Array;
  readonly #itemCode: Int32Array;
  readonly #id: TextColumn;
  readonly #userCode: Int32Array;
  readonly #locationCode: Int32Array;
  readonly #place: Int32Array;
  readonly #moment: Moment;
  readonly #user: LeafRule;
  readonly #location: LeafRule;

  constructor(collection: Collection, foreign: Rule, table: Table, level: number) {
    super(collection.nodes, foreign);
    this.collection = collection;
    this.table = table;
    this.#level = level;
    this.#rank = RANK[level === AUDIT_LEVEL ? Element.AuditRecord : Element.Signature];
    this.#key = table.words('key');
    this.#elementKey = table.words('element_key');
    this.#itemCode = table.words('item_code');
    this.#id = table.text('id');
    this.#userCode = table.words('user_code');
    this.#locationCode = table.words('location_code');
    this.#place = table.words('place');
    this.#moment = new Moment(table, collection.dates);
    this.#user = this.leaf(Element.UserRef, foreign, {
      attribute: Attribute.UserOID,
      role: collection.dictionary.role(),
    });
    this.#location = this.leaf(Element.LocationRef, foreign, {
      attribute: Attribute.LocationOID,
      role: collection.dictionary.role(),
    });
    this.leaf(Element.DateTimeStamp, foreign, { text: this.#moment.text });
  }

  protected leaf(
    element: number,
    foreign: Rule,
    columns: { attribute?: number; role?: Role; text?: TextColumn },
  ): LeafRule {
    const leaf = new LeafRule(this.collection, foreign, { ...columns, siblings: this.leaves });
    this.children[element] = leaf;
    return leaf;
  }

  open(_name: number, _element: number, attributes: Attributes, place: number): Rule {
    const row = this.table.length;
    for (const leaf of this.leaves) leaf.reset();
    this.begin(row);
    this.collection.arrive(this.#rank);
    const { owner } = this.nodes;
    setInt64(this.#elementKey, row, owner.key);
    this.#itemCode[row] = owner.item;
    const key = this.collection.newKey();
    setInt64(this.#key, row, key);
    setInt64(this.#place, row, place);
    this.nodes.enter(this.#level, key, 0, place);
    for (let k = 0; k < attributes.count; k++) {
      const attribute = this.collection.vocabulary.attribute(attributes.names[k]);
      if (attribute === Attribute.ID) this.#id.put(attributes.bytes, attributes.starts[k], attributes.ends[k]);
      else if (!this.take(attribute, attributes, k, row)) this.nodes.ownerAttribute(attributes, k);
    }
    return this;
  }

  protected begin(_row: number): void {}

  /** Takes attribute k if it has a column. */
  protected take(_attribute: number, _attributes: Attributes, _k: number, _row: number): boolean {
    return false;
  }

  protected finish(_row: number): void {}

  override close(): void {
    const row = this.table.length;
    this.#userCode[row] = this.#user.code;
    this.#locationCode[row] = this.#location.code;
    this.#moment.write();
    this.finish(row);
    this.table.next();
    this.nodes.leave();
  }
}

/** AuditRecord (ODM 1.3.2, 3.1.4.1.3), at any level or in AuditRecords. */
export class AuditRecordRule extends RecordRule {
  readonly #editPointCode: Int32Array;
  readonly #usedImputationCode: Int32Array;
  readonly #categoryCode: Int32Array;
  readonly #editPoints: Role;
  readonly #imputations: Role;

  constructor(collection: Collection, foreign: Rule) {
    const table = collection.tables.audit_record;
    super(collection, foreign, table, AUDIT_LEVEL);
    this.#editPointCode = table.words('edit_point_code');
    this.#usedImputationCode = table.words('used_imputation_code');
    this.#categoryCode = table.words('category_code');
    this.#editPoints = collection.dictionary.role();
    this.#imputations = collection.dictionary.role();
    this.leaf(Element.ReasonForChange, foreign, { text: table.text('reason') });
    this.leaf(Element.SourceID, foreign, { text: table.text('source_id') });
  }

  protected override begin(row: number): void {
    this.collection.counts.AuditRecord++;
    this.#editPointCode[row] = 0;
    this.#usedImputationCode[row] = 0;
    this.#categoryCode[row] = this.collection.auditCategory;
  }

  protected override take(attribute: number, attributes: Attributes, k: number, row: number): boolean {
    if (attribute === Attribute.EditPoint) {
      this.#editPointCode[row] = this.#editPoints.code(attributes, k);
    } else if (attribute === Attribute.UsedImputationMethod) {
      this.#usedImputationCode[row] = this.#imputations.code(attributes, k);
    } else return false;
    return true;
  }
}

/** Signature (ODM 1.3.2, 3.1.4.1.4), at any level or in Signatures. */
export class SignatureRule extends RecordRule {
  readonly #signatureCode: Int32Array;
  readonly #signature: LeafRule;

  constructor(collection: Collection, foreign: Rule) {
    const table = collection.tables.signature;
    super(collection, foreign, table, SIGNATURE_LEVEL);
    this.#signatureCode = table.words('signature_code');
    this.#signature = this.leaf(Element.SignatureRef, foreign, {
      attribute: Attribute.SignatureOID,
      role: collection.dictionary.role(),
    });
  }

  protected override finish(row: number): void {
    this.#signatureCode[row] = this.#signature.code;
  }
}
