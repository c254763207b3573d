import { describe, expect, it } from 'vitest';
import { group, read, subject } from './read.ts';
import { describeWithFiles, realFile } from './shared.ts';

const RAVE = ' xmlns:mdsol="http://www.mdsol.com/ns/odm/metadata"';
const OPENCLINICA = ' xmlns:OpenClinica="http://www.openclinica.org/ns/odm_ext_v130/v3.1"';

describe.each(['tokenizer', 'sax'] as const)('what state an element is in, read by %s', (engine) => {
  it('is told of subjects, visits, forms and item groups of OpenClinica, and stays an attribute [ODM-122]', () => {
    const { pick, rows } = read(
      subject(
        '<StudyEventData StudyEventOID="V" OpenClinica:Status="completed"><FormData FormOID="F" OpenClinica:Status="data entry complete" OpenClinica:CreatedBy="U"><ItemGroupData ItemGroupOID="G" OpenClinica:Removed="Yes"><ItemData ItemOID="I" Value="1" OpenClinica:Status="x"/></ItemGroupData></FormData></StudyEventData>',
        { more: OPENCLINICA },
      ).replace('SubjectKey="S1"', 'SubjectKey="S1" OpenClinica:Status="available"'),
      { engine },
    );
    const key = (table: Parameters<typeof rows>[0]) => rows(table)[0].key;
    expect(pick('status', 'element_key', 'item_code', 'kind_code', 'value_code')).toEqual([
      [key('subject_data'), null, 'subject status', 'available'],
      [key('study_event_data'), null, 'event status', 'completed'],
      [key('form_data'), null, 'form status', 'data entry complete'],
      [key('item_group_data'), null, 'removed', 'Yes'],
    ]);
    expect(rows('attribute').filter(({ kind }) => kind === 1)).toHaveLength(6);
  });

  it('is told of items of Rave: frozen, locked, verified, signature broken [ODM-122]', () => {
    const { pick, rows } = read(
      group(
        '<ItemData ItemOID="A" Value="1" mdsol:Freeze="Yes" mdsol:Lock="No"/><ItemData ItemOID="B" mdsol:Verify="Yes"/><ItemData ItemOID="A" Value="2" mdsol:SignatureBroken="Yes" mdsol:SpecifyValue="x" Freeze="Yes"/>',
        { more: RAVE, fileType: 'Transactional' },
      ),
      { engine },
    );
    const [first, second] = rows('item_group_data').map(({ key }) => key);
    expect(pick('status', 'element_key', 'item_code', 'kind_code', 'value_code')).toEqual([
      [first, 'A', 'frozen', 'Yes'],
      [first, 'A', 'locked', 'No'],
      [first, 'B', 'verified', 'Yes'],
      [second, 'A', 'signature broken', 'Yes'],
    ]);
  });

  it('is told of nothing else, and by no other dialect [ODM-122]', () => {
    const text = group('<ItemData ItemOID="A" Value="1" mdsol:Freeze="Yes"/>', { more: RAVE });
    expect(read(text, { engine, dialect: 'plain' }).rows('status')).toEqual([]);
    expect(read(text, { engine, dialect: 'openclinica' }).rows('status')).toEqual([]);
    const elsewhere = subject('<StudyEventData StudyEventOID="V" mdsol:Freeze="Yes"/>', { more: RAVE });
    expect(read(elsewhere, { engine }).rows('status')).toEqual([]);
  });
});

describeWithFiles('Rave web services (needs ../shared/data/odm)', () => {
  it('a verified item of an audit stream [ODM-122]', () => {
    const { pick } = read(realFile('rws/rwslib__tests__test_parser__9.xml'));
    expect(pick('status', 'item_code', 'kind_code', 'value_code')).toEqual([['VISIT.DTC', 'verified', 'Yes']]);
    expect(pick('audit_record', 'item_code', 'category_code', 'user_code')).toEqual([
      ['VISIT.DTC', 'Verify', 'walbrocra'],
    ]);
  });

  it('an item whose signature was broken [ODM-122]', () => {
    const { pick } = read(realFile('rws/rwslib__tests__test_audit_event__1.xml'));
    expect(pick('status', 'item_code', 'kind_code', 'value_code')).toEqual([['DM.SEX', 'signature broken', 'Yes']]);
  });

  it('a subject list, with the 26 flags of two of its three subjects, of which five are Yes [ODM-122]', () => {
    // The file holds the test that holds the list.
    const text = realFile('rws/rwslib__tests__test_rwsobjects__0.xml').toString();
    const lists = [...text.matchAll(/<ODM [^>]*>\s*<ClinicalData[\s\S]*?<\/ODM>/g)].map(([list]) => list);
    const { rows, pick } = read(lists[lists.length - 1]);
    const subjects = new Map(rows('subject_data').map(({ key, subject_key }) => [key, subject_key]));
    expect(subjects.size).toBe(3);
    expect(rows('status')).toHaveLength(52);
    expect(new Set(rows('status').map(({ element_key }) => subjects.get(element_key)))).toEqual(new Set(['1', '3']));
    expect(
      pick('status', 'element_key', 'kind_code', 'value_code')
        .filter(([, , value]) => value === 'Yes')
        .map(([key, ...said]) => [subjects.get(key), ...said]),
    ).toEqual([
      ['1', 'touched', 'Yes'],
      ['1', 'ready for lock', 'Yes'],
      ['3', 'touched', 'Yes'],
      ['3', 'incomplete', 'Yes'],
      ['3', 'ready for lock', 'Yes'],
    ]);
    const kinds = new Set(rows('status').map(({ kind_code }) => kind_code));
    for (const kind of ['frozen', 'locked', 'verified', 'signed', 'requires pending close query'])
      expect(kinds).toContain(kind);
  });
});
