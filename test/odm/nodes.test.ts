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

  it('is a node altogether where it stands twice, and the first marks its place [ODM-063]', () => {
    const reading = read(subject('<SiteRef LocationOID="A"/><SiteRef LocationOID="B"/>'));
    expect(reading.pick('subject_data', 'site_code')).toEqual([['A']]);
    expect(node(reading)).toEqual([
      [2, 1, 0, 2, 'SiteRef', null],
      [2, 2, 0, 2, 'SiteRef', null],
      [2, 2, 0, 1, 'LocationOID', 'B'],
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

describe('what raw does not hold in its standard form', () => {
  const nodes = (content: string, pick = ['level', 'node', 'kind', 'name_code', 'value']) =>
    read(content).pick('attribute', ...pick);

  it('is an element that carries nothing, and what is folded behind a node [ODM-063]', () => {
    expect(nodes(subject('<InvestigatorRef/><SiteRef LocationOID="A"/>'))).toEqual([
      [2, 1, 2, 'InvestigatorRef', null],
      [2, 2, 2, 'SiteRef', null],
    ]);
  });

  it('is text behind an element in a column, which is a node too [ODM-063]', () => {
    const reading = read(
      group(
        '<ItemDataString ItemOID="I">a<v/> b</ItemDataString><ItemData ItemOID="J"><Annotation><Comment>c<v/>d<v/> </Comment></Annotation></ItemData>',
      ),
    );
    expect(reading.pick('item_data', 'value')).toEqual([['a b'], [null]]);
    expect(reading.pick('annotation', 'comment')).toEqual([['cd ']]);
    expect(reading.pick('attribute', 'level', 'node', 'parent_node', 'kind', 'name_code', 'value')).toEqual([
      [6, 1, 0, 2, 'v', null],
      [6, 2, 0, 3, null, ' b'],
      [9, 1, 0, 2, 'Comment', null],
      [9, 2, 1, 2, 'v', null],
      [9, 3, 1, 3, null, 'd'],
      [9, 4, 1, 2, 'v', null],
      [9, 5, 1, 3, null, ' '],
    ]);
  });

  it('is a flag with more than its columns, and every flag behind it [ODM-063]', () => {
    const flags = '<Flag><FlagValue>1</FlagValue></Flag><Flag a="x"/><Flag>text</Flag>';
    expect(nodes(subject(`<Annotation>${flags}</Annotation>`))).toEqual([
      [9, 1, 2, 'Flag', null],
      [9, 1, 1, 'a', 'x'],
      [9, 2, 2, 'Flag', null],
      [9, 3, 3, null, 'text'],
    ]);
  });

  it('is raw white space in a column, or beside white space by reference [ODM-113]', () => {
    const reading = read(
      group(
        '<ItemData ItemOID="a\nb" Value="1"/><ItemData ItemOID="J" Value="a\nb&#10;c" v="\t&#9;"/><ItemData ItemOID="K" Value="a\nb"/>',
      ),
    );
    expect(reading.pick('item_data', 'item_code', 'value', 'flags')).toEqual([
      ['a\nb', '1', 0],
      ['J', 'a\nb\nc', 8],
      ['K', 'a\nb', 8],
    ]);
    expect(reading.pick('attribute', 'item_code', 'kind', 'name_code', 'value')).toEqual([
      ['a\nb', 4, 'ItemOID', 'a\nb'],
      ['J', 4, 'v', '\t\t'],
      ['J', 1, 'v', ' \t'],
      ['J', 4, 'Value', 'a\nb\nc'],
      ['J', 1, 'Value', 'a b\nc'],
    ]);
  });

  it('is a unit in the form of the other kind of item [ODM-114]', () => {
    const items =
      '<ItemData ItemOID="A" Value="1" MeasurementUnitOID="M"/><ItemDataFloat ItemOID="B">1<MeasurementUnitRef MeasurementUnitOID="M"/></ItemDataFloat><ItemDataFloat ItemOID="C" MeasurementUnitOID="M">1</ItemDataFloat>';
    expect(nodes(group(items), ['item_code', 'node', 'kind', 'name_code', 'value'])).toEqual([
      ['A', 0, 1, 'MeasurementUnitOID', 'M'],
      ['B', 1, 2, 'MeasurementUnitRef', null],
    ]);
  });

  it('is a value in the form of the other version, and one in the form of its own is not [ODM-114]', () => {
    const items = '<ItemData ItemOID="A" Value="1"/><ItemData ItemOID="B"><Value>2</Value></ItemData>';
    const columns = ['item_code', 'node', 'kind', 'name_code', 'value'];
    expect(nodes(group(items), columns)).toEqual([['B', 1, 2, 'Value', null]]);
    expect(nodes(group(items).replace('/v1.3"', '/v2.0"'), columns)).toEqual([['A', 0, 1, 'Value', '1']]);
  });

  it('is a user or a location behind another element, and a name of the other version [ODM-114]', () => {
    const admin =
      '<AdminData><User OID="U"><LoginName>u</LoginName></User><SignatureDef/><Location OID="L"/><User OID="V"><UserName>v</UserName></User></AdminData>';
    expect(nodes(odm(admin))).toEqual([
      [12, 1, 2, 'SignatureDef', null],
      [12, 2, 2, 'Location', null],
      [12, 3, 2, 'User', null],
      [17, 1, 2, 'UserName', null],
    ]);
  });

  it('is ItemGroupRepeatKey beside ItemGroupDataSeq [ODM-114]', () => {
    const groups =
      '<StudyEventData StudyEventOID="E"><ItemGroupData ItemGroupOID="G" ItemGroupDataSeq="1"/><ItemGroupData ItemGroupOID="G" ItemGroupRepeatKey="2" ItemGroupDataSeq="3"/></StudyEventData>';
    const reading = read(subject(groups));
    expect(reading.pick('item_group_data', 'repeat_key_code')).toEqual([['1'], ['2']]);
    expect(reading.pick('attribute', 'name_code', 'value')).toEqual([
      ['ItemGroupDataSeq', '1'],
      ['ItemGroupDataSeq', '3'],
      ['ItemGroupRepeatKey', '2'],
    ]);
  });

  it('is a query inside another element: a node of its name has its place there [ODM-114]', () => {
    const rave = ' xmlns:mdsol="http://www.mdsol.com/ns/odm/metadata"';
    const inside = group('<ItemData ItemOID="I"><x><mdsol:Query Value="q"/></x></ItemData>', { more: rave });
    const reading = read(inside);
    expect(reading.pick('attribute', 'level', 'node', 'parent_node', 'name_code', 'place')).toEqual([
      [6, 1, 0, 'x', inside.indexOf('<x>')],
      [6, 2, 1, 'Query', inside.indexOf('<mdsol:Query')],
    ]);
    expect(reading.pick('query', 'item_code', 'text', 'place')).toEqual([['I', 'q', inside.indexOf('<mdsol:Query')]]);
    expect(nodes(group('<ItemData ItemOID="I"><mdsol:Query Value="q"/></ItemData>', { more: rave }))).toEqual([]);
  });
});
