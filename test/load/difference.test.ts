import { expect, it } from 'vitest';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const snapshot = (day: number, ...groups: readonly string[]) =>
  odm(
    { type: 'Snapshot', created: `2026-01-0${day}T00:00:00Z` },
    subject('1', {}, event('V', {}, form('F', {}, ...groups))),
  );
const repeat = (key: string, ...items: readonly string[]) => group('G', { ItemGroupRepeatKey: key }, ...items);

it('recon.difference tells what differs between two full snapshots [STATE-022]', async () => {
  const first = snapshot(1, repeat('1', item('A', '67'), item('B', 'b')), repeat('2', item('A', '5')));
  const second = snapshot(2, repeat('1', item('A', '76'), item('B', 'b')), repeat('3', item('A', '9')));
  const settings = { ...JSON.parse(configuration({ covers: 'study' })), removal_threshold: 1 };
  await withProject({ 'warehouse.yml': JSON.stringify(settings) }, async (project) => {
    await project.loadInTurn([
      ['data/1.xml', first],
      ['data/2.xml', second],
    ]);
    expect(
      await project.rows(
        'SELECT subject_key, study_event_oid, form_oid, item_oid, change, old_value, new_value FROM recon.difference(1, 2) ORDER BY change',
      ),
    ).toEqual([
      ['1', 'V', 'F', 'A', 'added', null, '9'],
      ['1', 'V', 'F', 'A', 'changed', '67', '76'],
      ['1', 'V', 'F', 'A', 'gone', '5', null],
    ]);
    expect(await project.rows('FROM recon.difference(2, 2)')).toEqual([]);
  });
});

it('recon.difference and recon.changed tell of a unit that changed, the value being equal [STATE-027]', async () => {
  const weight = (unit: string | undefined) => item('W', '70', { MeasurementUnitOID: unit });
  const first = snapshot(1, group('G', {}, weight('KG'), item('B', 'b', { MeasurementUnitOID: 'KG' })));
  const second = snapshot(2, group('G', {}, weight('LB'), item('B', 'b', { MeasurementUnitOID: 'KG' })));
  const third = snapshot(3, group('G', {}, weight(undefined)));
  await withProject({ 'warehouse.yml': configuration() }, async (project) => {
    await project.loadInTurn([
      ['data/1.xml', first],
      ['data/2.xml', second],
      ['data/3.xml', third],
    ]);
    const columns = 'item_oid, change, old_value, new_value, old_unit, new_unit';
    expect(await project.rows(`SELECT ${columns} FROM recon.difference(1, 2)`)).toEqual([
      ['W', 'changed', '70', '70', 'KG', 'LB'],
    ]);
    expect(await project.rows(`SELECT step, ${columns} FROM recon.changed ORDER BY ALL`)).toEqual([
      [1, 'W', 'replaced', '70', '70', 'KG', 'LB'],
      [2, 'W', 'replaced', '70', '70', 'LB', null],
    ]);
    expect(await project.rows('SELECT item_oid, value, unit FROM recon.value_as_arrived(2) ORDER BY ALL')).toEqual([
      ['B', 'b', 'KG'],
      ['W', '70', 'LB'],
    ]);
  });
});
