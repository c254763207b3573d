import { describe, expect, it } from 'vitest';
import { group, odm, type Reading, read, subject } from './read.ts';

const node = (reading: Reading) =>
  reading.pick('attribute', 'level', 'node', 'parent_node', 'kind', 'name_code', 'value');

describe('what has no column', () => {
  it('is kept as attributes of its owner, at every level [ODM-060]', () => {
    const { pick } = read(
      odm(
        '<Study OID="S" v:x="11"><MetaDataVersion OID="M" v:x="15"/></Study><AdminData v:x="12"><User OID="U" v:x="17"/><Location OID="L" v:x="16"/></AdminData>' +
          '<ReferenceData StudyOID="S" v:x="13"/><ClinicalData StudyOID="S" MetaDataVersionOID="M" v:x="1"><SubjectData SubjectKey="1" v:x="2"><StudyEventData StudyEventOID="E" v:x="3"><FormData FormOID="F" v:x="4">' +
          '<ItemGroupData ItemGroupOID="G" v:x="5"><ItemData ItemOID="I" v:x="6"><AuditRecord v:x="7"/><Signature v:x="8"/><Annotation v:x="9"/></ItemData></ItemGroupData></FormData></StudyEventData></SubjectData>' +
          '<AuditRecords v:x="18"/><Signatures v:x="19"/><Annotations v:x="20"/></ClinicalData><Association StudyOID="S" MetaDataVersionOID="M" v:x="14"/>',
        { more: ' xmlns:v="urn:vendor" v:x="0"' },
      ),
    );
    const rows = pick('attribute', 'namespace_code', 'name_code', 'level', 'value', 'node', 'item_code');
    const vendor = rows.filter(([namespace]) => namespace === 'urn:vendor');
    expect(vendor.every(([, , level, value, number]) => String(level) === value && number === 0)).toBe(true);
    expect(vendor.map(([, , level]) => level).sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 21 }, (_, level) => level).filter((level) => level !== 10),
    );
    expect(vendor.filter(([, , , , , item]) => item !== null).map(([, , level]) => level)).toEqual([6]);
  });

  it('is kept as numbered nodes below its owner, text included [ODM-060]', () => {
    const reading = read(
      group(
        '<ItemData ItemOID="I" Value="1"><v:a xmlns:v="urn:v" p="1">\n <v:b>one<!-- c --> two</v:b> <v:c> </v:c>tail <![CDATA[<x>]]><v:d/></v:a><Extra/></ItemData>',
      ),
    );
    expect(node(reading)).toEqual([
      [6, 1, 0, 2, 'a', null],
      [6, 1, 0, 1, 'p', '1'],
      [6, 2, 1, 2, 'b', null],
      [6, 3, 2, 3, null, 'one two'],
      [6, 4, 1, 2, 'c', null],
      [6, 5, 4, 3, null, ' '],
      [6, 6, 1, 3, null, 'tail <x>'],
      [6, 7, 1, 2, 'd', null],
      [6, 8, 0, 2, 'Extra', null],
    ]);
    expect(new Set(reading.pick('attribute', 'item_code').flat())).toEqual(new Set(['I']));
  });

  it('has its place: of the start tag, or of the text [ODM-060]', () => {
    const document = group('<ItemData ItemOID="I" Value="1"><x y="1">text</x></ItemData>');
    const places = read(document)
      .pick('attribute', 'place')
      .flat()
      .map((place) => document.slice(Number(place), Number(place) + 4));
    expect(places).toEqual(['<x y', '<x y', 'text']);
  });

  it('includes text between elements that should hold none, without the white space around it [ODM-061]', () => {
    const reading = read(subject('\n  lost <b/> and found\n<StudyEventData StudyEventOID="E">\n </StudyEventData>'));
    expect(node(reading)).toEqual([
      [2, 1, 0, 3, null, 'lost'],
      [2, 2, 0, 2, 'b', null],
      [2, 3, 0, 3, null, 'and found'],
    ]);
  });

  it('says which attributes hold raw line breaks, apart from those that hold references [ODM-062]', () => {
    const { pick } = read(group('<ItemData ItemOID="I" Value="1" a="x\ny" b="x&#10;y"/>'));
    expect(pick('attribute', 'name_code', 'kind', 'value')).toEqual([
      ['a', 4, 'x\ny'],
      ['b', 1, 'x\ny'],
    ]);
  });

  it('includes elements of ODM in places where they have no meaning [ODM-060]', () => {
    const { pick, summary } = read(odm('<SubjectData SubjectKey="1"><ItemData ItemOID="I"/></SubjectData>'));
    expect(pick('attribute', 'level', 'name_code', 'value')).toEqual([
      [0, 'SubjectData', null],
      [0, 'SubjectKey', '1'],
      [0, 'ItemData', null],
      [0, 'ItemOID', 'I'],
    ]);
    expect(summary.counts.SubjectData).toBe(0);
  });

  it('never includes declarations of namespaces [ODM-060]', () => {
    const { rows } = read(odm('', { more: ' xmlns:a="urn:a" xmlns:b="urn:b"' }));
    expect(rows('attribute')).toEqual([]);
  });
});

describe('an element that is folded into columns', () => {
  it('leaves no node in its standard form [ODM-063]', () => {
    const { rows } = read(
      subject(
        '<AuditRecord><UserRef UserOID="U"/><LocationRef LocationOID="L"/><DateTimeStamp>x</DateTimeStamp><ReasonForChange/><SourceID>1</SourceID></AuditRecord><InvestigatorRef UserOID="U"/><SiteRef LocationOID="L"/><Annotation><Comment>c</Comment><Flag><FlagValue CodeListOID="C">v</FlagValue></Flag></Annotation>',
      ),
    );
    expect(rows('attribute')).toEqual([]);
  });

  it('keeps other attributes and content of its own as a node [ODM-063]', () => {
    const reading = read(
      subject(
        '<SiteRef LocationOID="L" number="5">far<x/></SiteRef><AuditRecord><ReasonForChange lang="en">why</ReasonForChange></AuditRecord>',
      ),
    );
    expect(reading.pick('subject_data', 'site_code')).toEqual([['L']]);
    expect(reading.pick('audit_record', 'reason')).toEqual([['why']]);
    expect(node(reading)).toEqual([
      [2, 1, 0, 2, 'SiteRef', null],
      [2, 1, 0, 1, 'number', '5'],
      [2, 2, 1, 3, null, 'far'],
      [2, 3, 1, 2, 'x', null],
      [7, 1, 0, 2, 'ReasonForChange', null],
      [7, 1, 0, 1, 'lang', 'en'],
    ]);
  });

  it('is a node altogether where it stands twice [ODM-063]', () => {
    const reading = read(subject('<SiteRef LocationOID="A"/><SiteRef LocationOID="B"/>'));
    expect(reading.pick('subject_data', 'site_code')).toEqual([['A']]);
    expect(node(reading)).toEqual([
      [2, 1, 0, 2, 'SiteRef', null],
      [2, 1, 0, 1, 'LocationOID', 'B'],
    ]);
  });

  it('has its place marked by a node where it stands out of the order of the standard [ODM-063]', () => {
    const late = subject('<StudyEventData StudyEventOID="E"/><SiteRef LocationOID="A"/>');
    const reading = read(late);
    expect(reading.pick('subject_data', 'site_code')).toEqual([['A']]);
    expect(node(reading)).toEqual([[2, 1, 0, 2, 'SiteRef', null]]);
    expect(reading.pick('attribute', 'place')).toEqual([[late.indexOf('<SiteRef')]]);

    const swapped = read(subject('<AuditRecord><DateTimeStamp>x</DateTimeStamp><UserRef UserOID="U"/></AuditRecord>'));
    expect(swapped.pick('audit_record', 'user_code', 'datetime')).toEqual([['U', 'x']]);
    expect(node(swapped)).toEqual([[7, 1, 0, 2, 'UserRef', null]]);

    const before = subject('<SiteRef LocationOID="A"/><AuditRecord/>');
    expect(node(read(before))).toEqual([[2, 1, 0, 2, 'SiteRef', null]]);
    expect(read(before).pick('attribute', 'place')).toEqual([[before.indexOf('<SiteRef')]]);

    const unit = read(
      group('<ItemData ItemOID="I"><MeasurementUnitRef MeasurementUnitOID="M"/><AuditRecord/></ItemData>'),
    );
    expect(node(unit)).toEqual([[6, 1, 0, 2, 'MeasurementUnitRef', null]]);
  });

  it('is unmoved by vendor elements behind it, and marked behind one [ODM-063]', () => {
    expect(node(read(subject('<SiteRef LocationOID="A"/><v/>')))).toEqual([[2, 1, 0, 2, 'v', null]]);
    expect(node(read(subject('<v/><SiteRef LocationOID="A"/>')))).toEqual([
      [2, 1, 0, 2, 'v', null],
      [2, 2, 0, 2, 'SiteRef', null],
    ]);
  });
});
