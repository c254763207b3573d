import { describe, expect, it } from 'vitest';
import type { Covers } from '../../src/project/source.ts';
import { LoadBench } from '../helpers/load-bench.ts';
import {
  audit,
  context,
  document,
  element,
  event,
  form,
  group,
  insert,
  item,
  odm,
  remove,
  site,
  subject,
  update,
} from '../helpers/odm.ts';

const bench = LoadBench.ofTests();

const day = (number: number) => `2026-01-0${number}T00:00:00Z`;
const visit = (oid: string, ...forms: string[]) => event(oid, { StudyEventRepeatKey: '1' }, ...forms);
const page = (oid: string, value: string) =>
  form(oid, { FormRepeatKey: '1' }, group('G', { ItemGroupRepeatKey: '1' }, item('I', value)));
const person = (key: string, at: string | undefined, ...visits: string[]) =>
  subject(key, {}, ...(at === undefined ? [] : [site(at)]), ...visits);

async function live(covers: Covers, ...documents: string[]) {
  await bench.load(documents.map((content) => ({ content, covers })));
  return bench.records();
}

/** `1/V1#1/F1#1/G#1` with its one value. */
const at = (key: string, visitOid: string, formOid: string, value: string) => ({
  [`${key}/${visitOid}#1/${formOid}#1/G#1`]: { I: value },
});

describe('what absence from a snapshot means', () => {
  const first = odm(
    { created: day(1) },
    person('1', 'A', visit('V1', page('F1', 'a'), page('F2', 'b')), visit('V2', page('F1', 'c'))),
    person('2', 'A', visit('V1', page('F1', 'd'))),
    person('3', 'B', visit('V1', page('F1', 'e'))),
  );
  const second = odm({ created: day(2) }, person('1', 'A', visit('V1', page('F1', 'A'))));
  const A = at('1', 'V1', 'F1', 'A');
  const b = at('1', 'V1', 'F2', 'b');
  const c = at('1', 'V2', 'F1', 'c');
  const d = at('2', 'V1', 'F1', 'd');
  const e = at('3', 'V1', 'F1', 'e');

  it.each<[Covers, object]>([
    ['study', A],
    ['sites', { ...A, ...e }],
    ['subjects', { ...A, ...d, ...e }],
    ['events', { ...A, ...c, ...d, ...e }],
    ['forms', { ...A, ...b, ...c, ...d, ...e }],
    ['increment', { ...A, ...b, ...c, ...d, ...e }],
  ])('covers: %s [LOAD-005]', async (covers, expected) => {
    expect(await live(covers, first, second)).toEqual(expected);
    expect(await live(covers, second, first), 'the other order of arrival').toEqual(expected);
  });

  it('forms: a repeating group that the form no longer holds is removed, one of another form is not [LOAD-005]', async () => {
    const groups = (...keys: string[]) => keys.map((key) => group('G', { ItemGroupRepeatKey: key }, item('I', key)));
    const both = odm(
      { created: day(1) },
      person('1', 'A', visit('V1', form('F1', {}, ...groups('1', '2')), form('F2', {}, ...groups('1')))),
    );
    const less = odm({ created: day(2) }, person('1', 'A', visit('V1', form('F1', {}, ...groups('2')))));
    expect(await live('forms', both, less)).toEqual({
      '1/V1#1/F1#1/G#2': { I: '2' },
      '1/V1#1/F2#1/G#1': { I: '1' },
    });
  });

  it('a snapshot without item groups removes nothing, whatever is declared [LOAD-004]', async () => {
    const list = odm({ created: day(2) }, person('1', 'A'), person('2', 'A'));
    expect(await live('study', first, list)).toEqual({ ...at('1', 'V1', 'F1', 'a'), ...b, ...c, ...d, ...e });
  });

  it('a snapshot of another source of the same system removes nothing of this one [LOAD-005]', async () => {
    await bench.load([
      { content: first, source: 'edc', covers: 'study' },
      { content: second, source: 'other', covers: 'study' },
    ]);
    expect(await bench.records()).toEqual({ ...A, ...b, ...c, ...d, ...e });
  });

  it('a transactional document removes nothing by absence [LOAD-005]', async () => {
    const delta = odm({ type: 'Transactional', created: day(2) }, person('1', 'A', visit('V1', page('F1', 'A'))));
    expect(await live('study', first, delta)).toEqual({ ...A, ...b, ...c, ...d, ...e });
  });

  it('what a delta brought before a complete snapshot that does not hold it is gone, what came after stands [LOAD-005]', async () => {
    const delta = (created: string, value: string) =>
      odm({ type: 'Transactional', created }, person('1', 'A', visit('V9', page('F9', value))));
    expect(await live('study', delta(day(1), 'before'), second)).toEqual(A);
    expect(await live('study', second, delta(day(3), 'after'))).toEqual({ ...A, ...at('1', 'V9', 'F9', 'after') });
  });
});

describe('a subject who moves to another site', () => {
  const v1 = visit('V1', page('F1', 'a'));
  const atA = odm({ created: day(1) }, person('1', 'A', v1), person('2', 'A', v1));
  const atB = odm({ created: day(2) }, person('1', 'B', visit('V1', page('F1', 'b'))));
  const leftA = odm({ created: day(3) }, person('2', 'A', v1));

  it('keeps her records and is at the new site [LOAD-009]', async () => {
    const expected = { ...at('1', 'V1', 'F1', 'b'), ...at('2', 'V1', 'F1', 'a') };
    expect(await live('increment', atA, atB)).toEqual(expected);
    const sites = await bench.connection.rows('SELECT DISTINCT subject_key, site_oid FROM staged._cells ORDER BY ALL');
    expect(sites).toEqual([
      { subject_key: '1', site_oid: 'B' },
      { subject_key: '2', site_oid: 'A' },
    ]);
  });

  it('is not missed by the snapshots of the old site [LOAD-005, LOAD-009]', async () => {
    const expected = { ...at('1', 'V1', 'F1', 'b'), ...at('2', 'V1', 'F1', 'a') };
    expect(await live('sites', atA, atB, leftA)).toEqual(expected);
    expect(await live('sites', leftA, atB, atA)).toEqual(expected);
  });

  it('is not missed by a snapshot of the new site from before she came [LOAD-005, LOAD-009]', async () => {
    const thenB = odm({ created: day(2) }, person('3', 'B', v1));
    const moved = odm({ type: 'Transactional', created: day(3) }, person('1', 'B', visit('V2', page('F1', 'b'))));
    expect(await live('sites', atA, thenB, moved)).toEqual({
      ...at('1', 'V1', 'F1', 'a'),
      ...at('1', 'V2', 'F1', 'b'),
      ...at('2', 'V1', 'F1', 'a'),
      ...at('3', 'V1', 'F1', 'a'),
    });
  });

  it('is removed by a snapshot of the new site that does not hold her [LOAD-005]', async () => {
    const emptyB = odm({ created: day(4) }, person('3', 'B', v1));
    expect(await live('sites', atA, atB, leftA, emptyB)).toEqual({
      ...at('2', 'V1', 'F1', 'a'),
      ...at('3', 'V1', 'F1', 'a'),
    });
  });
});

describe('siblings without repeat keys', () => {
  const terms = (created: string, ...values: string[]) =>
    odm(
      { created },
      person('1', 'A', visit('V', form('F', {}, ...values.map((value) => group('G', {}, item('I', value)))))),
    );
  const rows = (...values: string[]) =>
    Object.fromEntries(values.map((value, index) => [`1/V#1/F#1/G#${index + 1}`, { I: value }]));

  it('two and three are records of their own [LOAD-010]', async () => {
    expect(await live('increment', terms(day(1), 'a', 'b'))).toEqual(rows('a', 'b'));
    expect(await live('increment', terms(day(1), 'a', 'b', 'c'))).toEqual(rows('a', 'b', 'c'));
    expect(await live('increment', terms(day(1), 'a', 'b'), terms(day(2), 'a', 'b', 'c'))).toEqual(rows('a', 'b', 'c'));
  });

  it('where the middle one goes, the others close up and, in a complete form, the last is gone [LOAD-010]', async () => {
    expect(await live('forms', terms(day(1), 'a', 'b', 'c'), terms(day(2), 'a', 'c'))).toEqual(rows('a', 'c'));
    expect(await live('increment', terms(day(1), 'a', 'b', 'c'), terms(day(2), 'a', 'c'))).toEqual(rows('a', 'c', 'c'));
  });

  it('keys that were sent and those that were not never meet [LOAD-010]', async () => {
    const mixed = odm(
      { created: day(1) },
      person(
        '1',
        'A',
        visit(
          'V',
          form(
            'F',
            {},
            group('G', { ItemGroupRepeatKey: '1' }, item('I', 'sent')),
            group('G', {}, item('I', 'not sent')),
          ),
        ),
      ),
    );
    await live('increment', mixed);
    expect(await bench.connection.rows('SELECT count(DISTINCT _row) AS n FROM staged._cells')).toEqual([{ n: 2n }]);
  });
});

describe('an item that stands twice in one group', () => {
  const twice = (...groups: string[]) => visit('V', form('F', {}, group('G', {}, ...groups)));
  const path = '1/V#1/F#1/G#1';

  it('is landed twice and makes one record, with the later value [LOAD-010]', async () => {
    const file = odm(
      { created: day(1) },
      person('1', 'A', twice(item('I', 'first'), item('J', 'j'), item('I', 'second'))),
    );
    expect(await live('increment', file)).toEqual({ [path]: { I: 'second', J: 'j' } });
    expect(await bench.connection.rows('SELECT value FROM raw.item_data ORDER BY item_group_data_key, place')).toEqual([
      { value: 'first' },
      { value: 'j' },
      { value: 'second' },
    ]);
  });

  it('follows the audit records, not the place, in a transactional document [LOAD-010]', async () => {
    const later = item('I', 'later', update, audit('2026-01-01T12:00:00Z', '2'));
    const earlier = item('I', 'earlier', insert, audit('2026-01-01T11:00:00Z', '1'));
    const file = odm({ type: 'Transactional', created: day(2) }, person('1', 'A', twice(later, earlier)));
    expect(await live('increment', file)).toEqual({ [path]: { I: 'later' } });
  });

  it('has in both rows the audit record of its group [LOAD-010]', async () => {
    const grouped = visit(
      'V',
      form('F', {}, group('G', {}, audit('2026-01-01T10:00:00Z'), item('I', 'first'), item('I', 'second'))),
    );
    const delta = odm({ type: 'Transactional', created: day(3) }, person('1', 'A', grouped));
    const later = odm({ created: day(2) }, person('1', 'A', twice(item('I', 'snapshot'))));
    expect(await live('increment', delta, later)).toEqual({ [path]: { I: 'snapshot' } });
  });
});

describe('what asserts nothing', () => {
  it('a group in Context, or one in a transactional document without items, makes no row [LOAD-011]', async () => {
    const groups = [
      group('G', { ItemGroupRepeatKey: '1', ...context }, item('I', 'x', context)),
      group('G', { ItemGroupRepeatKey: '2' }),
      group('G', { ItemGroupRepeatKey: '3', ...context }, item('I', 'said', update)),
      group('G', { ItemGroupRepeatKey: '4', ...insert }),
    ];
    const file = odm(
      { type: 'Transactional', created: day(1) },
      person('1', 'A', visit('V', form('F', {}, ...groups))),
    );
    expect(await live('increment', file)).toEqual({ '1/V#1/F#1/G#3': { I: 'said' }, '1/V#1/F#1/G#4': {} });
  });

  it('a blank in a snapshot, and IsNull, are blanks [LOAD-011]', async () => {
    const first = odm(
      { created: day(1) },
      person('1', 'A', visit('V', form('F', {}, group('G', {}, item('I', 'a'), item('J', 'b'))))),
    );
    const blanks = odm(
      { created: day(2) },
      person(
        '1',
        'A',
        visit('V', form('F', {}, group('G', {}, item('I', undefined), item('J', undefined, { IsNull: 'Yes' })))),
      ),
    );
    expect(await live('increment', first, blanks)).toEqual({ '1/V#1/F#1/G#1': { I: null, J: null } });
  });
});

describe('nested item groups of ODM 2.0', () => {
  const odm2 = (type: 'Snapshot' | 'Transactional', created: string, ...groups: string[]) =>
    document(
      { type, created, root: { xmlns: 'http://www.cdisc.org/ns/odm/v2.0', ODMVersion: '2.0' } },
      element(
        'ClinicalData',
        { StudyOID: 'S', MetaDataVersionOID: '1' },
        person('1', undefined, event('V', {}, ...groups)),
      ),
    );
  const value = (oid: string, text: string) => element('ItemData', { ItemOID: oid }, element('Value', {}, text));
  const outer = (attributes: Record<string, string>, ...content: string[]) => group('OUTER', attributes, ...content);
  const inner = (text: string) => group('INNER', {}, value('I', text));

  it('go with the group that is removed around them [LOAD-007]', async () => {
    const stands = odm2('Transactional', day(1), outer({}, value('O', 'o'), inner('i')));
    expect(Object.values(await live('increment', stands))).toEqual([{ I: 'i' }, { O: 'o' }]);
    expect(await live('increment', stands, odm2('Transactional', day(2), outer(remove)))).toEqual({});
    expect(await live('increment', odm2('Transactional', day(1), outer(remove, inner('i'))))).toEqual({});
  });

  it('have the time of the audit record around them [LOAD-008]', async () => {
    const audited = odm2('Transactional', day(5), outer({}, audit('2026-01-01T10:00:00Z'), inner('old')));
    const snapshot = odm2('Snapshot', day(2), outer({}, inner('new')));
    // The outer group of a snapshot is a record too, without items here.
    expect(Object.values(await live('increment', snapshot, audited))).toEqual([{ I: 'new' }, {}]);
  });
});

describe('the order of documents', () => {
  const one = (created: string | undefined, asOf: string | undefined, value: string) =>
    odm({ created, asOf }, person('1', 'A', visit('V1', page('F1', value))));

  it('is that of AsOfDateTime, then of CreationDateTime, whatever the order of arrival [LOAD-008]', async () => {
    const early = one(day(5), day(1), 'early');
    const late = one(day(4), day(2), 'late');
    for (const arrivals of [
      [early, late],
      [late, early],
    ])
      expect(await live('increment', ...arrivals)).toEqual(at('1', 'V1', 'F1', 'late'));
    const tied = [one(day(4), day(2), 'fourth'), one(day(5), day(2), 'fifth')];
    for (const arrivals of [tied, tied.toReversed()])
      expect(await live('increment', ...arrivals)).toEqual(at('1', 'V1', 'F1', 'fifth'));
  });

  it('is that of arrival only where documents have no time, which come before all others [LOAD-008]', async () => {
    const [a, b] = [one(undefined, undefined, 'a'), one(undefined, undefined, 'b')];
    expect(await live('increment', a, b)).toEqual(at('1', 'V1', 'F1', 'b'));
    expect(await live('increment', b, a)).toEqual(at('1', 'V1', 'F1', 'a'));
    expect(await live('increment', a, b, a)).toEqual(at('1', 'V1', 'F1', 'a'));
    expect(await live('increment', one(day(1), undefined, 'timed'), a, b)).toEqual(at('1', 'V1', 'F1', 'timed'));
  });

  it('takes zones into account [LOAD-008]', async () => {
    const east = one('2026-01-01T12:00:00+05:00', undefined, 'seven');
    const west = one('2026-01-01T03:00:00-05:00', undefined, 'eight');
    expect(await live('increment', west, east)).toEqual(at('1', 'V1', 'F1', 'eight'));
  });
});

describe('the same file again', () => {
  it('changes nothing and stores nothing twice [LOAD-012]', async () => {
    const file = odm({ created: day(1) }, person('1', 'A', visit('V1', page('F1', 'a'))));
    const newer = odm({ created: day(2) }, person('1', 'A', visit('V1', page('F1', 'b'))));
    expect(await live('study', file, newer, file)).toEqual(at('1', 'V1', 'F1', 'b'));
    expect(await bench.connection.rows('SELECT count(*) AS n FROM raw.item_data')).toEqual([{ n: 2n }]);
    expect(await bench.connection.rows('SELECT count(*) AS n FROM raw.part')).toEqual([{ n: 3n }]);
  });
});

it('dates an item group by its document where one of its items has no audit record, and so do others [STATE-001]', async () => {
  const g = (attributes: Readonly<Record<string, string>>, ...items: string[]) =>
    subject(
      '1',
      {},
      visit('V1', form('F1', { FormRepeatKey: '1' }, group('G', { ItemGroupRepeatKey: '1', ...attributes }, ...items))),
    );
  const delta = (number: number, content: string) => odm({ type: 'Transactional', created: day(number) }, content);
  const removal = delta(2, g(remove));
  const half = delta(3, g(insert, item('A', 'old', {}, audit(day(1))), item('B', 'new')));
  // A is of day 1, before the removal; B is of day 3.
  expect(await live('increment', removal, half)).toEqual({ '1/V1#1/F1#1/G#1': { B: 'new' } });
  const whole = delta(3, g(insert, item('A', 'old', {}, audit(day(1))), item('B', 'old', {}, audit(day(1)))));
  expect(await live('increment', removal, whole)).toEqual({});
});

describe('a row all of whose items were replaced [STATE-029]', () => {
  const record = (number: number, items: Record<string, string>) =>
    odm(
      { created: day(number) },
      person(
        '1',
        'A',
        event('V', {}, form('F', {}, group('G', {}, ...Object.entries(items).map(([o, v]) => item(o, v))))),
      ),
    );
  const superseded = async (...documents: string[]) => {
    const records = await live('increment', ...documents);
    const rows = await bench.connection.rows<{ entry: string }>(`
      WITH entry AS (
        SELECT item_group_data_key, NULL AS item_code, reason, superseded_by, superseded_by_key FROM state.superseded_element
        UNION ALL FROM state.superseded_item
      )
      SELECT concat_ws(' ', g.rank, d.text, e.reason, 'by', e.superseded_by, b.rank) AS entry
      FROM entry e LEFT JOIN raw.dictionary d ON d.code = e.item_code
      JOIN state.part g ON e.item_group_data_key BETWEEN g.first_key AND g.last_key
      JOIN state.part b ON e.superseded_by_key BETWEEN b.first_key AND b.last_key ORDER BY ALL`);
    return { records, entries: rows.map(({ entry }) => entry) };
  };

  it('is an entry of its own, by the last that replaced one of them', async () => {
    expect(await superseded(record(1, { I: 'a', J: 'b' }), record(2, { I: 'c' }), record(3, { J: 'd' }))).toEqual({
      records: { '1/V#1/F#1/G#1': { I: 'c', J: 'd' } },
      entries: ['1 replaced by 3 3'],
    });
  });

  it('is none while one of its items stands', async () => {
    expect(await superseded(record(1, { I: 'a', J: 'b' }), record(2, { I: 'c' }))).toEqual({
      records: { '1/V#1/F#1/G#1': { I: 'c', J: 'b' } },
      entries: ['1 I replaced by 2 2'],
    });
  });

  it('is one in a delivery that comes late, too', async () => {
    expect(await superseded(record(2, { I: 'c', J: 'd' }), record(1, { I: 'a' }))).toEqual({
      records: { '1/V#1/F#1/G#1': { I: 'c', J: 'd' } },
      entries: ['1 replaced by 1 2'],
    });
  });
});
