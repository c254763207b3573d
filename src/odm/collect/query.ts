import { setInt64, type Table, type TextColumn } from '../columns.ts';
import type { QueryElement } from '../dialects/dialect.ts';
import type { Role } from '../dictionary.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { LeafRule } from './leaf.ts';
import { Moment } from './moment.ts';
import { AFTER_ALL } from './rank.ts';
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

  /** Whether a part of the query that is being filled is being read: one of its leaves. */
  get isInLeaf(): boolean {
    return this.#rule?.isInLeaf ?? false;
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

/** The rules of a dialect's queries by the names of their elements, and which of them stands where in the standard form. */
interface Queries {
  readonly outermost: number;
  readonly answer: number;
  readonly byName: ReadonlyMap<number, Rule>;
}

/**
 * A query as the dialect writes it. What `query` has no column for stays below it. In its standard form it stands
 * directly in what it is about, or answers, called as the dialect calls its first, or second, kind of query: where it
 * stands in another element, or is called otherwise, a node marks its place.
 */
class QueryRule extends Rule {
  readonly #collection: Collection;
  readonly #foreign: Rule;
  readonly #row: QueryRow;
  readonly #make: () => QueryRule;
  /** The rule of a query of the same kind in this one. */
  #inner: QueryRule | undefined;
  #isOpen = false;
  #queries!: Queries;
  /** Which column an attribute fills, by its name. */
  readonly #columns: ReadonlyMap<number, string>;
  readonly #userRef: LeafRule;
  readonly #leaves: LeafRule[] = [];
  readonly #parts: readonly (readonly [number, LeafRule])[] = [];

  constructor(collection: Collection, foreign: Rule, row: QueryRow, query: QueryElement) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#foreign = foreign;
    this.#row = row;
    this.#make = () => new QueryRule(collection, foreign, row, query);
    const { names } = collection;
    const filled = [...CODES, ...TEXTS].filter((column) => query[column] !== undefined);
    this.#columns = new Map(filled.map((column) => [names.expand('', query[column]!), column]));
    this.#userRef = new LeafRule(collection, foreign, {
      attribute: Attribute.UserOID,
      role: collection.dictionary.role(),
      siblings: this.#leaves,
    });
    this.children[Element.UserRef] = this.#userRef;
    if (query.textElement === undefined) return;
    const text = new LeafRule(collection, foreign, { text: row.texts.get('text'), siblings: this.#leaves });
    const { namespace, name } = query.textElement;
    this.#parts = [[names.expand(namespace, name), text]];
  }

  /** To be called when the rules of all queries are made. */
  connect(queries: Queries): this {
    this.#queries = queries;
    this.named = new Map([...queries.byName, ...this.#parts]);
    return this;
  }

  /** Its row is written: what still comes are nodes. */
  seal(): void {
    for (const leaf of this.#leaves) leaf.taken = true;
  }

  get isInLeaf(): boolean {
    return this.#leaves.some(({ isOpen }) => isOpen);
  }

  get user(): number {
    return this.#userRef.code;
  }

  open(name: number, element: number, attributes: Attributes, place: number): Rule {
    const row = this.#row;
    if (row.isInLeaf) return this.#foreign.open(name, element, attributes, place);
    if (this.#isOpen) {
      this.#inner ??= this.#make().connect(this.#queries);
      return this.#inner.open(name, element, attributes, place);
    }
    this.#isOpen = true;
    const { names, starts, ends, bytes, count } = attributes;
    const { owner } = this.nodes;
    const answers = owner.level === QUERY_LEVEL;
    const { outermost, answer } = this.#queries;
    if (this.nodes.isInNode || name !== (answers ? answer : outermost)) this.nodes.mark(name, place);
    owner.rank = AFTER_ALL;
    row.end();
    row.begin(this);
    for (const leaf of this.#leaves) leaf.reset();
    const { table } = row;
    const key = this.#collection.newKey();
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
    this.#isOpen = false;
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
  const [outermost, answer = outermost] = byName.keys();
  for (const rule of rules) rule.connect({ outermost, answer, byName });
  return byName;
}
