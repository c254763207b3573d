import fc from 'fast-check';

/** What may stand in an element that has rows, beside what the vendors add; most of it is folded into columns. */
const CONTENT: Readonly<Record<string, readonly string[]>> = {
  ODM: ['Study', 'AdminData', 'ClinicalData', 'ReferenceData', 'Association'],
  Study: ['MetaDataVersion', 'GlobalVariables'],
  MetaDataVersion: ['ItemDef', 'Comment'],
  AdminData: ['User', 'Location', 'SignatureDef', 'Organization'],
  User: [
    'LoginName',
    'UserName',
    'DisplayName',
    'FullName',
    'FirstName',
    'GivenName',
    'LastName',
    'FamilyName',
    'Organization',
    'Email',
  ],
  Location: ['MetaDataVersionRef', 'MetaDataVersionRef', 'Address'],
  ReferenceData: ['ItemGroupData', 'AuditRecords', 'Annotations'],
  Association: ['KeySet', 'Annotation', 'KeySet'],
  ClinicalData: ['SubjectData', 'SubjectData', 'AuditRecords', 'Signatures', 'Annotations'],
  AuditRecords: ['AuditRecord'],
  Signatures: ['Signature'],
  Annotations: ['Annotation'],
  SubjectData: [
    'SiteRef',
    'InvestigatorRef',
    'StudyEventData',
    'FormData',
    'ItemGroupData',
    'AuditRecord',
    'Signature',
    'Annotation',
  ],
  StudyEventData: ['FormData', 'ItemGroupData', 'AuditRecord', 'Signature', 'Annotation'],
  FormData: ['ItemGroupData', 'ItemGroupData', 'AuditRecord', 'Annotation'],
  ItemGroupData: [
    'ItemData',
    'ItemData',
    'ItemDataString',
    'ItemDataFloat',
    'ItemGroupData',
    'AuditRecord',
    'Annotation',
  ],
  ItemData: ['Value', 'Value', 'Value', 'MeasurementUnitRef', 'AuditRecord', 'Signature', 'Annotation'],
  ItemDataString: ['Value', 'MeasurementUnitRef', 'AuditRecord'],
  ItemDataFloat: ['MeasurementUnitRef', 'MeasurementUnitRef', 'Annotation'],
  AuditRecord: ['UserRef', 'LocationRef', 'DateTimeStamp', 'ReasonForChange', 'SourceID'],
  Signature: ['UserRef', 'LocationRef', 'SignatureRef', 'DateTimeStamp'],
  Annotation: ['Comment', 'Flag', 'Flag', 'Flag'],
  Flag: ['FlagValue', 'FlagType'],
  'w:Query': ['UserRef', 'w:Query'],
  'o:DiscrepancyNote': ['o:ChildNote', 'o:ChildNote', 'UserRef', 'o:DiscrepancyNote', 'o:DetailedNote'],
  'o:AuditLog': ['o:AuditLog', 'AuditRecord', 'UserRef'],
  'o:ChildNote': ['o:Description', 'UserRef', 'o:ChildNote', 'o:DetailedNote'],
};

const VENDORS = ['v:x', 'v:y', 'w:Query', 'o:DiscrepancyNote', 'o:ChildNote', 'o:AuditLog', 'Bare'];

const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  ODM: ['Description', 'Originator', 'FileOID'],
  Study: ['OID'],
  MetaDataVersion: ['OID', 'Name'],
  User: ['OID', 'UserType'],
  Location: ['OID', 'Name', 'LocationType'],
  MetaDataVersionRef: ['StudyOID', 'MetaDataVersionOID', 'EffectiveDate'],
  ReferenceData: ['StudyOID'],
  ClinicalData: ['StudyOID', 'MetaDataVersionOID'],
  StudyEventData: ['StudyEventRepeatKey'],
  FormData: ['FormRepeatKey'],
  ItemGroupData: ['ItemGroupRepeatKey', 'ItemGroupDataSeq'],
  ItemData: ['Value', 'Value', 'IsNull', 'MeasurementUnitOID'],
  ItemDataString: ['Value', 'IsNull', 'MeasurementUnitOID'],
  ItemDataFloat: ['MeasurementUnitOID', 'AuditRecordID'],
  Value: ['SeqNum', 'SeqNum'],
  MeasurementUnitRef: ['MeasurementUnitOID', 'MeasurementUnitOID'],
  SiteRef: ['LocationOID', 'LocationOID'],
  InvestigatorRef: ['UserOID', 'UserOID'],
  UserRef: ['UserOID', 'UserOID'],
  LocationRef: ['LocationOID', 'LocationOID'],
  SignatureRef: ['SignatureOID'],
  AuditRecord: ['ID', 'EditPoint', 'UsedImputationMethod'],
  Signature: ['ID'],
  Annotation: ['ID', 'SeqNum'],
  Comment: ['SponsorOrSite'],
  FlagValue: ['CodeListOID'],
  FlagType: ['CodeListOID'],
  'w:Query': ['QueryRepeatKey', 'Value', 'Status', 'Recipient', 'Response'],
  'o:DiscrepancyNote': ['ID', 'NoteType', 'Status', 'DateUpdated'],
  'o:ChildNote': ['ID', 'Status', 'DateCreated'],
  'o:AuditLog': ['ID', 'UserID', 'DateTimeStamp', 'ReasonForChange', 'Type', 'AuditType', 'OldValue'],
};

const KEYS: Readonly<Record<string, string>> = {
  SubjectData: 'SubjectKey',
  StudyEventData: 'StudyEventOID',
  FormData: 'FormOID',
  ItemGroupData: 'ItemGroupOID',
  ItemData: 'ItemOID',
  ItemDataString: 'ItemOID',
  ItemDataFloat: 'ItemOID',
};

const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('1', '2', '3', 'a', 'Yes', '') },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('a\nb', 'a&#10;b', '\t&#9; &#13;\r\n&#10;', '&amp;&lt;"', ' ')
      .map((one) => one.replace('"', '&quot;')),
  },
);

const text = fc.constantFrom('', '', '', 'x', ' ', '\n', ' y ', '&#13;]]&gt;', '<!-- c -->', '<![CDATA[<]]>');

/** A choice of its own for each document, so that shrinking works: numbers that are used up one after the other. */
class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A number below `bound`; 0 once all are used up. */
  below(bound: number): number {
    return (this.#numbers[this.#at++] ?? 0) % bound;
  }
}

function element(
  name: string,
  choices: Choices,
  values: readonly string[],
  texts: readonly string[],
  depth: number,
  more = '',
): string {
  const pick = <One>(list: readonly One[]) => list[choices.below(list.length)];
  const attributes = new Map<string, string>();
  for (const attribute of ATTRIBUTES[name] ?? []) if (choices.below(3) > 0) attributes.set(attribute, pick(values));
  if (name in KEYS) attributes.set(KEYS[name], pick(['A', 'B']));
  if (choices.below(10) === 9) attributes.set('v:more', pick(values));
  const written = [...attributes].map(([attribute, one]) => ` ${attribute}="${one}"`).join('');
  let content = pick(texts);
  const inside = CONTENT[name] ?? [];
  for (let n = depth > 12 ? 0 : choices.below(inside.length > 0 ? 6 : 3); n > 0; n--) {
    const vendor = inside.length === 0 ? choices.below(3) === 2 : choices.below(8) === 7;
    if (vendor || inside.length > 0)
      content += element(vendor ? pick(VENDORS) : pick(inside), choices, values, texts, depth + 1);
    content += pick(texts);
  }
  return `<${name}${written}${more}>${content}</${name}>`;
}

/**
 * Well-formed documents of ODM 1.3, 2.0 or without a namespace, of Rave or OpenClinica, whose elements stand where they
 * may, but in any order and number, with any of their attributes, and now and then with something of a vendor.
 */
export const foldedDocuments: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(' xmlns="http://www.cdisc.org/ns/odm/v1.3"', ' xmlns="http://www.cdisc.org/ns/odm/v2.0"', ''),
    fc.constantFrom('http://www.mdsol.com/ns/odm/metadata', 'urn:w'),
    fc.array(fc.nat(840), { minLength: 60, maxLength: 400 }),
    fc.array(value, { minLength: 1, maxLength: 5 }),
    fc.array(text, { minLength: 1, maxLength: 5 }),
  )
  .map(([odm, w, numbers, values, texts]) => {
    const more = `${odm} xmlns:v="urn:v" xmlns:w="${w}" xmlns:o="http://www.openclinica.org/ns/odm_ext_v130/v3.1"`;
    const document = element('ODM', new Choices(numbers), values, texts, 0, more);
    return document.replaceAll('<Bare', '<Bare xmlns=""');
  });
