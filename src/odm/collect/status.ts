import { setInt64, type Table } from '../columns.ts';
import type { StatusAttribute } from '../dialects/dialect.ts';
import type { Dictionary, Role } from '../dictionary.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import type { Owner } from './nodes.ts';

/** Fills `status` from the attributes in which a dialect says what state an element is in; they stay attributes, too. */
export class Statuses {
  readonly #table: Table;
  readonly #dictionary: Dictionary;
  readonly #values: Role;
  /** By level that has any: the kind of state that an attribute says, by its name. */
  readonly #kinds: readonly (ReadonlyMap<number, string> | undefined)[];

  constructor({ names, dictionary, tables }: Collection, statuses: readonly StatusAttribute[]) {
    this.#table = tables.status;
    this.#dictionary = dictionary;
    this.#values = dictionary.role();
    this.#kinds = LEVELS.map((element) => {
      const said = statuses.filter(({ level }) => level === element);
      if (said.length === 0) return undefined;
      return new Map(said.map(({ attribute, kind }) => [names.expand(attribute.namespace, attribute.name), kind]));
    });
  }

  /** Writes a row if attribute k of its owner says a state. */
  read(attributes: Attributes, k: number, { level, key, item }: Readonly<Owner>): void {
    const kind = this.#kinds[level]?.get(attributes.names[k]);
    if (kind === undefined) return;
    const table = this.#table;
    setInt64(table.words('element_key'), table.length, key);
    table.words('item_code')[table.length] = item;
    table.words('kind_code')[table.length] = this.#dictionary.codeOf(kind);
    table.words('value_code')[table.length] = this.#values.code(attributes, k);
    table.next();
  }
}
