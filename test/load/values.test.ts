import { describe, expect, it } from 'vitest';
import { element, event, form, group, item, odm, subject, update } from '../helpers/odm.ts';
import { configuration, type TemporaryProject, withProject } from '../helpers/project.ts';

const value = (text: string, sequence?: string) => element('Value', { SeqNum: sequence }, text);
const values = (oid: string, ...children: readonly string[]) => item(oid, undefined, {}, ...children);

const DEFINITIONS = `<Study OID="S"><MetaDataVersion OID="1" Name="1"><ItemGroupDef OID="G" Name="G" Repeating="No">
  <ItemRef ItemOID="N" Mandatory="No"/></ItemGroupDef><ItemDef OID="N" Name="N" DataType="integer"/></MetaDataVersion></Study>`;

/** One record of group G with these items. */
function document(items: string, head = {}): string {
  const created = '2026-01-01T00:00:00Z';
  const text = odm({ created, ...head }, subject('1', {}, event('V', {}, form('F', {}, group('G', {}, items)))));
  return text.replace('<ClinicalData', `${DEFINITIONS}<ClinicalData`);
}

async function built(contents: readonly string[], check: (project: TemporaryProject) => Promise<void>): Promise<void> {
  const files = Object.fromEntries(contents.map((content, index) => [`data/${index}.xml`, content]));
  await withProject({ 'warehouse.yml': configuration(), ...files }, async (project) => {
    await project.build();
    await check(project);
    expect(await project.rows('FROM recon.source_counts WHERE NOT equal')).toEqual([]);
  });
}

const FURTHER = 'SELECT item_oid, sequence, value, reason FROM recon.further_values ORDER BY ALL';

describe('an item with several Values (ODM 2.0)', () => {
  it('shows that of the lowest SeqNum in staged, and lists the others [STAGED-001]', async () => {
    const content = document(
      values('A', value('second', '2'), value('first', '1'), value('third', '3')) +
        values('B', value('alone', '2')) +
        values('C', value('unnumbered'), value('numbered', '1')) +
        values('D', value('p'), value('q')),
    );
    await built([content], async (project) => {
      expect(await project.rows('SELECT a, b, c, d FROM staged.g')).toEqual([['first', 'alone', 'unnumbered', 'p']]);
      expect(await project.rows(FURTHER)).toEqual([
        ['A', 2, 'second', 'sequence'],
        ['A', 3, 'third', 'sequence'],
        ['C', 1, 'numbered', 'sequence'],
        ['D', 2, 'q', 'sequence'],
      ]);
      // The item is found in the file at the place that the row gives.
      const [row] =
        await project.rows(`SELECT v.subject_key, v.table_name, v.column_name, v.item_group_oid, v.part, v.place,
        v._row = g._row FROM recon.further_values v, staged.g g WHERE v.item_oid = 'D'`);
      const place = Buffer.from(content).indexOf('<ItemData ItemOID="D"');
      expect(row).toEqual(['1', 'g', 'd', 'G', 'data/0.xml', place, true]);
    });
  });

  it('fails to convert value by value [STAGED-001]', async () => {
    await built([document(values('N', value('1', '1'), value('x', '2'), value('3', '3')))], async (project) => {
      expect(await project.rows('SELECT n, n_n FROM staged.g')).toEqual([['1', 1]]);
      expect(await project.rows('SELECT item_oid, sequence, value FROM recon.conversion_failures')).toEqual([
        ['N', 2, 'x'],
      ]);
    });
  });

  it('keeps a Value that cannot be told from another among the further ones [STAGED-001]', async () => {
    const content = document(
      values('A', value('one', '1'), value('a &lt; b', '1')) +
        item('B', 'attribute', {}, value('child')) +
        values('C', value('one'), '<x:Value xmlns:x="urn:x">of a vendor</x:Value>'),
    );
    await built([content], async (project) => {
      expect(await project.rows('SELECT a, b, c FROM staged.g')).toEqual([['one', 'attribute', 'one']]);
      expect(await project.rows(FURTHER)).toEqual([
        ['A', 1, 'a < b', 'stray'],
        ['B', null, 'child', 'stray'],
      ]);
    });
  });

  it('is replaced as a whole by a later record, value by value in recon.changed [STAGED-001]', async () => {
    const later = { type: 'Transactional', created: '2026-01-02T00:00:00Z' } as const;
    const changed = group('G', update, values('A', value('x', '1'), value('z', '2')));
    const delta = odm(later, subject('1', {}, event('V', {}, form('F', {}, changed))));
    await built([document(values('A', value('x', '1'), value('y', '2'), value('w', '3'))), delta], async (project) => {
      expect(await project.rows('SELECT a FROM staged.g')).toEqual([['x']]);
      expect(await project.rows(FURTHER)).toEqual([['A', 2, 'z', 'sequence']]);
      expect(await project.rows('SELECT old_value, new_value FROM recon.changed ORDER BY ALL')).toEqual([
        ['w', null],
        ['y', 'z'],
      ]);
    });
  });
});

describe('an item with IsNull="Yes" and a value', () => {
  it('has no value in staged; what was sent is kept in raw and listed [STAGED-002]', async () => {
    const isNull = { IsNull: 'Yes' };
    const content = document(
      item('A', 'x', isNull) +
        item('N', 'y', isNull) +
        element('ItemDataString', { ItemOID: 'B', ...isNull }, 'typed') +
        item('C', undefined, isNull, value('one', '1'), value('two', '2')) +
        item('D', '', isNull) +
        item('E', undefined, isNull),
    );
    await built([content], async (project) => {
      expect(await project.rows('SELECT a, n, n_n, b, c, d, e FROM staged.g')).toEqual([
        [null, null, null, null, null, null, null],
      ]);
      expect(await project.column('SELECT value FROM raw.item_data ORDER BY ALL')).toEqual([
        '',
        'one',
        'two',
        'typed',
        'x',
        'y',
        null,
      ]);
      expect(await project.rows(FURTHER)).toEqual([
        ['A', 0, 'x', 'null'],
        ['B', 0, 'typed', 'null'],
        ['C', 1, 'one', 'null'],
        ['C', 2, 'two', 'null'],
        ['N', 0, 'y', 'null'],
      ]);
      expect(await project.value('SELECT count(*) FROM recon.conversion_failures')).toBe(0);
    });
  });

  it('blanks the value of before [STAGED-002]', async () => {
    const later = { type: 'Transactional', created: '2026-01-02T00:00:00Z' } as const;
    const delta = odm(
      later,
      subject('1', {}, event('V', {}, form('F', {}, group('G', update, item('A', 'new', { IsNull: 'Yes' }))))),
    );
    await built([document(item('A', 'old')), delta], async (project) => {
      expect(await project.rows('SELECT a FROM staged.g')).toEqual([[null]]);
      expect(await project.rows('SELECT old_value, new_value FROM recon.changed')).toEqual([['old', null]]);
      expect(await project.rows(FURTHER)).toEqual([['A', 0, 'new', 'null']]);
    });
  });
});
