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
});
