import type { DocumentHead } from '../dialects/dialect.ts';
import { refuse } from '../refusal.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { OwnerRule } from './owner-rule.ts';
import type { Rule } from './rule.ts';

/** Namespaces of ODM 1.2, 1.3 and 2.0. Services also send ODM in no namespace. */
const ODM_NAMESPACES: readonly string[] = [
  'http://www.cdisc.org/ns/odm/v1.3',
  'http://www.cdisc.org/ns/odm/v2.0',
  'http://www.cdisc.org/ns/odm/v1.2',
  '',
];

/** Columns of raw.part that are attributes of the root (ODM 1.3.2, 3.1). */
export const PART_COLUMNS = {
  ODMVersion: 'odm_version',
  FileType: 'file_type',
  Granularity: 'granularity',
  FileOID: 'file_oid',
  PriorFileOID: 'prior_file_oid',
  CreationDateTime: 'creation_datetime',
  AsOfDateTime: 'as_of_datetime',
  Originator: 'originator',
  SourceSystem: 'source_system',
  SourceSystemVersion: 'source_system_version',
  Description: 'description',
} as const;

/** The root's attributes by the columns of raw.part; null where they were not sent. */
export type RootAttributes = Record<(typeof PART_COLUMNS)[keyof typeof PART_COLUMNS], string | null>;

/** The ODM element (ODM 1.3.2, 3.1): what it says of the document. It has the first key. */
export class DocumentRule extends OwnerRule {
  readonly #onRoot: (head: DocumentHead) => void;
  readonly root: RootAttributes = Object.fromEntries(
    Object.values(PART_COLUMNS).map((column) => [column, null]),
  ) as RootAttributes;
  /** The namespace of the root: the one that ODM's elements are in. */
  namespace = '';

  /** `onRoot` is called when the root's attributes are known, before any of them lands. */
  constructor(collection: Collection, content: Rule, onRoot: (head: DocumentHead) => void) {
    super(collection, content, 'ODM');
    this.#onRoot = onRoot;
  }

  override open(name: number, _element: number, attributes: Attributes, place: number): Rule {
    const { names, nodes } = this.collection;
    const { bytes, starts, ends, count } = attributes;
    this.namespace = names.namespace(name);
    const others: number[] = [];
    const head = new Map<string, string>();
    for (let k = 0; k < count; k++) {
      const local = names.local(attributes.names[k]);
      const plain = names.namespace(attributes.names[k]) === '';
      const value = bytes.toString('utf8', starts[k], ends[k]);
      if (plain) head.set(local, value);
      if (plain && Object.hasOwn(PART_COLUMNS, local))
        this.root[PART_COLUMNS[local as keyof typeof PART_COLUMNS]] = value;
      else others.push(k);
    }
    this.#onRoot({ attributes: head, namespaces: new Set(names.scope.bindings.values()) });
    this.begin(place);
    for (const k of others) nodes.ownerAttribute(attributes, k);
    return this;
  }

  /** Makes the names of ODM known, or refuses a root that is not ODM's. */
  check(name: number): void {
    const { names, vocabulary } = this.collection;
    const namespace = names.namespace(name);
    if (names.local(name) !== 'ODM' || !ODM_NAMESPACES.includes(namespace)) {
      throw refuse('ODM_NOT_ODM', 'The root element is not ODM in a namespace of ODM 1.2, 1.3 or 2.0.');
    }
    vocabulary.begin(namespace);
    vocabulary.element(name);
  }
}
