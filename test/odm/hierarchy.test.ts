import { describe, expect, it } from 'vitest';
import { group, odm, read, subject } from './read.ts';

describe('the hierarchy', () => {
  const document =
    odm(`<ReferenceData StudyOID="ST" MetaDataVersionOID="M"><ItemGroupData ItemGroupOID="REF"/></ReferenceData>
    <ClinicalData StudyOID="ST" MetaDataVersionOID="M"><SubjectData SubjectKey="S1" TransactionType="Insert">
      <InvestigatorRef UserOID="U1"/><SiteRef LocationOID="L1"/>
      <StudyEventData StudyEventOID="SE" StudyEventRepeatKey="2">
        <FormData FormOID="F"><ItemGroupData ItemGroupOID="G1"/></FormData>
        <ItemGroupData ItemGroupOID="G2"><ItemGroupData ItemGroupOID="G3"/></ItemGroupData>
      </StudyEventData>
      <FormData FormOID="CLASSIC"><ItemGroupData ItemGroupOID="G4"/></FormData>
      <ItemGroupData ItemGroupOID="G5"/>
    </SubjectData></ClinicalData>`);

  it('gives keys in document order of start tags, and each row the keys of what it stands in [ODM-040]', () => {
    const { pick, summary } = read(document);
    expect(pick('element', 'key', 'parent_key', 'level')).toEqual([
      [1, 0, 0],
      [2, 1, 13],
    ]);
    expect(pick('clinical_data', 'key', 'study_code', 'metadata_version_code')).toEqual([[4, 'ST', 'M']]);
    expect(
      pick(
        'subject_data',
        'key',
        'clinical_data_key',
        'subject_key',
        'site_code',
        'investigator_code',
        'transaction_code',
      ),
    ).toEqual([[5, 4, 'S1', 'L1', 'U1', 'Insert']]);
    expect(pick('study_event_data', 'key', 'subject_data_key', 'study_event_code', 'repeat_key_code')).toEqual([
      [6, 5, 'SE', '2'],
    ]);
    expect(pick('form_data', 'key', 'subject_data_key', 'study_event_data_key', 'form_code')).toEqual([
      [7, 5, 6, 'F'],
      [11, 5, 0, 'CLASSIC'],
    ]);
    const groups = pick(
      'item_group_data',
      'key',
      'item_group_code',
      'parent_key',
      'subject_data_key',
      'study_event_data_key',
      'form_data_key',
      'item_group_data_key',
    );
    expect(groups.sort(([a], [b]) => Number(a) - Number(b))).toEqual([
      [3, 'REF', 2, 0, 0, 0, 0],
      [8, 'G1', 7, 5, 6, 7, 0],
      [9, 'G2', 6, 5, 6, 0, 0],
      [10, 'G3', 9, 5, 6, 0, 9],
      [12, 'G4', 11, 5, 0, 11, 0],
      [13, 'G5', 5, 5, 0, 0, 0],
    ]);
    expect([summary.firstKey, summary.lastKey]).toEqual([1, 13]);
  });

  it('knows the place of every row, and the length of item groups [ODM-041]', () => {
    const { rows } = read(document);
    const tag = (place: unknown) => /^<(\w+)/.exec(document.slice(Number(place)))?.[1];
    expect(rows('element').map(({ place }) => tag(place))).toEqual(['ODM', 'ReferenceData']);
    for (const [table, name] of [
      ['clinical_data', 'ClinicalData'],
      ['subject_data', 'SubjectData'],
      ['study_event_data', 'StudyEventData'],
      ['form_data', 'FormData'],
    ] as const) {
      for (const row of rows(table)) expect(tag(row.place)).toBe(name);
    }
    const [outer] = rows('item_group_data').filter((row) => row.item_group_code === 'G2');
    const source = document.slice(Number(outer.place), Number(outer.place) + Number(outer.length));
    expect(source).toBe('<ItemGroupData ItemGroupOID="G2"><ItemGroupData ItemGroupOID="G3"/></ItemGroupData>');
  });

  it('is recognised by namespace, whatever the prefix, in ODM 1.2, 1.3, 2.0 and without namespace [ODM-042]', () => {
    const plain = read(group('<ItemData ItemOID="A" Value="1"/>'));
    const prefixed = group('<ItemData ItemOID="A" Value="1"/>')
      .replace('xmlns=', 'xmlns:o=')
      .replaceAll(/<(\/?)(\w)/g, '<$1o:$2');
    const names = ['subject_data', 'study_event_data', 'form_data', 'item_group_data'] as const;
    const ofAll = (reading: ReturnType<typeof read>) => names.map((name) => reading.pick(name, 'key', 'identity'));
    expect(ofAll(read(prefixed))).toEqual(ofAll(plain));
    for (const namespace of ['http://www.cdisc.org/ns/odm/v1.2', 'http://www.cdisc.org/ns/odm/v2.0', '']) {
      const other = read(
        group('<ItemData ItemOID="A" Value="1"/>').replace('http://www.cdisc.org/ns/odm/v1.3', namespace),
      );
      expect(ofAll(other)).toEqual(ofAll(plain));
      expect(other.summary.namespace).toBe(namespace);
    }
  });

  it('leaves elements of other namespaces alone, and follows bindings that change [ODM-042]', () => {
    const { pick } = read(
      group(
        '<ItemData xmlns="urn:other" ItemOID="A" Value="1"/><x:ItemData xmlns:x="http://www.cdisc.org/ns/odm/v1.3" ItemOID="B" Value="2"/><ItemData xmlns="" ItemOID="C" Value="3"/>',
      ),
    );
    expect(pick('item_data', 'item_code')).toEqual([['B']]);
    expect(pick('attribute', 'kind', 'namespace_code', 'name_code', 'value')).toEqual([
      [2, 'urn:other', 'ItemData', null],
      [1, null, 'ItemOID', 'A'],
      [1, null, 'Value', '1'],
      [2, null, 'ItemData', null],
      [1, null, 'ItemOID', 'C'],
      [1, null, 'Value', '3'],
    ]);
  });
});

describe('several studies', () => {
  const data = (study: string) =>
    `<ClinicalData StudyOID="${study}" MetaDataVersionOID="M"><SubjectData SubjectKey="1"><AuditRecord/><StudyEventData StudyEventOID="E"><FormData FormOID="F"><ItemGroupData ItemGroupOID="G"><ItemData ItemOID="I" Value="${study}"/><ItemDataDate ItemOID="J">x</ItemDataDate></ItemGroupData></FormData></StudyEventData></SubjectData></ClinicalData>`;
  const definition = (study: string) => `<Study OID="${study}"><GlobalVariables/></Study>`;

  it('land only where they are accepted; the others are named and counted [ODM-043]', () => {
    const { pick, summary, definitions } = read(
      odm(['OURS', 'THEIRS'].map((oid) => definition(oid) + data(oid)).join('')),
      {
        acceptStudy: (oid) => oid === 'OURS',
      },
    );
    const counts = {
      ClinicalData: 1,
      SubjectData: 1,
      StudyEventData: 1,
      FormData: 1,
      ItemGroupData: 1,
      ItemData: 2,
      AuditRecord: 1,
    };
    expect(summary.studies).toEqual([
      { oid: 'OURS', accepted: true, counts },
      { oid: 'THEIRS', accepted: false, counts },
    ]);
    expect(summary.counts.ItemData).toBe(4);
    expect(pick('item_data', 'value')).toEqual([['OURS'], ['x']]);
    expect(pick('clinical_data', 'study_code')).toEqual([['OURS']]);
    expect(definitions.map((node) => node.attributes[0].value)).toEqual(['OURS']);
    expect(pick('attribute', 'value').flat()).not.toContain('THEIRS');
  });

  it('that are not accepted are still checked for well-formedness [ODM-043]', () => {
    const broken = data('THEIRS').replace('</FormData>', '');
    expect(() => read(odm(broken), { acceptStudy: () => false })).toThrow('does not match');
  });
});

it('writes batches of at most 2048 rows, and any number of them [ODM-044]', () => {
  const items = Array.from({ length: 40_000 }, (_, k) => `<ItemData ItemOID="I${k}" Value="${k}"/>`).join('');
  const { rows, batches } = read(group(items));
  expect(rows('item_data')).toHaveLength(40_000);
  expect(rows('item_data').every((row, k) => row.value === String(k) && row.item_code === `I${k}`)).toBe(true);
  // 32, 64, ... 1024, then eighteen of 2048 and the rest; and one of each of six other tables.
  expect(batches).toBe(6 + 18 + 1 + 6);
  expect(read(subject('')).rows('item_data')).toEqual([]);
});
