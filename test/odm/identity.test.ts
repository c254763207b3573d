import { describe, expect, it } from 'vitest';
import { group, odm, read } from './read.ts';

// Expected values come from an implementation of docs/identity.md in another language, written for this test only.
describe('identity', () => {
  it('is, at every level, what docs/identity.md says [ODM-002]', () => {
    const { rows } = read(
      odm(`<ReferenceData StudyOID="ST" MetaDataVersionOID="M"><ItemGroupData ItemGroupOID="IG.REF"/></ReferenceData>
        <ClinicalData StudyOID="ST" MetaDataVersionOID="M"><SubjectData SubjectKey="0012">
        <StudyEventData StudyEventOID="SE.1" StudyEventRepeatKey="1"><FormData FormOID="F.AE" FormRepeatKey="">
          <ItemGroupData ItemGroupOID="IG.AÉ"><ItemGroupData ItemGroupOID="IG.IN" ItemGroupRepeatKey="3"/></ItemGroupData>
        </FormData></StudyEventData>
        <StudyEventData StudyEventOID="SE.1"/><StudyEventData StudyEventOID="SE.1"/>
        </SubjectData></ClinicalData>`),
    );
    expect(rows('subject_data')[0].identity).toBe(-2374399151416618746n);
    expect(rows('study_event_data')[0].identity).toBe(4038758813697363554n);
    expect(rows('study_event_data')[2].identity).toBe(9109781962106159350n);
    expect(rows('form_data')[0].identity).toBe(-8947812808176467031n);
    const groups = new Map(rows('item_group_data').map((row) => [row.item_group_code, row.identity]));
    expect(groups.get('IG.REF')).toBe(-4998660937607493046n);
    expect(groups.get('IG.AÉ')).toBe(-9088561992972218932n);
    expect(groups.get('IG.IN')).toBe(8342222163997274929n);
  });

  it('does not depend on StudyOID, MetaDataVersionOID, site or key numbers [ODM-002]', () => {
    const event = '<StudyEventData StudyEventOID="SE.1" StudyEventRepeatKey="1"/>';
    const one = read(
      odm(
        `<ClinicalData StudyOID="A" MetaDataVersionOID="1"><SubjectData SubjectKey="0012">${event}</SubjectData></ClinicalData>`,
      ),
    );
    const other = read(
      odm(
        `<ClinicalData StudyOID="B" MetaDataVersionOID="2"><SubjectData SubjectKey="0012"><SiteRef LocationOID="L"/>${event}</SubjectData></ClinicalData>`,
      ),
      { firstKey: 5_000_000_000 },
    );
    expect(other.rows('study_event_data')[0].identity).toBe(one.rows('study_event_data')[0].identity);
    expect(other.rows('subject_data')[0].key).toBe(5_000_000_002);
  });

  it('counts keyless siblings by OID under each parent, and says so in ordinal [ODM-003]', () => {
    const { pick } = read(
      group('').replace(
        '<ItemGroupData ItemGroupOID="IG"></ItemGroupData>',
        '<ItemGroupData ItemGroupOID="A"/><ItemGroupData ItemGroupOID="B"/><ItemGroupData ItemGroupOID="A" ItemGroupRepeatKey="9"/>' +
          '<ItemGroupData ItemGroupOID="A"/></FormData><FormData FormOID="F"><ItemGroupData ItemGroupOID="A"/>',
      ),
    );
    expect(pick('item_group_data', 'item_group_code', 'repeat_key_code', 'ordinal')).toEqual([
      ['A', null, 1],
      ['B', null, 1],
      ['A', '9', 0],
      ['A', null, 2],
      ['A', null, 1],
    ]);
    expect(pick('form_data', 'form_code', 'ordinal')).toEqual([
      ['F', 1],
      ['F', 2],
    ]);
  });

  it('counts siblings under the right parent where groups nest [ODM-003]', () => {
    const { pick } = read(
      group(
        '<ItemGroupData ItemGroupOID="X"/><ItemGroupData ItemGroupOID="Y"><ItemGroupData ItemGroupOID="X"/><ItemGroupData ItemGroupOID="X"/></ItemGroupData><ItemGroupData ItemGroupOID="X"/>',
      ),
    );
    const byPlace = pick('item_group_data', 'place', 'item_group_code', 'ordinal').sort(
      ([a], [b]) => Number(a) - Number(b),
    );
    expect(byPlace.map(([, ...rest]) => rest)).toEqual([
      ['IG', 1],
      ['X', 1],
      ['Y', 1],
      ['X', 1],
      ['X', 2],
      ['X', 2],
    ]);
  });

  it('takes ItemGroupDataSeq for a repeat key where none was sent, and keeps it [ODM-003]', () => {
    const { pick } = read(group('', { group: ' ItemGroupDataSeq="4"' }));
    const keyed = read(group('', { group: ' ItemGroupRepeatKey="4"' }));
    expect(pick('item_group_data', 'repeat_key_code', 'ordinal')).toEqual([['4', 0]]);
    expect(pick('item_group_data', 'identity')).toEqual(keyed.pick('item_group_data', 'identity'));
    expect(pick('attribute', 'level', 'name_code', 'value')).toEqual([[5, 'ItemGroupDataSeq', '4']]);
  });
});

describe('content hash', () => {
  const items = [
    '<ItemData ItemOID="I.A" Value="1.50"/>',
    '<ItemData ItemOID="I.B" Value="é&#10;"><MeasurementUnitRef MeasurementUnitOID="MU.KG"/></ItemData>',
    '<ItemData ItemOID="I.C"/>',
    '<ItemData ItemOID="I.D" IsNull="Yes"/>',
    '<ItemData ItemOID="I.E" Value="x" TransactionType="Remove"/>',
  ];
  const hashOf = (content: string) => read(group(content)).rows('item_group_data')[0].content_hash;

  it('is the sum that docs/identity.md says, whatever the order [ODM-004]', () => {
    expect(hashOf(items.join(''))).toBe(-2071541286763273481n);
    expect(hashOf(items.toReversed().join(''))).toBe(-2071541286763273481n);
    expect(hashOf(items[0])).toBe(5540742329633383033n);
    expect(hashOf('')).toBe(0n);
  });

  it('takes the whole of a long value, and the sequence of a Value [ODM-004]', () => {
    expect(hashOf(`<ItemData ItemOID="I.L" Value="${'x'.repeat(10_000)}"/>`)).toBe(-6015288002515842325n);
    expect(hashOf('<ItemData ItemOID="I.V"><Value>p</Value><Value SeqNum="2">q</Value></ItemData>')).toBe(
      -398350110581143720n,
    );
  });

  it('is the same for an attribute and a typed element, and for raw and referenced line breaks [ODM-004]', () => {
    expect(hashOf('<ItemDataString ItemOID="I.A">1.50</ItemDataString>')).toBe(5540742329633383033n);
    expect(hashOf('<ItemData ItemOID="X" Value="a\nb"/>')).toBe(hashOf('<ItemData ItemOID="X" Value="a&#10;b"/>'));
  });
});

it('opens a further row of the same identity where an item stands twice [ODM-005]', () => {
  const { rows, pick } = read(
    group(
      '<ItemData ItemOID="A" Value="1"/><ItemData ItemOID="B" Value="2"/><ItemData ItemOID="A" Value="3"/><ItemData ItemOID="B" Value="4"/>',
    ),
  );
  const [first, second, ...none] = rows('item_group_data');
  expect(none).toEqual([]);
  expect(second.identity).toBe(first.identity);
  expect([second.place, second.length, second.ordinal]).toEqual([first.place, first.length, first.ordinal]);
  expect(first.length).toBe(
    '<ItemGroupData ItemGroupOID="IG"></ItemGroupData>'.length + 4 * '<ItemData ItemOID="A" Value="1"/>'.length,
  );
  expect(pick('item_data', 'item_group_data_key', 'item_code', 'value')).toEqual([
    [first.key, 'A', '1'],
    [first.key, 'B', '2'],
    [second.key, 'A', '3'],
    [second.key, 'B', '4'],
  ]);
});
