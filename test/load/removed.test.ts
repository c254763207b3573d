import { describe, expect, it } from 'vitest';
import { audit, event, form, group, item, odm, subject } from '../helpers/odm.ts';
import { type Cell, configuration, withProject } from '../helpers/project.ts';

const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
const row = (key: string, value: string) => group('G', { ItemGroupRepeatKey: key }, item('A', value));
const document = (type: 'Snapshot' | 'Transactional', day: number, ...groups: readonly string[]) =>
  odm({ type, created: at(day) }, subject('1', {}, event('V', {}, form('F', {}, ...groups))));
const snapshot = (day: number, ...groups: readonly string[]) => document('Snapshot', day, ...groups);
const removal = (day: number, key: string) =>
  document('Transactional', day, group('G', { ItemGroupRepeatKey: key, TransactionType: 'Remove' }, audit(at(day))));

/** Of documents that arrive in turn, snapshots being complete ones of the study. */
async function removed(...documents: readonly string[]): Promise<Cell[][]> {
  const settings = { ...JSON.parse(configuration({ covers: 'study' })), removal_threshold: 1 };
  return withProject({ 'warehouse.yml': JSON.stringify(settings) }, async (project) => {
    await project.loadInTurn(documents.map((text, at) => [`data/${at + 1}.xml`, text]));
    return project.rows(`SELECT subject_key, study_event_oid, item_group_repeat_key AS key, said['A'] AS said, reason,
      removed_at, removed_by, part, delivery_key FROM recon.removed ORDER BY key`);
  });
}

describe('recon.removed [STATE-025]', () => {
  it('names what a Remove took away, with who and when', async () => {
    expect(await removed(snapshot(1, row('1', 'a'), row('2', 'b')), removal(2, '2'))).toEqual([
      ['1', 'V', '2', 'b', 'removed', at(2), 'U', 'data/2.xml', 2],
    ]);
  });

  it('names what a complete snapshot left out, with the first that did, and what was said of it last', async () => {
    expect(
      await removed(
        snapshot(1, row('1', 'a'), row('2', 'b'), row('3', 'c')),
        snapshot(2, row('1', 'a'), row('2', 'later')),
        snapshot(3, row('1', 'a')),
        snapshot(4, row('1', 'a')),
      ),
    ).toEqual([
      ['1', 'V', '2', 'later', 'absent', null, null, 'data/3.xml', 3],
      ['1', 'V', '3', 'c', 'absent', null, null, 'data/2.xml', 2],
    ]);
  });

  it('keeps who and when of a Remove that a complete snapshot has replaced since', async () => {
    expect(
      await removed(snapshot(1, row('1', 'a'), row('2', 'b')), removal(2, '2'), snapshot(3, row('1', 'a'))),
    ).toEqual([['1', 'V', '2', 'b', 'removed', at(2), 'U', 'data/2.xml', 2]]);
  });

  it('names nothing that is there again', async () => {
    const full = snapshot(1, row('1', 'a'), row('2', 'b'));
    expect(await removed(full, snapshot(2, row('1', 'a')), snapshot(3, row('1', 'a'), row('2', 'b')))).toEqual([]);
    expect(await removed(full, removal(2, '2'), snapshot(3, row('1', 'a'), row('2', 'b')))).toEqual([]);
  });

  it('names once what was removed from a snapshot that stands and left out before', async () => {
    expect(
      await removed(
        snapshot(1, row('1', 'a'), row('2', 'b')),
        snapshot(2, row('1', 'a')),
        snapshot(3, row('1', 'a'), row('2', 'again')),
        removal(4, '2'),
      ),
    ).toEqual([['1', 'V', '2', 'again', 'removed', at(4), 'U', 'data/4.xml', 4]]);
  });

  it('names a record once, with the last of each of its items', async () => {
    const insert = document(
      'Transactional',
      1,
      group('G', { ItemGroupRepeatKey: '1' }, item('A', 'x'), item('B', 'y')),
    );
    const update = document('Transactional', 2, row('1', 'x2'));
    const listing = document(
      'Transactional',
      3,
      group('G', { ItemGroupRepeatKey: '1', TransactionType: 'Remove' }, audit(at(3)), item('A', 'x2')),
    );
    expect(await removed(insert, update, listing)).toEqual([
      ['1', 'V', '1', 'x2', 'removed', at(3), 'U', 'data/3.xml', 3],
    ]);
  });

  it('has of a record that a delta added to before a complete snapshot left it out all that stood', async () => {
    const first = snapshot(1, group('G', { ItemGroupRepeatKey: '1' }, item('A', 'x')), row('2', 'k'));
    const delta = document('Transactional', 2, group('G', { ItemGroupRepeatKey: '1' }, item('B', 'b')));
    expect(await removed(first, delta, snapshot(3, row('2', 'k')))).toEqual([
      ['1', 'V', '1', 'x', 'absent', null, null, 'data/3.xml', 3],
    ]);
  });

  it('names who removed it by the audit record around the Remove', async () => {
    const around = odm(
      { type: 'Transactional', created: at(3) },
      subject(
        '1',
        {},
        event('V', {}, form('F', {}, audit(at(2)), group('G', { ItemGroupRepeatKey: '1', TransactionType: 'Remove' }))),
      ),
    );
    expect(await removed(snapshot(1, row('1', 'a')), around)).toEqual([
      ['1', 'V', '1', 'a', 'removed', at(2), 'U', 'data/2.xml', 2],
    ]);
  });
});
