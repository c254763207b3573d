import { setInt64, type Table, type TextColumn } from '../columns.ts';
import type { AuditLogEntry } from '../dialects/dialect.ts';
import type { Role } from '../dictionary.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { Moment } from './moment.ts';
import { AFTER_ALL } from './rank.ts';
import { Rule } from './rule.ts';

const SUBJECT_LEVEL = LEVELS.indexOf('SubjectData');
const ITEM_LEVEL = LEVELS.indexOf('ItemData');
const AUDIT_LEVEL = LEVELS.indexOf('AuditRecord');

/**
 * An entry of a dialect's audit log: a row of `audit_record`, written at its start tag. Where it stood, and under which
 * name, says a node without attributes at its place; what the row has no column for, or not as it was written, stands
 * below the entry. One that is not in a subject, or in another record, is a node altogether.
 */
class AuditLogRule extends Rule {
  override readonly ignoresBlank = false;
  readonly #collection: Collection;
  readonly #foreign: Rule;
  readonly #table: Table;
  /** The columns that an attribute fills, by its name. */
  readonly #texts: ReadonlyMap<number, TextColumn>;
  readonly #userName: number;
  readonly #categoryNames: readonly number[];
  readonly #users: Role;
  readonly #categories: Role;
  readonly #moment: Moment;
  /** Which of the names of its kind has filled the column: where several were sent, the first of them counts. */
  #category = 0;

  constructor(collection: Collection, foreign: Rule, entry: AuditLogEntry) {
    super(collection.nodes, foreign);
    const { names, dictionary, tables } = collection;
    const attribute = (name: string) => names.expand('', name);
    const table = tables.audit_record;
    this.#collection = collection;
    this.#foreign = foreign;
    this.#table = table;
    this.#moment = new Moment(table, collection.dates);
    this.#texts = new Map([
      [attribute(entry.id), table.text('id')],
      [attribute(entry.datetime), this.#moment.text],
      [attribute(entry.reason), table.text('reason')],
    ]);
    this.#userName = attribute(entry.user);
    this.#categoryNames = entry.category.map(attribute);
    this.#users = dictionary.role();
    this.#categories = dictionary.role();
  }

  open(name: number, element: number, attributes: Attributes, place: number): Rule {
    const { nodes } = this;
    const { owner } = nodes;
    if (owner.level < SUBJECT_LEVEL || owner.level > ITEM_LEVEL) {
      return this.#foreign.open(name, element, attributes, place);
    }
    nodes.mark(name, place);
    owner.rank = AFTER_ALL;
    const table = this.#table;
    const row = table.length;
    const key = this.#collection.newKey();
    setInt64(table.words('key'), row, key);
    setInt64(table.words('element_key'), row, owner.key);
    table.words('item_code')[row] = owner.item;
    setInt64(table.words('place'), row, place);
    for (const column of ['edit_point_code', 'used_imputation_code', 'user_code', 'location_code', 'category_code']) {
      table.words(column)[row] = 0;
    }
    this.#category = this.#categoryNames.length;
    nodes.enter(AUDIT_LEVEL, key, 0, place);
    for (let k = 0; k < attributes.count; k++) if (!this.#take(attributes, k)) nodes.ownerAttribute(attributes, k);
    this.#moment.write();
    table.next();
    return this;
  }

  /** Fills the column of attribute k; false if that does not say all of it. */
  #take(attributes: Attributes, k: number): boolean {
    const { names, starts, ends, bytes, rawWhiteSpace } = attributes;
    const table = this.#table;
    const text = this.#texts.get(names[k]);
    if (text !== undefined) text.put(bytes, starts[k], ends[k]);
    else if (names[k] === this.#userName) table.words('user_code')[table.length] = this.#users.code(attributes, k);
    else {
      const category = this.#categoryNames.indexOf(names[k]);
      if (category >= 0 && category < this.#category) {
        this.#category = category;
        table.words('category_code')[table.length] = this.#categories.code(attributes, k);
      }
      return false;
    }
    return rawWhiteSpace[k] === 0;
  }

  override text(bytes: Buffer, start: number, end: number, blank: boolean): void {
    this.nodes.text(bytes, start, end, blank);
  }

  override close(): void {
    this.nodes.leave();
  }
}

/** The rule of a dialect's audit log, by the name of its entries. */
export function auditLogRules(collection: Collection, foreign: Rule, entry: AuditLogEntry): ReadonlyMap<number, Rule> {
  const { namespace, name } = entry.element;
  return new Map([[collection.names.expand(namespace, name), new AuditLogRule(collection, foreign, entry)]]);
}
