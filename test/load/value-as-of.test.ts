import { describe, expect, it } from 'vitest';
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

describe('who said a value [STATE-021]', () => {
  const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
  const documentOf = (type: 'Snapshot' | 'Transactional', ...inForm: readonly string[]) =>
    odm({ type, created: at(9) }, subject('1', {}, audit(at(1)), event('V', {}, form('F', {}, ...inForm))));
  const told = async (text: string, from: string) =>
    withProject({ 'warehouse.yml': configuration() }, async (project) => {
      await project.loadInTurn([['data/1.xml', text]]);
      return project.rows(`SELECT * FROM (${from})`);
    });
  const SAID = 'SELECT item_oid, value, said_at FROM recon.value_as_arrived(1) ORDER BY item_oid, value';

  it('is in a delta told by the audit record that is nearest, also for further rows of an item that stands twice', async () => {
    const text = documentOf(
      'Transactional',
      audit(at(2)),
      group('G', update, audit(at(3)), item('A', 'own', {}, audit(at(4))), item('B', 'of the group')),
      group('H', update, item('C', 'of the form')),
      group('I', update, audit(at(5)), item('D', 'first'), item('D', 'again')),
    );
    expect(await told(text, SAID)).toEqual([
      ['A', 'own', at(4)],
      ['B', 'of the group', at(3)],
      ['C', 'of the form', at(2)],
      ['D', 'again', at(5)],
    ]);
  });

  it('is in a snapshot told by that of the item alone: one around it is of another moment', async () => {
    const text = documentOf(
      'Snapshot',
      audit(at(2)),
      group('G', {}, audit(at(3)), item('A', 'own', {}, audit(at(4))), item('B', 'b')),
    );
    expect(await told(text, SAID)).toEqual([
      ['A', 'own', at(4)],
      ['B', 'b', null],
    ]);
  });

  it('is listed for every audit record, with what it speaks of [STATE-024]', async () => {
    const text = documentOf('Transactional', group('G', update, audit(at(3)), item('A', 'a', {}, audit(at(4)))));
    const listed = `SELECT element, subject_key, study_event_oid, form_oid, table_name, column_name, value, said_at, said_by
      FROM recon.audit_record ORDER BY place`;
    expect(await told(text, listed)).toEqual([
      ['SubjectData', '1', null, null, null, null, null, at(1), 'U'],
      ['ItemGroupData', '1', 'V', 'F', 'g', null, null, at(3), 'U'],
      ['ItemData', '1', 'V', 'F', 'g', 'a', 'a', at(4), 'U'],
    ]);
  });
});
