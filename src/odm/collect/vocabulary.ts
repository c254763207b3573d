import { ITEM_ELEMENTS } from '../layout.ts';
import { LIMITS } from '../xml/events.ts';
import type { Names } from '../xml/names.ts';

const STRUCTURE = [
  'ODM',
  'Study',
  'MetaDataVersion',
  'AdminData',
  'User',
  'Location',
  'ReferenceData',
  'ClinicalData',
  'Association',
  'SubjectData',
  'StudyEventData',
  'FormData',
  'ItemGroupData',
  'SiteRef',
  'InvestigatorRef',
  'AuditRecords',
  'AuditRecord',
  'Signatures',
  'Signature',
  'Annotations',
  'Annotation',
  'UserRef',
  'LocationRef',
  'SignatureRef',
  'DateTimeStamp',
  'ReasonForChange',
  'SourceID',
  'MeasurementUnitRef',
  'Value',
  'Comment',
  'Flag',
  'FlagValue',
  'FlagType',
  'MetaDataVersionRef',
  'LoginName',
  'UserName',
  'DisplayName',
  'FullName',
  'FirstName',
  'GivenName',
  'LastName',
  'FamilyName',
  'Organization',
] as const;

const ATTRIBUTES = [
  'StudyOID',
  'MetaDataVersionOID',
  'SubjectKey',
  'StudyEventOID',
  'StudyEventRepeatKey',
  'FormOID',
  'FormRepeatKey',
  'ItemGroupOID',
  'ItemGroupRepeatKey',
  'ItemGroupDataSeq',
  'ItemOID',
  'TransactionType',
  'Value',
  'IsNull',
  'MeasurementUnitOID',
  'UserOID',
  'LocationOID',
  'SignatureOID',
  'ID',
  'EditPoint',
  'UsedImputationMethod',
  'SeqNum',
  'SponsorOrSite',
  'CodeListOID',
  'OID',
  'Name',
  'LocationType',
  'UserType',
  'EffectiveDate',
] as const;

const numbers = <Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> =>
  Object.fromEntries(names.map((name, index) => [name, index + 1])) as Record<Name, number>;

/** Numbers of the ODM elements that the collector knows; 0 is any other element. */
export const Element = numbers<(typeof STRUCTURE)[number] | (typeof ITEM_ELEMENTS)[number]>([
  ...STRUCTURE,
  ...ITEM_ELEMENTS,
]);
export const ELEMENT_COUNT = STRUCTURE.length + ITEM_ELEMENTS.length + 1;

/** Numbers of the attributes that have columns; 0 is any other attribute. */
export const Attribute = numbers(ATTRIBUTES);

export function nameOfAttribute(attribute: number): string {
  return ATTRIBUTES[attribute - 1];
}

const UNKNOWN = -1;

export const VERSION_2 = 'http://www.cdisc.org/ns/odm/v2.0';

/** What the names of one document mean: ODM's elements are those in the namespace of its root. */
export class Vocabulary {
  readonly #names: Names;
  readonly #elements = new Int16Array(LIMITS.names).fill(UNKNOWN);
  readonly #attributes = new Int16Array(LIMITS.names).fill(UNKNOWN);
  #namespace = '';

  constructor(names: Names) {
    this.#names = names;
  }

  /** To be called with the namespace of the root before any name is asked for. */
  begin(namespace: string): void {
    this.#namespace = namespace;
  }

  /** Whether the standard form of what is folded into columns is that of ODM 2.0. */
  get isVersion2(): boolean {
    return this.#namespace === VERSION_2;
  }

  element(name: number): number {
    const element = this.#elements[name];
    if (element !== UNKNOWN) return element;
    const local = this.#names.local(name);
    const known = this.#names.namespace(name) === this.#namespace && Object.hasOwn(Element, local);
    this.#elements[name] = known ? Element[local as keyof typeof Element] : 0;
    return this.#elements[name];
  }

  attribute(name: number): number {
    const attribute = this.#attributes[name];
    if (attribute !== UNKNOWN) return attribute;
    const local = this.#names.local(name);
    const known = this.#names.namespace(name) === '' && Object.hasOwn(Attribute, local);
    this.#attributes[name] = known ? Attribute[local as keyof typeof Attribute] : 0;
    return this.#attributes[name];
  }
}
