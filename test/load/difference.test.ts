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
