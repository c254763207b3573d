import { describe, expect, it } from 'vitest';
import { odm, read } from './read.ts';

const ODM = 'http://www.cdisc.org/ns/odm/v1.3';

describe('definitions', () => {
  it('are handed on as trees, with keys of Study and MetaDataVersion [ODM-070]', () => {
    const document = odm(
      '<Study OID="S"><GlobalVariables><StudyName>a &amp; b</StudyName></GlobalVariables>\n <MetaDataVersion OID="1" Name="v1"><ItemDef OID="I" v:x="1" xmlns:v="urn:v"/></MetaDataVersion><MetaDataVersion OID="2"/></Study>',
    );
    const { definitions, pick } = read(document);
    const at = (text: string) => document.indexOf(text);
    const plain = (name: string, value: string) => ({ namespace: '', name, value });
    expect(definitions).toEqual([
      {
        namespace: ODM,
        name: 'Study',
        key: 2,
        place: at('<Study '),
        attributes: [plain('OID', 'S')],
        children: [
          {
            namespace: ODM,
            name: 'GlobalVariables',
            place: at('<GlobalV'),
            attributes: [],
            children: [
              { namespace: ODM, name: 'StudyName', place: at('<StudyName'), attributes: [], children: ['a & b'] },
            ],
          },
          {
            namespace: ODM,
            name: 'MetaDataVersion',
            key: 3,
            place: at('<MetaDataVersion'),
            attributes: [plain('OID', '1'), plain('Name', 'v1')],
            children: [
              {
                namespace: ODM,
                name: 'ItemDef',
                place: at('<ItemDef'),
                attributes: [plain('OID', 'I'), { namespace: 'urn:v', name: 'x', value: '1' }],
                children: [],
              },
            ],
          },
          {
            namespace: ODM,
            name: 'MetaDataVersion',
            key: 4,
            place: at('<MetaDataVersion OID="2"'),
            attributes: [plain('OID', '2')],
            children: [],
          },
        ],
      },
    ]);
    expect(pick('element', 'key', 'parent_key', 'level')).toEqual([
      [1, 0, 0],
      [2, 1, 11],
      [3, 2, 15],
      [4, 2, 15],
    ]);
  });

  it('land as nodes too [ODM-070]', () => {
    const { pick } = read(odm('<Study OID="S"><GlobalVariables><StudyName>N</StudyName></GlobalVariables></Study>'));
    expect(pick('attribute', 'element_key', 'level', 'node', 'parent_node', 'kind', 'name_code', 'value')).toEqual([
      [2, 11, 0, 0, 1, 'OID', 'S'],
      [2, 11, 1, 0, 2, 'GlobalVariables', null],
      [2, 11, 2, 1, 2, 'StudyName', null],
      [2, 11, 3, 2, 3, null, 'N'],
    ]);
  });

  it('of users and locations have rows [ODM-071]', () => {
    const { pick, definitions } = read(
      odm(`<AdminData StudyOID="S"><User OID="U1" UserType="Investigator"><LoginName>login</LoginName><DisplayName>display</DisplayName><FullName>full</FullName><FirstName>first</FirstName><LastName>last</LastName><Organization>org</Organization><Email>e@x</Email></User>
        <User OID="U2"/>
        <Location OID="L1" Name="Site 1" LocationType="Site"><MetaDataVersionRef StudyOID="S" MetaDataVersionOID="1" EffectiveDate="2026-01-01"/><MetaDataVersionRef StudyOID="S" MetaDataVersionOID="2" EffectiveDate="2026-02-01"/></Location>
        <Location OID="L2" Name="Site 2"/></AdminData>`),
    );
    expect(
      pick(
        'user',
        'key',
        'parent_key',
        'user_code',
        'user_type',
        'login_name',
        'display_name',
        'full_name',
        'first_name',
        'last_name',
        'organization',
      ),
    ).toEqual([
      [3, 2, 'U1', 'Investigator', 'login', 'display', 'full', 'first', 'last', 'org'],
      [4, 2, 'U2', null, null, null, null, null, null, null],
    ]);
    expect(
      pick(
        'location',
        'key',
        'parent_key',
        'location_code',
        'name',
        'location_type',
        'study_code',
        'metadata_version_code',
        'effective_date',
      ),
    ).toEqual([
      [5, 2, 'L1', 'Site 1', 'Site', 'S', '1', '2026-01-01'],
      [5, 2, 'L1', 'Site 1', 'Site', 'S', '2', '2026-02-01'],
      [6, 2, 'L2', 'Site 2', null, null, null, null],
    ]);
    expect(pick('attribute', 'element_key', 'level', 'name_code', 'value')).toEqual([
      [2, 12, 'StudyOID', 'S'],
      [3, 17, 'Email', null],
      [3, 17, null, 'e@x'],
    ]);
    expect(definitions[0].children.map((child) => typeof child !== 'string' && child.key)).toEqual([3, 4, 5, 6]);
  });

  it('of an association have nodes, and a row for the annotation [ODM-072]', () => {
    const { pick } = read(
      odm(
        '<Association StudyOID="S" MetaDataVersionOID="M"><KeySet StudyOID="S" SubjectKey="1"/><KeySet StudyOID="S" SubjectKey="2"/><Annotation SeqNum="1"><Comment>linked</Comment></Annotation></Association>',
      ),
    );
    expect(pick('annotation', 'key', 'element_key', 'comment')).toEqual([[3, 2, 'linked']]);
    expect(pick('element', 'key', 'level')).toEqual([
      [1, 0],
      [2, 14],
    ]);
    expect(pick('attribute', 'level', 'name_code').filter(([level]) => level === 14)).toHaveLength(2 + 2 + 4);
  });
});
