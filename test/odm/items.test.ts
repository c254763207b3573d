import { describe, expect, it } from 'vitest';
import { ITEM_ELEMENTS } from '../../src/odm/layout.ts';
import { group, odm, read } from './read.ts';

const columns = ['item_code', 'value', 'flags', 'kind', 'transaction_code', 'unit_code', 'sequence'] as const;

describe('the value of an item', () => {
  it('is the Value attribute, kept as sent, or the text of any of the typed kinds [ODM-030]', () => {
    const typed = ITEM_ELEMENTS.slice(1).map((name) => `<${name} ItemOID="${name}"> 0012 </${name}>`);
    const { pick } = read(
      group(`<ItemData ItemOID="A" Value="0012"/><ItemData ItemOID="B" Value=" NA "/>${typed.join('')}`),
    );
    expect(pick('item_data', ...columns)).toEqual([
      ['A', '0012', 0, 0, null, null, 0],
      ['B', ' NA ', 0, 0, null, null, 0],
      ...ITEM_ELEMENTS.slice(1).map((name, index) => [name, ' 0012 ', 0, index + 1, null, null, 0]),
    ]);
  });

  it('is absent, empty or null as sent [ODM-030]', () => {
    const { pick } = read(
      group(
        '<ItemData ItemOID="A"/><ItemData ItemOID="B" Value=""/><ItemData ItemOID="C" IsNull="Yes"/><ItemData ItemOID="D" IsNull="Yes" Value="x"/>' +
          '<ItemDataString ItemOID="E"/><ItemDataInteger ItemOID="F" IsNull="Yes"/><ItemData ItemOID="G" Value="1" IsNull="No"/>',
      ),
    );
    expect(pick('item_data', 'item_code', 'value', 'flags')).toEqual([
      ['A', null, 1],
      ['B', '', 0],
      ['C', null, 3],
      ['D', 'x', 2],
      ['E', '', 0],
      ['F', null, 3],
      ['G', '1', 0],
    ]);
    expect(pick('attribute', 'level', 'item_code', 'name_code', 'value')).toEqual([[6, 'G', 'IsNull', 'No']]);
  });

  it('is each Value child of ODM 2.0, a row by SeqNum [ODM-031]', () => {
    const { pick, rows } = read(
      group(
        '<ItemData ItemOID="A"><Value>one</Value></ItemData>' +
          '<ItemData ItemOID="B"><Value SeqNum="1">x</Value><Value SeqNum="2"/><Value SeqNum="2">again</Value></ItemData>' +
          '<ItemData ItemOID="C"><Value>p</Value><Value>q</Value></ItemData>' +
          '<ItemData ItemOID="D" Value="attribute"><Value>child</Value></ItemData>',
      ).replace('/v1.3"', '/v2.0"'),
    );
    expect(pick('item_data', 'item_code', 'value', 'sequence')).toEqual([
      ['A', 'one', 0],
      ['B', 'x', 1],
      ['B', '', 2],
      ['C', 'p', 0],
      ['C', 'q', 2],
      ['D', 'attribute', 0],
    ]);
    expect(pick('attribute', 'item_code', 'node', 'parent_node', 'kind', 'name_code', 'value')).toEqual([
      ['B', 1, 0, 2, 'Value', null],
      ['B', 1, 0, 1, 'SeqNum', '1'],
      ['B', 2, 0, 2, 'Value', null],
      ['B', 2, 0, 1, 'SeqNum', '2'],
      ['B', 3, 0, 2, 'Value', null],
      ['B', 3, 0, 1, 'SeqNum', '2'],
      ['B', 4, 3, 3, null, 'again'],
      ['C', 1, 0, 2, 'Value', null],
      ['C', 2, 0, 2, 'Value', null],
      ['D', 0, 0, 1, 'Value', 'attribute'],
      ['D', 1, 0, 2, 'Value', null],
      ['D', 2, 1, 3, null, 'child'],
    ]);
    expect(rows('item_group_data')).toHaveLength(1);
  });

  it('has its unit by attribute or by reference, its transaction type, its place [ODM-032]', () => {
    const items =
      '<ItemDataFloat ItemOID="A" MeasurementUnitOID="MU.1" TransactionType="Update">1</ItemDataFloat>' +
      '<ItemData ItemOID="B" Value="2"><MeasurementUnitRef MeasurementUnitOID="MU.2"/></ItemData>' +
      '<ItemData ItemOID="C" Value="3" TransactionType="Upsert"><MeasurementUnitRef/></ItemData>';
    const document = group(items);
    const { rows, pick } = read(document);
    expect(pick('item_data', 'item_code', 'transaction_code', 'unit_code')).toEqual([
      ['A', 'Update', 'MU.1'],
      ['B', null, 'MU.2'],
      ['C', 'Upsert', null],
    ]);
    const start = Number(rows('item_group_data')[0].place);
    for (const row of rows('item_data')) {
      expect(document.slice(start + Number(row.place))).toMatch(
        new RegExp(`^<ItemData(Float)? ItemOID="${row.item_code}"`),
      );
    }
  });
});

describe('an item without a value', () => {
  const flags = (content: string, options?: Parameters<typeof group>[1]) =>
    read(group(content, options)).rows('item_data')[0].flags;
  const transactional = { fileType: 'Transactional' };

  it('is a blank in a snapshot, and says nothing in a transactional file [ODM-033]', () => {
    expect(flags('<ItemData ItemOID="A"/>')).toBe(1);
    expect(flags('<ItemData ItemOID="A"/>', transactional)).toBe(1 + 4);
    expect(flags('<ItemData ItemOID="A" IsNull="Yes"/>', transactional)).toBe(1 + 2);
    expect(flags('<ItemData ItemOID="A" TransactionType="Remove"/>', transactional)).toBe(1);
    expect(flags('<ItemData ItemOID="A" Value=""/>', transactional)).toBe(0);
  });

  it('or with one says nothing in context, its own or that of an element it stands in [ODM-033]', () => {
    const context = { ...transactional, group: ' TransactionType="Context"' };
    expect(flags('<ItemData ItemOID="A" Value="1" TransactionType="Context"/>', transactional)).toBe(4);
    expect(flags('<ItemData ItemOID="A" Value="1"/>', context)).toBe(4);
    expect(flags('<ItemData ItemOID="A" Value="1" TransactionType="Update"/>', context)).toBe(0);
    expect(flags('<ItemData ItemOID="A" Value="1"/>', { ...transactional, group: ' TransactionType="Update"' })).toBe(
      0,
    );
  });

  it('stands in a snapshot where context is said of it, and touches nothing where there is none [ODM-033]', () => {
    const context = { group: ' TransactionType="Context"' };
    expect(flags('<ItemData ItemOID="A" Value="1"/>', context)).toBe(0);
    expect(flags('<ItemData ItemOID="A" Value="1" TransactionType="Context"/>')).toBe(0);
    expect(flags('<ItemData ItemOID="A"/>', context)).toBe(1 + 4);
  });

  it('of the group says nothing where SubjectData is context only [ODM-033]', () => {
    const { rows } = read(
      odm(
        '<ClinicalData StudyOID="S" MetaDataVersionOID="M"><SubjectData SubjectKey="1" TransactionType="Context"><StudyEventData StudyEventOID="E"><FormData FormOID="F"><ItemGroupData ItemGroupOID="G">' +
          '<ItemData ItemOID="A" Value="1"/></ItemGroupData></FormData></StudyEventData></SubjectData></ClinicalData>',
        { fileType: 'Transactional' },
      ),
    );
    expect(rows('item_data')[0].flags).toBe(4);
  });
});
