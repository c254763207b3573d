import { describe, expect, it } from 'vitest';
import { audit, event, form, group, item, odm, remove, subject } from '../helpers/odm.ts';
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
  return told(
    `SELECT subject_key, study_event_oid, item_group_repeat_key AS key, said['A'] AS said, reason,
      removed_at, removed_by, part, delivery_key FROM recon.removed ORDER BY key`,
    settings,
    documents,
  );
}

const told = async (sql: string, settings: object, documents: readonly string[]): Promise<Cell[][]> =>
  withProject({ 'warehouse.yml': JSON.stringify(settings) }, async (project) => {
    await project.loadInTurn(documents.map((text, at) => [`data/${at + 1}.xml`, text]));
    return project.rows(sql);
  });

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

  const inSubject = (day: number, ...content: readonly string[]) =>
    odm({ type: 'Transactional', created: at(day) }, subject('1', {}, ...content));
  it.each([
    ['form', inSubject(2, event('V', {}, form('F', remove, audit(at(2)))))],
    ['visit', inSubject(2, event('V', remove, audit(at(2))))],
    ['subject', odm({ type: 'Transactional', created: at(2) }, subject('1', remove, audit(at(2))))],
    ['form, dated around it', inSubject(2, audit(at(2)), event('V', {}, form('F', remove)))],
  ])('keeps who and when of the Remove of a %s that a complete snapshot has replaced since', async (_, taken) => {
    const other = odm(
      { type: 'Snapshot', created: at(3) },
      subject('2', {}, event('V', {}, form('F', {}, row('1', 'b')))),
    );
    expect(await removed(snapshot(1, row('1', 'a')), taken, other)).toEqual([
      ['1', 'V', '1', 'a', 'removed', at(2), 'U', 'data/2.xml', 2],
    ]);
  });

  it('keeps who and when of a Remove though a later snapshot of its subject does not have the record either', async () => {
    const settings = { ...JSON.parse(configuration({ covers: 'subjects' })), removal_threshold: 1 };
    const sql = 'SELECT said::VARCHAR, reason, removed_at, part FROM recon.removed ORDER BY ALL';
    const first = snapshot(1, group('G', { ItemGroupRepeatKey: '1' }, item('A', 'a'), item('B', 'b')), row('2', 'k'));
    const rest = snapshot(4, row('2', 'k'));
    expect(await told(sql, settings, [first, removal(2, '1'), rest])).toEqual([
      ['{A=a, B=b}', 'removed', at(2), 'data/2.xml'],
    ]);
    expect(await told(sql, settings, [first, snapshot(3, row('1', 'c'), row('2', 'k')), rest])).toEqual([
      ['{A=c}', 'absent', null, 'data/3.xml'],
    ]);
  });

  const delta = (day: number, ...groups: readonly string[]) => document('Transactional', day, ...groups);
  const both = group('G', { ItemGroupRepeatKey: '1' }, item('A', 'x'), item('B', 'y'));
  it.each([
    ['stand', []],
    ['were replaced by a complete snapshot', [snapshot(5, row('2', 'k'))]],
  ])(
    'has of a record that was removed, entered anew and removed again what it said last: documents that %s',
    async (_, after) => {
      const settings = { ...JSON.parse(configuration({ covers: 'study' })), removal_threshold: 1 };
      const sql = 'SELECT said::VARCHAR, reason, removed_at, part FROM recon.removed ORDER BY ALL';
      const lives = [delta(1, both), removal(2, '1'), delta(3, row('1', 'z')), removal(4, '1'), ...after];
      expect(await told(sql, settings, lives)).toEqual([['{A=z}', 'removed', at(4), 'data/4.xml']]);
      const blank = [
        delta(1, both),
        removal(2, '1'),
        delta(3, group('G', { ItemGroupRepeatKey: '1', TransactionType: 'Insert' })),
        removal(4, '1'),
        ...after,
      ];
      expect(await told(sql, settings, blank)).toEqual([['{}', 'removed', at(4), 'data/4.xml']]);
    },
  );

  it('has no item from before an earlier Remove that stands in the document of the last life', async () => {
    // A was said on day 1, removed on day 2, and B entered on day 3.
    const row3 = group(
      'G',
      { ItemGroupRepeatKey: '1' },
      item('A', 'x', {}, audit(at(1))),
      item('B', 'y', {}, audit(at(3))),
    );
    expect(
      await told('SELECT said::VARCHAR, removed_at FROM recon.removed', JSON.parse(configuration()), [
        delta(3, row3),
        removal(2, '1'),
        removal(4, '1'),
      ]),
    ).toEqual([['{B=y}', at(4)]]);
  });

  const REMOVALS = `SELECT r.removed_at, r.removed_by, r.why, r.part, c.changed_at, c.changed_by, c.reason, c.part
    FROM recon.removed r, recon.changed c`;
  const because = (day: number, why: string) =>
    delta(
      day,
      group(
        'G',
        { ItemGroupRepeatKey: '1', TransactionType: 'Remove' },
        audit(at(day)).replace('<DateTimeStamp', `<ReasonForChange>${why}</ReasonForChange><DateTimeStamp`),
      ),
    );
  it.each([
    ['in the order of their times', ['data/2.xml', because(2, 'first'), because(3, 'second')]],
    ['the other way round', ['data/3.xml', because(3, 'second'), because(2, 'first')]],
  ])(
    'names of two Removes the first, as recon.changed does, when they arrive %s [STATE-026]',
    async (_, [file, ...removals]) => {
      const said = [at(2), 'U', 'first', file];
      expect(await told(REMOVALS, JSON.parse(configuration()), [delta(1, row('1', 'a')), ...removals])).toEqual([
        [...said, ...said],
      ]);
    },
  );

  it('names who removed it by the audit record of an item of the Remove, as recon.changed does', async () => {
    const listing = delta(
      3,
      group('G', { ItemGroupRepeatKey: '1', TransactionType: 'Remove' }, item('A', 'a', {}, audit(at(2)))),
    );
    const said = [at(2), 'U', null, 'data/2.xml'];
    expect(await told(REMOVALS, JSON.parse(configuration()), [delta(1, row('1', 'a')), listing])).toEqual([
      [...said, ...said],
    ]);
  });

  it('takes what stands in a removing form for nothing that was ever live', async () => {
    const listing = odm(
      { type: 'Transactional', created: at(2) },
      subject('1', {}, event('V', {}, form('F', remove, audit(at(2)), row('1', 'listed'), row('2', 'never live')))),
    );
    expect(await removed(snapshot(1, row('1', 'a')), listing)).toEqual([
      ['1', 'V', '1', 'a', 'removed', at(2), 'U', 'data/2.xml', 2],
    ]);
  });
});
