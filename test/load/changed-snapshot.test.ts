import { describe, expect, it } from 'vitest';
import type { Covers } from '../../src/project/source.ts';
import { runSqlFile } from '../../src/store/sql-files.ts';
import { type Arrival, LoadBench } from '../helpers/load-bench.ts';
import { audit, event, form, group, insert, item, odm, remove, subject, update, upsert } from '../helpers/odm.ts';

const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
const document = (type: 'Snapshot' | 'Transactional', day: number, ...content: readonly string[]) =>
  odm({ type, created: at(day) }, subject('1', {}, event('V', {}, form('F', {}, ...content))));
const row = (attributes: Record<string, string>, value: string, ...content: readonly string[]) =>
  group('G', { ItemGroupRepeatKey: '1', ...attributes }, item('A', value, {}, ...content));
const entered = (day: number, value: string) => document('Transactional', day, row(insert, value, audit(at(day))));
const updated = (day: number, value: string) => document('Transactional', day, row(update, value, audit(at(day))));
const removal = (day: number) =>
  document('Transactional', day, group('G', { ItemGroupRepeatKey: '1', ...remove }, audit(at(day))));
const full = (day: number, value: string) => document('Snapshot', day, row({}, value));
/** A snapshot with the form and another record, without the one that is looked at. */
const without = (day: number) => document('Snapshot', day, group('G', { ItemGroupRepeatKey: '2' }, item('A', 'k')));

interface Sources {
  /** Of each document; those of `deltas` are an increment. */
  readonly sources?: readonly ('edc' | 'deltas')[];
  readonly covers?: Covers;
}

const bench = LoadBench.ofTests();

/** What recon.changed has of documents that are delivered one after the other, with the place of the one that brought it. */
async function changed(documents: readonly string[], { sources = [], covers = 'study' }: Sources = {}) {
  const arrivals = documents.map((content, index): Arrival => {
    const source = sources[index] ?? 'edc';
    return { content, source, ...(source === 'edc' && { covers }) };
  });
  await bench.load(arrivals);
  const { connection } = bench;
  await connection.run('CREATE SCHEMA IF NOT EXISTS recon');
  for (const name of ['landing', 'audit', 'removed', 'history']) await runSqlFile(connection, `recon/${name}.sql`);
  const steps = await connection.rows<Record<string, unknown>>(`
    SELECT step, old_value, new_value, change, is_live, left(changed_at, 10) AS day, changed_by,
      parse_filename(part, true)::INTEGER + 1 AS document FROM recon.changed ORDER BY step`);
  return steps.map((step) => Object.values(step).map((cell) => (typeof cell === 'bigint' ? Number(cell) : cell)));
}

const replaced = (step: number, old: string, now: string, isLive: boolean, day: number, part = day) => [
  step,
  old,
  now,
  'replaced',
  isLive,
  `2026-01-0${day}`,
  'U',
  part,
];

describe.each(['study', 'subjects', 'forms'] as const)(
  'recon.changed of a source that covers the %s [STATE-028]',
  (covers) => {
    const told = (...documents: readonly string[]) => changed(documents, { covers });

    it('keeps the step of a delta when a snapshot repeats the value', async () => {
      const step = [replaced(1, 'x', 'y', true, 2)];
      expect(await told(entered(1, 'x'), updated(2, 'y'))).toEqual(step);
      expect(await told(entered(1, 'x'), updated(2, 'y'), full(3, 'y'))).toEqual(step);
      expect(await told(entered(1, 'x'), updated(2, 'y'), full(3, 'y'), full(4, 'y'))).toEqual(step);
    });

    it('has the steps between nightly snapshots, each once', async () => {
      const nights = [full(1, 'x'), updated(2, 'y'), full(3, 'y'), updated(4, 'z'), full(5, 'z'), full(6, 'z')];
      expect(await told(...nights)).toEqual([replaced(1, 'x', 'y', false, 2), replaced(2, 'y', 'z', true, 4)]);
    });

    it('has nothing of what differs between two snapshots, and goes on from the later', async () => {
      expect(await told(full(1, 'x'), full(2, 'y'))).toEqual([]);
      expect(await told(full(1, 'x'), full(2, 'y'), updated(3, 'z'), full(4, 'z'), full(5, 'w'))).toEqual([
        replaced(1, 'y', 'z', false, 3),
      ]);
    });

    it('has another value than that of the last delta as a step of the snapshot, without who', async () => {
      expect(await told(full(1, 'x'), updated(2, 'y'), full(3, 'z'))).toEqual([
        replaced(1, 'x', 'y', false, 2),
        [2, 'y', 'z', 'replaced', true, null, null, 3],
      ]);
    });

    it('keeps a Remove, and the record that is held again', async () => {
      const step = [1, 'x', null, 'removed with its record', true, '2026-01-02', 'U', 2];
      expect(await told(full(1, 'x'), removal(2), without(3))).toEqual([step]);
      expect(await told(entered(1, 'x'), removal(2), without(3), without(4))).toEqual([step]);
      expect(await told(full(1, 'x'), removal(2), full(3, 'x'), full(4, 'x'))).toEqual([
        step.with(4, false),
        [2, null, 'x', 'entered', true, null, null, 3],
      ]);
    });

    it('has of a record that stands twice in each snapshot only what stands', async () => {
      const twice = (day: number) => document('Snapshot', day, row({}, 'x'), row({}, 'y'));
      expect(await told(twice(1), twice(2))).toEqual([[1, 'x', 'y', 'replaced', true, null, null, 2]]);
    });

    it('says of the last step of a record that a snapshot left out that it is not what is live', async () => {
      expect(await told(full(1, 'x'), updated(2, 'y'), without(3))).toEqual([replaced(1, 'x', 'y', false, 2)]);
    });

    it('takes bytes that arrive again once', async () => {
      const [first, second, third] = [full(1, 'x'), updated(2, 'y'), full(3, 'y')];
      const documents = [first, second, third, `${third}`, second];
      expect((await told(...documents)).map((step) => step.slice(0, 7))).toEqual([
        replaced(1, 'x', 'y', true, 2).slice(0, 7),
      ]);
    });

    it('has the order of the times, whatever arrived first', async () => {
      expect(await told(full(5, 'z'), updated(4, 'z'), full(1, 'x'), updated(2, 'y'))).toEqual([
        replaced(1, 'x', 'y', false, 2, 4),
        replaced(2, 'y', 'z', true, 4, 2),
      ]);
    });
  },
);

describe('recon.changed of a record that several sources send [STATE-028]', () => {
  it('has the steps of deltas of one between complete snapshots of the other', async () => {
    const nights = [full(1, 'x'), updated(2, 'y'), full(3, 'y'), updated(4, 'z'), full(5, 'z'), full(6, 'z')];
    const sources = ['edc', 'deltas', 'edc', 'deltas', 'edc', 'edc'] as const;
    expect(await changed(nights, { sources })).toEqual([
      replaced(1, 'x', 'y', false, 2),
      replaced(2, 'y', 'z', true, 4),
    ]);
  });

  it('keeps a Remove by one of what is live again since, as the other says', async () => {
    const documents = [entered(1, 'y'), removal(2), without(3)];
    const step = [1, 'y', null, 'removed with its record', false, '2026-01-02', 'U', 2];
    expect(await changed(documents, { sources: ['deltas', 'edc', 'edc'] })).toEqual([step]);
  });

  it('goes on from what the other still says where a complete snapshot has left the record out', async () => {
    const documents = [entered(1, 'y'), full(2, 'y'), without(3), updated(4, 'w')];
    expect(await changed(documents, { sources: ['deltas', 'edc', 'edc', 'deltas'] })).toEqual([
      replaced(1, 'y', 'w', true, 4),
    ]);
  });
});

it('recon.changed has no step from a value that a complete snapshot has left out since [STATE-028]', async () => {
  expect(
    await changed([
      full(1, 'x'),
      updated(2, 'y'),
      without(3),
      document('Transactional', 4, row(upsert, 'w', audit(at(4)))),
    ]),
  ).toEqual([replaced(1, 'x', 'y', false, 2)]);
});
