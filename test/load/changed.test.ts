import { describe, expect, it } from 'vitest';
import { audit, event, form, group, insert, item, odm, remove, subject, update, upsert } from '../helpers/odm.ts';
import { configuration, withProject } from '../helpers/project.ts';

const at = (day: number) => `2026-01-0${day}T00:00:00Z`;
const document = (type: 'Snapshot' | 'Transactional', day: number, ...content: readonly string[]) =>
  odm({ type, created: at(day) }, subject('1', {}, event('V', {}, ...content)));
const delta = (day: number, ...content: readonly string[]) => document('Transactional', day, ...content);

/** An item with its own audit record. */
const said = (oid: string, value: string, day: number) => item(oid, value, insert, audit(at(day)));
const row = (attributes: Record<string, string>, ...content: readonly string[]) =>
  form('F', {}, group('G', attributes, ...content));

const CHANGED = `SELECT item_oid, step, old_value, new_value, change, is_live, changed_at, changed_by, part
  FROM recon.changed ORDER BY ALL`;

/** What recon.changed has of documents that are delivered one after the other. */
async function changed(...documents: readonly string[]) {
  return withProject({ 'warehouse.yml': configuration() }, async (project) => {
    await project.loadInTurn(documents.map((document, index) => [`data/${index + 1}.xml`, document]));
    return project.rows(CHANGED);
  });
}

describe('recon.changed [STAGED-005]', () => {
  it('says of a value that a later one replaced which, when and by whom', async () => {
    const first = delta(1, row(upsert, said('A', 'old', 1), said('B', 'b', 1)));
    const second = delta(2, row(update, said('A', 'new', 2)));
    expect(await changed(first, second)).toEqual([['A', 1, 'old', 'new', 'replaced', true, at(2), 'U', 'data/2.xml']]);
  });

  it('has every step of a value that was changed twice, in the order of their times and not of their arrival', async () => {
    const entered = document('Snapshot', 1, row({}, item('A', '128')));
    const last = delta(4, row(update, said('A', '118', 3)));
    const between = delta(5, row(update, said('A', '182', 2)));
    const steps = [
      ['A', 1, '128', '182', 'replaced', false, at(2), 'U', 'data/3.xml'],
      ['A', 2, '182', '118', 'replaced', true, at(3), 'U', 'data/2.xml'],
    ];
    expect(await changed(entered, last, between)).toEqual(steps);
  });

  it('has no step where a value is said again, nor where the first one comes in', async () => {
    const blank = delta(1, row(upsert, item('A', undefined, { IsNull: 'Yes' })));
    const first = delta(2, row(update, said('A', 'x', 2)));
    const again = delta(3, row(update, said('A', 'x', 3)));
    expect(await changed(blank, first, again)).toEqual([]);
  });

  it('has a value that was blanked, and one that was entered anew', async () => {
    const first = delta(1, row(upsert, said('A', 'old', 1)));
    const second = delta(2, row(update, item('A', undefined, { IsNull: 'Yes' }, audit(at(2)))));
    const third = delta(3, row(update, said('A', 'new', 3)));
    expect(await changed(first, second, third)).toEqual([
      ['A', 1, 'old', null, 'blanked', false, at(2), 'U', 'data/2.xml'],
      ['A', 2, null, 'new', 'entered', true, at(3), 'U', 'data/3.xml'],
    ]);
  });

  it('says of a value that was removed itself that it was', async () => {
    const first = delta(1, row(upsert, said('A', 'old', 1), said('B', 'b', 1)));
    const second = delta(2, row(update, item('A', 'old', remove, audit(at(2)))));
    expect(await changed(first, second)).toEqual([['A', 1, 'old', null, 'removed', true, at(2), 'U', 'data/2.xml']]);
  });

  // The row was entered on day 1, removed on day 2 with what it stands in, and B entered anew on day 3.
  const reentered = delta(4, row(upsert, said('A', 'old', 1), said('B', 'new', 3)));
  it.each([
    ['form', delta(5, form('F', remove, audit(at(2))))],
    ['item group', delta(5, form('F', {}, group('G', remove, audit(at(2)), item('A', 'old'))))],
  ])('says of a value from before the Remove of its %s that it was removed, with who and when', async (_, removal) => {
    const step = ['A', 1, 'old', null, 'removed with its record', true, at(2), 'U', 'data/2.xml'];
    expect(await changed(reentered, removal)).toEqual([step]);
  });

  it('goes on where a record that was removed is entered again', async () => {
    const first = delta(1, row(upsert, said('A', 'old', 1)));
    const removal = delta(2, form('F', remove, audit(at(2))));
    const again = delta(3, row(upsert, said('A', 'new', 3)));
    expect(await changed(first, removal, again)).toEqual([
      ['A', 1, 'old', null, 'removed with its record', false, at(2), 'U', 'data/2.xml'],
      ['A', 2, null, 'new', 'entered', true, at(3), 'U', 'data/3.xml'],
    ]);
  });

  it('names each value that another replaced before it was itself removed with what it stands in', async () => {
    const before = delta(4, row(upsert, said('A', 'first', 1), said('C', 'c', 4)));
    const after = delta(5, row(upsert, said('A', 'second', 2), said('B', 'b', 4)));
    const removal = delta(6, form('F', remove, audit(at(3))));
    expect(await changed(before, after, removal)).toEqual([
      ['A', 1, 'first', 'second', 'replaced', false, at(2), 'U', 'data/2.xml'],
      ['A', 2, 'second', null, 'removed with its record', true, at(3), 'U', 'data/3.xml'],
    ]);
  });

  it('takes who and when from the nearest element around, where the item has no audit record', async () => {
    const first = document('Snapshot', 1, row({}, item('A', 'old')));
    const second = delta(3, form('F', {}, audit(at(2)), group('G', update, item('A', 'new'))));
    expect(await changed(first, second)).toEqual([['A', 1, 'old', 'new', 'replaced', true, at(2), 'U', 'data/2.xml']]);
  });

  it('takes it in a snapshot from the item alone, as recon.value_as_arrived does', async () => {
    const first = document('Snapshot', 1, row({}, item('A', 'old')));
    const second = odm(
      { type: 'Snapshot', created: at(3) },
      subject('1', {}, event('V', {}, form('F', {}, audit(at(2)), group('G', {}, item('A', 'new'))))),
    );
    expect(await changed(first, second)).toEqual([['A', 1, 'old', 'new', 'replaced', true, null, null, 'data/2.xml']]);
  });

  it('has a Remove of which one item has no audit record at the time of its document', async () => {
    const first = delta(1, form('F', {}, group('G', insert, item('A', 'x'), item('B', 'y'))));
    const second = delta(7, form('F', {}, group('G', update, audit(at(7)), item('A', 'x7'))));
    const third = delta(9, form('F', {}, group('G', remove, item('A', 'x', {}, audit(at(5))), item('B', 'y'))));
    const steps = await changed(first, second, third);
    expect(steps.map(([oid, step, old, now, change, isLive]) => [oid, step, old, now, change, isLive])).toEqual([
      ['A', 1, 'x', 'x7', 'replaced', false],
      ['A', 2, 'x7', null, 'removed with its record', true],
      ['B', 1, 'y', null, 'removed with its record', true],
    ]);
  });
});
