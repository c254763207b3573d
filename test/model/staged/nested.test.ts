import { beforeAll, describe, expect, it } from 'vitest';
import { document, element, event, group, item, subject } from '../../helpers/odm.ts';
import { configuration, TemporaryProject } from '../../helpers/project.ts';

const ODM2 = { xmlns: 'http://www.cdisc.org/ns/odm/v2.0', ODMVersion: '2.0' };

const refs = (name: string, mandatory: 'Yes' | 'No', ...oids: readonly string[]) =>
  oids.map((oid) => element(`${name}Ref`, { [`${name}OID`]: oid, Mandatory: mandatory })).join('');

const definitions = element(
  'Study',
  { OID: 'S' },
  element(
    'MetaDataVersion',
    { OID: '1', Name: '1' },
    element('StudyEventDef', { OID: 'V', Name: 'V' }, refs('ItemGroup', 'Yes', 'F')),
    element('ItemGroupDef', { OID: 'F', Name: 'F' }, refs('ItemGroup', 'Yes', 'R'), refs('Item', 'No', 'A')),
    element('ItemGroupDef', { OID: 'R', Name: 'R' }, refs('Item', 'Yes', 'B')),
    element('ItemGroupDef', { OID: 'O', Name: 'O' }, refs('Item', 'No', 'A')),
    ...['A', 'B'].map((oid) => element('ItemDef', { OID: oid, Name: oid, DataType: 'text' })),
  ),
);

const value = (oid: string, text: string) => item(oid, undefined, {}, element('Value', {}, text));
const repeat = (key: string) => ({ ItemGroupRepeatKey: key });

/** Two records of F with rows of R, which has the same repeat keys in both; one of F without; a visit without F. */
const DATA = document(
  { created: '2026-01-01T00:00:00Z', root: ODM2 },
  definitions,
  element(
    'ClinicalData',
    { StudyOID: 'S', MetaDataVersionOID: '1' },
    subject(
      '1',
      {},
      event(
        'V',
        { StudyEventRepeatKey: '1' },
        group('F', repeat('1'), value('A', 'one'), group('R', repeat('1'), value('B', 'one.one'))),
        group(
          'F',
          repeat('2'),
          value('A', 'two'),
          group('R', repeat('1'), value('B', 'two.one')),
          group('R', repeat('2')),
        ),
        group('F', repeat('3'), value('A', 'three')),
      ),
      event('V', { StudyEventRepeatKey: '2' }, group('O', {}, value('A', 'other'))),
    ),
  ),
);

describe('item groups in item groups (ODM 2.0)', () => {
  let project: TemporaryProject;
  beforeAll(async () => {
    project = new TemporaryProject({ 'warehouse.yml': configuration(), 'data/a.xml': DATA });
    await project.build();
    return () => project.remove();
  });

  it('name the record around each of their records in staged [STAGED-037]', async () => {
    const sql = `SELECT f.a, f.item_group_repeat_key, r.item_group_repeat_key, r.b
      FROM staged.r r LEFT JOIN staged.f f ON f._row = r._outer_row ORDER BY ALL`;
    expect(await project.rows(sql)).toEqual([
      ['one', '1', '1', 'one.one'],
      ['two', '2', '1', 'two.one'],
      ['two', '2', '2', null],
    ]);
  });

  it('have no such column where they stand in no other [STAGED-037]', async () => {
    const sql =
      "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'staged' AND column_name = '_outer_row' ORDER BY 1";
    expect(await project.rows(sql)).toEqual([['_cells'], ['r']]);
  });

  it('are asked for what they, and visits, may not be without [CHECK-005]', async () => {
    const sql = `SELECT x.study_event_repeat_key, x.table_name, x.item_group_repeat_key, x.item_oid, x.message, f.a
      FROM recon.finding x LEFT JOIN staged.f f ON f._row = x._row WHERE rule = 'mandatory' ORDER BY ALL`;
    expect(await project.rows(sql)).toEqual([
      ['1', 'r', '2', 'B', 'Mandatory, and without a value.', null],
      ['1', 'r', null, null, 'Mandatory, and missing: item group R.', 'three'],
      ['2', 'f', null, null, 'Mandatory, and missing: item group F.', null],
    ]);
  });
});
