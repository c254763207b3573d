import { expect, it } from 'vitest';
import { audit, event, form, group, item, odm, subject, update } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const document = (type: 'Snapshot' | 'Transactional', day: number, ...items: readonly string[]) =>
  odm(
    { type, created: `2026-01-0${day}T00:00:00Z` },
    subject('1', {}, event('V', { StudyEventRepeatKey: '2' }, form('F', {}, group('G', update, ...items)))),
  );

it('recon.value_as_of and recon.value_as_arrived name what was live, with who and when [STATE-021]', async () => {
  const first = document('Snapshot', 1, item('A', 'old'), item('B', 'b'));
  const second = document('Transactional', 5, item('A', 'new', {}, audit('2026-01-03T00:00:00Z')));
  await withProject({ 'warehouse.yml': configuration() }, async (project) => {
    await project.loadInTurn([
      ['data/1.xml', first],
      ['data/2.xml', second],
    ]);
    const named = (from: string) =>
      project.rows(`SELECT subject_key, study_event_oid, study_event_repeat_key, form_oid, table_name, column_name, item_oid,
        value, said_at, said_by, part FROM ${from} ORDER BY item_oid`);
    const place = ['1', 'V', '2', 'F', 'g'];
    const old = [...place, 'a', 'A', 'old', null, null, 'data/1.xml'];
    const now = [...place, 'a', 'A', 'new', '2026-01-03T00:00:00Z', 'U', 'data/2.xml'];
    const other = [...place, 'b', 'B', 'b', null, null, 'data/1.xml'];
    expect(await named('recon.value_as_arrived(1)')).toEqual([old, other]);
    expect(await named('recon.value_as_arrived(2)')).toEqual([now, other]);
    expect(await named(`recon.value_as_of(TIMESTAMP '2026-01-02 23:59:59')`)).toEqual([old, other]);
    expect(await named(`recon.value_as_of(DATE '2026-01-03')`)).toEqual([now, other]);
    expect(await named(`recon.value_as_of(DATE '2025-12-31')`)).toEqual([]);
  });
});
