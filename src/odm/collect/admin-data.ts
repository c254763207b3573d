import { setInt64, type Table, type TextColumn } from '../columns.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { FoldedRule } from './folded.ts';
import { LeafRule } from './leaf.ts';
import { AFTER_ALL } from './rank.ts';
import { Rule } from './rule.ts';
import { Attribute, Element } from './vocabulary.ts';

/** Text columns of `user` and the elements that fill them in ODM 1.3 and, where it has another name, in 2.0. */
const USER_PARTS = [
  ['login_name', [Element.LoginName, Element.UserName]],
  ['display_name', [Element.DisplayName]],
  ['full_name', [Element.FullName]],
  ['first_name', [Element.FirstName, Element.GivenName]],
  ['last_name', [Element.LastName, Element.FamilyName]],
  ['organization', [Element.Organization]],
] as const;

/** A part of a user's name: called otherwise than the version of the document has it, it is a node as well. */
class UserPartRule extends LeafRule {
  readonly #vocabulary: Collection['vocabulary'];
  readonly #elements: readonly number[];

  /** `elements`: what it is called in ODM 1.3 and, if otherwise, in 2.0. */
  constructor(
    collection: Collection,
    foreign: Rule,
    elements: readonly number[],
    text: TextColumn,
    siblings: LeafRule[],
  ) {
    super(collection, foreign, { text, siblings });
    this.#vocabulary = collection.vocabulary;
    this.#elements = elements;
  }

  protected override deviates(element: number): boolean {
    return element !== this.#elements[this.#vocabulary.isVersion2 ? this.#elements.length - 1 : 0];
  }
}

/**
 * Users and locations have no place: they stand, in the order of their keys, before all nodes of AdminData. The last
 * ones may stand behind or among them: each of these is marked by a node.
 */
function markBehindNodes(nodes: Collection['nodes'], name: number, place: number): void {
  if (nodes.owner.rank === AFTER_ALL) nodes.mark(name, place);
}

/** User (ODM 1.3.2, 3.1.2.1). */
export class UserRule extends Rule {
  readonly #collection: Collection;
  readonly #table: Table;
  readonly #leaves: LeafRule[] = [];
  #key = 0;
  #parentKey = 0;
  #code = 0;

  constructor(collection: Collection, foreign: Rule) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#table = collection.tables.user;
    for (const [column, elements] of USER_PARTS) {
      const leaf = new UserPartRule(collection, foreign, elements, this.#table.text(column), this.#leaves);
      for (const element of elements) this.children[element] = leaf;
    }
  }

  open(name: number, _element: number, attributes: Attributes, place: number): Rule {
    const { names, starts, ends, bytes, count } = attributes;
    markBehindNodes(this.nodes, name, place);
    for (const leaf of this.#leaves) leaf.reset();
    this.#parentKey = this.nodes.owner.key;
    this.#key = this.#collection.newKey();
    this.#code = 0;
    this.nodes.enter(LEVELS.indexOf('User'), this.#key, 0, place);
    for (let k = 0; k < count; k++) {
      const attribute = this.#collection.vocabulary.attribute(names[k]);
      if (attribute === Attribute.OID) this.#code = this.#collection.dictionary.code(bytes, starts[k], ends[k]);
      else if (attribute === Attribute.UserType) this.#table.text('user_type').put(bytes, starts[k], ends[k]);
      else this.nodes.ownerAttribute(attributes, k);
    }
    return this;
  }

  override close(): void {
    const table = this.#table;
    setInt64(table.words('key'), table.length, this.#key);
    setInt64(table.words('parent_key'), table.length, this.#parentKey);
    table.words('user_code')[table.length] = this.#code;
    table.next();
    this.nodes.leave();
  }
}

/** Location (ODM 1.3.2, 3.1.2.2): a row for each MetaDataVersionRef, or one if there is none. */
export class LocationRule extends Rule {
  readonly #collection: Collection;
  readonly #table: Table;
  #key = 0;
  #parentKey = 0;
  #code = 0;
  #name: Buffer | null = null;
  #type: Buffer | null = null;
  #rows = 0;

  constructor(collection: Collection, foreign: Rule) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#table = collection.tables.location;
    this.children[Element.MetaDataVersionRef] = new VersionRefRule(collection, foreign, this);
  }

  open(name: number, _element: number, attributes: Attributes, place: number): Rule {
    const { names, starts, ends, bytes, count } = attributes;
    markBehindNodes(this.nodes, name, place);
    this.#parentKey = this.nodes.owner.key;
    this.#key = this.#collection.newKey();
    this.#code = this.#rows = 0;
    this.#name = this.#type = null;
    this.nodes.enter(LEVELS.indexOf('Location'), this.#key, 0, place);
    for (let k = 0; k < count; k++) {
      const attribute = this.#collection.vocabulary.attribute(names[k]);
      const value = () => Buffer.from(bytes.subarray(starts[k], ends[k]));
      if (attribute === Attribute.OID) this.#code = this.#collection.dictionary.code(bytes, starts[k], ends[k]);
      else if (attribute === Attribute.Name) this.#name = value();
      else if (attribute === Attribute.LocationType) this.#type = value();
      else this.nodes.ownerAttribute(attributes, k);
    }
    return this;
  }

  /** Ends a row, for which the columns of a MetaDataVersionRef are filled or 0. */
  endRow(study: number, version: number): void {
    const table = this.#table;
    const row = table.length;
    this.#rows++;
    setInt64(table.words('key'), row, this.#key);
    setInt64(table.words('parent_key'), row, this.#parentKey);
    table.words('location_code')[row] = this.#code;
    table.words('study_code')[row] = study;
    table.words('metadata_version_code')[row] = version;
    if (this.#name !== null) table.text('name').put(this.#name, 0, this.#name.length);
    if (this.#type !== null) table.text('location_type').put(this.#type, 0, this.#type.length);
    table.next();
  }

  override close(): void {
    if (this.#rows === 0) this.endRow(0, 0);
    this.nodes.leave();
  }
}

/**
 * MetaDataVersionRef of a location: a row. One that carries nothing, or more than the row, or stands behind a node, is a
 * node too: those are the last ones.
 */
class VersionRefRule extends FoldedRule {
  readonly #collection: Collection;
  readonly #location: LocationRule;
  #study = 0;
  #version = 0;

  constructor(collection: Collection, foreign: Rule, location: LocationRule) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#location = location;
  }

  open(name: number, _element: number, attributes: Attributes, place: number): Rule {
    const { names, starts, ends, bytes, count } = attributes;
    const { dictionary, vocabulary, tables } = this.#collection;
    this.begin(name, place);
    if (this.nodes.owner.rank === AFTER_ALL) this.becomeNode();
    this.#study = this.#version = 0;
    let known = 0;
    for (let k = 0; k < count; k++) {
      const attribute = vocabulary.attribute(names[k]);
      if (attribute === Attribute.StudyOID) this.#study = dictionary.code(bytes, starts[k], ends[k]);
      else if (attribute === Attribute.MetaDataVersionOID) this.#version = dictionary.code(bytes, starts[k], ends[k]);
      else if (attribute === Attribute.EffectiveDate)
        tables.location.text('effective_date').put(bytes, starts[k], ends[k]);
      else {
        this.becomeNode();
        this.nodes.nodeAttribute(attributes, k);
        continue;
      }
      known++;
    }
    if (known === 0) this.becomeNode();
    return this;
  }

  override close(): void {
    super.close();
    this.#location.endRow(this.#study, this.#version);
  }
}
