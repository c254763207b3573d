import { setInt64, type Table, type TextColumn } from '../columns.ts';
import type { QueryElement } from '../dialects/dialect.ts';
import type { Role } from '../dictionary.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { LeafRule } from './leaf.ts';
import { Moment } from './moment.ts';
import { Rule } from './rule.ts';
import { Attribute, Element } from './vocabulary.ts';

const QUERY_LEVEL = LEVELS.indexOf('Query');

/** Columns of `query` that an attribute fills as a code, and those that it fills as text. */
const CODES = ['type', 'recipient', 'status'] as const;
const TEXTS = ['id', 'datetime', 'text', 'response'] as const;

/** The row of `query` that is being filled: it ends before another begins, or with its element. */
class QueryRow {
  readonly table: Table;
  readonly codes: ReadonlyMap<string, { column: Int32Array; role: Role }>;
  readonly texts: ReadonlyMap<string, TextColumn>;
  readonly #moment: Moment;
  readonly #user: Int32Array;
  #rule: QueryRule | null = null;
  /** What the outermost open query is about. */
  element = 0;
  item = 0;

  constructor(collection: Collection) {
    const table = collection.tables.query;
    this.table = table;
    this.codes = new Map(
      CODES.map((code) => [code, { column: table.words(`${code}_code`), role: collection.dictionary.role() }]),
    );
    this.texts = new Map(TEXTS.map((text) => [text, table.text(text)]));
    this.#moment = new Moment(table, collection.dates);
    this.#user = table.words('user_code');
  }

  begin(rule: QueryRule): void {
    this.#rule = rule;
    for (const { column } of this.codes.values()) column[this.table.length] = 0;
  }

  /** Ends the row if it is still this rule's, or anybody's. */
  end(rule?: QueryRule): void {
    if (this.#rule === null || (rule !== undefined && rule !== this.#rule)) return;
    this.#moment.write();
    this.#user[this.table.length] = this.#rule.user;
    this.table.next();
    this.#rule.seal();
    this.#rule = null;
  }
}

/** A query as the dialect writes it. What `query` has no column for stays below it. */
class QueryRule extends Rule {
  readonly #collection: Collection;
  readonly #row: QueryRow;
  /** Which column an attribute fills, by its name. */
  readonly #columns: ReadonlyMap<number, string>;
  readonly #userRef: LeafRule;
  readonly #textElement?: LeafRule;

  constructor(collection: Collection, foreign: Rule, row: QueryRow, query: QueryElement) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#row = row;
    const { names } = collection;
    const filled = [...CODES, ...TEXTS].filter((column) => query[column] !== undefined);
    this.#columns = new Map(filled.map((column) => [names.expand('', query[column]!), column]));
    this.#userRef = new LeafRule(collection, foreign, {
      attribute: Attribute.UserOID,
      role: collection.dictionary.role(),
    });
    this.children[Element.UserRef] = this.#userRef;
    if (query.textElement === undefined) return;
    this.#textElement = new LeafRule(collection, foreign, { text: row.texts.get('text') });
    const { namespace, name } = query.textElement;
    this.named = new Map([[names.expand(namespace, name), this.#textElement]]);
  }

  /** Its row is written: what still comes are nodes. */
  seal(): void {
    this.#userRef.taken = true;
    if (this.#textElement !== undefined) this.#textElement.taken = true;
  }

  get user(): number {
    return this.#userRef.code;
  }

  open(_name: number, _element: number, attributes: Attributes, place: number): Rule {
    const { names, starts, ends, bytes, count } = attributes;
    const { owner } = this.nodes;
    const row = this.#row;
    row.end();
    row.begin(this);
    this.#userRef.reset();
    this.#textElement?.reset();
    const { table } = row;
    const key = this.#collection.newKey();
    const answers = owner.level === QUERY_LEVEL;
    setInt64(table.words('key'), table.length, key);
    if (!answers) {
      row.element = owner.key;
      row.item = owner.item;
    }
    setInt64(table.words('element_key'), table.length, row.element);
    table.words('item_code')[table.length] = row.item;
    setInt64(table.words('parent_key'), table.length, answers ? owner.key : 0);
    setInt64(table.words('place'), table.length, place);
    this.nodes.enter(QUERY_LEVEL, key, 0, place);
    for (let k = 0; k < count; k++) {
      const column = this.#columns.get(names[k]) ?? '';
      const text = row.texts.get(column);
      const code = row.codes.get(column);
      if (text !== undefined) text.put(bytes, starts[k], ends[k]);
      else if (code !== undefined) code.column[table.length] = code.role.code(attributes, k);
      else this.nodes.ownerAttribute(attributes, k);
    }
    return this;
  }

  override close(): void {
    this.#row.end(this);
    this.nodes.leave();
  }
}

/** The rules of a dialect's queries, by the names of their elements. Each may stand in the ones before it. */
export function queryRules(
  collection: Collection,
  foreign: Rule,
  queries: readonly QueryElement[],
): ReadonlyMap<number, Rule> {
  const row = new QueryRow(collection);
  const rules = queries.map((query) => new QueryRule(collection, foreign, row, query));
  const byName = new Map<number, Rule>(
    queries.map(({ element }, index) => [collection.names.expand(element.namespace, element.name), rules[index]]),
  );
  for (const rule of rules) rule.named = new Map([...byName, ...(rule.named ?? [])]);
  return byName;
}
