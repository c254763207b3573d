import { describe, expect, it } from 'vitest';
import { messagesOf } from '../helpers/notices.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const lab = (keys: Record<string, unknown> = {}) =>
  JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', ...keys } } });

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** A file of the rows 1 to 100, of which some are left out and others have a cell too many; row n is on line n + 1. */
function file(value: string, { without = [], ragged = [] }: { without?: number[]; ragged?: number[] } = {}): string {
  const rows = numbers(1, 100).filter((n) => !without.includes(n));
  return `ID,VALUE\n${rows.map((n) => `${n},${value}${ragged.includes(n) ? ',' : ''}\n`).join('')}`;
}

/** Numbers of the live rows of each value. */
async function live(project: TemporaryProject): Promise<Record<string, number[]>> {
  const rows = await project.rows('SELECT value, id::INTEGER AS id FROM state.file_lab ORDER BY ALL');
  const found: Record<string, number[]> = {};
  for (const [value, id] of rows as [string, number][]) found[value] = [...(found[value] ?? []), id];
  return found;
}

const STANDS =
  ' Rows that earlier deliveries brought and this one does not hold stand as they were: what is put aside may be one of them.';
const aside = (message: string) => [['SOURCE_QUARANTINED', message]];

const incomplete = (which: string, line: number) => ({
  kind: 'data',
  code: 'SOURCE_INCOMPLETE',
  message: `The file is to replace all rows of source lab, but ${which} put aside. What it does not hold may be in there, and its rows cannot be compared with those before by the same keys.`,
  file: 'data/lab.csv',
  line,
  next: expect.stringContaining('Nothing of it was loaded.'),
});

describe('a CSV delivery that covers the study, with lines in quarantine', () => {
  it('removes nothing, of rows with the same keys the later stand, and the next complete one replaces all [LOAD-029]', async () => {
    const files = { 'warehouse.yml': lab({ keys: ['ID'] }), 'data/lab.csv': file('a') };
    await withProject(files, async (project) => {
      const notices = messagesOf(project);
      await project.build();
      expect(notices.splice(0)).toEqual([]);
      project.write({ 'data/lab.csv': file('b', { ragged: [6] }) });
      await project.build();
      expect(await live(project)).toEqual({ a: [6], b: numbers(1, 100).filter((n) => n !== 6) });
      expect(await project.value('SELECT count(*) FROM staged.lab')).toBe(100);
      expect(notices.splice(0)).toEqual(
        aside(`data/lab.csv: line 7 does not fit the header and was put aside (raw.quarantine).${STANDS}`),
      );
      expect(await project.rows('SELECT covers FROM raw.delivery ORDER BY delivery_key')).toEqual([
        ['study'],
        ['increment'],
      ]);

      const quarantine = (await project.checks()).find(({ name }) => name === 'quarantine');
      expect(quarantine).toMatchObject({ ok: true, detail: '1 fragment put aside and open, of data/lab.csv' });

      // As it is, it is not to be loaded again.
      expect((await project.build()).deliveries).toEqual([]);

      // Half of it is gone, which is more than the threshold, but nothing is removed.
      project.write({ 'data/lab.csv': file('c', { without: numbers(51, 100), ragged: [2, 3, 5, 7, 11, 13, 17] }) });
      await project.build();
      const c = numbers(1, 50).filter((n) => ![2, 3, 5, 7, 11, 13, 17].includes(n));
      expect(await live(project)).toEqual({ b: numbers(1, 100).filter((n) => !c.includes(n)), c });
      expect(notices.splice(0)).toEqual(
        aside(
          `data/lab.csv: lines 3, 4, 6, 8, 12 and 2 more do not fit the header and were put aside (raw.quarantine).${STANDS}`,
        ),
      );

      project.write({ 'data/lab.csv': file('d', { without: [50] }) });
      await project.build();
      expect(await live(project)).toEqual({ d: numbers(1, 100).filter((n) => n !== 50) });
      expect(notices).toEqual([]);
      const arrived = await project.rows(
        'SELECT value, count(*) FROM state.file_lab_as_arrived(2) GROUP BY ALL ORDER BY ALL',
      );
      expect(arrived).toEqual([
        ['a', 1],
        ['b', 99],
      ]);
      expect((await project.checks()).filter(({ ok, name }) => !ok || name === 'quarantine')).toEqual([]);
    });
  });

  it('is told again, with its lines, where the same bytes come again [LOAD-029]', async () => {
    const ragged = file('b', { ragged: [1, 100] });
    await withProject({ 'warehouse.yml': lab({ keys: ['ID'] }), 'data/lab.csv': ragged }, async (project) => {
      const notices = messagesOf(project);
      await project.build();
      const told = 'data/lab.csv: lines 2, 101 do not fit the header and were put aside (raw.quarantine).';
      expect(notices.splice(0)).toEqual(aside(told));
      project.write({ 'data/lab.csv': file('a') });
      await project.build();
      expect(notices.splice(0)).toEqual([]);
      project.write({ 'data/lab.csv': ragged });
      await project.build();
      expect(notices).toEqual(aside(told + STANDS));
      expect(await live(project)).toEqual({ a: [1, 100], b: numbers(2, 99) });
      expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(198);
      expect(await project.value('SELECT count(*) FROM raw.quarantine')).toBe(2);
    });
  });

  it('stops without keys, where rows are live that it would have to be compared with, unless it is accepted [LOAD-029]', async () => {
    await withProject({ 'warehouse.yml': lab(), 'data/lab.csv': file('a', { ragged: [9] }) }, async (project) => {
      const notices = messagesOf(project);
      // Nothing is there that it could remove.
      await project.build();
      expect(notices.splice(0)).toEqual(
        aside('data/lab.csv: line 10 does not fit the header and was put aside (raw.quarantine).'),
      );
      project.write({ 'data/lab.csv': file('b', { ragged: [6] }) });
      expect(await project.failure()).toEqual(incomplete('line 7 does not fit the header and was', 7));
      expect(await live(project)).toEqual({ a: numbers(1, 100).filter((n) => n !== 9) });
      expect(await project.value('SELECT count(*) FROM raw.quarantine')).toBe(1);
      notices.splice(0);

      await project.build({ acceptRemovals: true });
      expect(await live(project)).toEqual({ b: numbers(1, 100).filter((n) => n !== 6) });
      expect(notices.splice(0)).toEqual(
        aside(
          'data/lab.csv: line 7 does not fit the header and was put aside (raw.quarantine). What it does not hold is removed, as was accepted.',
        ),
      );
      expect((await project.build()).deliveries).toEqual([]);
      expect(await project.column('SELECT covers FROM raw.delivery ORDER BY delivery_key')).toEqual(['study', 'study']);
    });
  });

  it('stops where the rows before were read by other keys, and are in no vault [LOAD-029]', async () => {
    const settings = (...keys: string[]) => lab({ keys, keep: 'reference' });
    const files = { 'warehouse.yml': settings('ID', 'VALUE'), 'data/lab.csv': file('a') };
    await withProject(files, async (project) => {
      await project.build();
      project.write({ 'warehouse.yml': settings('ID'), 'data/lab.csv': file('b', { ragged: [3, 4] }) });
      expect(await project.failure()).toEqual(incomplete('lines 4, 5 do not fit the header and were', 4));
    });
  });

  it('is as a whole incomplete where one of its files is [LOAD-029]', async () => {
    const part = (from: number, to: number, value: string) =>
      `ID,VALUE\n${numbers(from, to)
        .map((n) => `${n},${value}\n`)
        .join('')}`;
    const yml = lab({ keys: ['ID'], delivery: 'together' });
    await withProject(
      { 'warehouse.yml': yml, 'data/1.csv': part(1, 3, 'a'), 'data/2.csv': part(4, 6, 'a') },
      async (project) => {
        await project.build();
        const notices = messagesOf(project);
        project.write({ 'data/1.csv': part(1, 2, 'b'), 'data/2.csv': `${part(4, 5, 'b')}6,b,\n` });
        await project.build();
        expect(await live(project)).toEqual({ a: [3, 6], b: [1, 2, 4, 5] });
        expect(notices).toEqual(
          aside(`data/2.csv: line 4 does not fit the header and was put aside (raw.quarantine).${STANDS}`),
        );
      },
    );
  });
});

it('a delivery of an increment says which lines were put aside, and that is all [LOAD-029]', async () => {
  const files = {
    'warehouse.yml': lab({ covers: 'increment' }),
    'data/1.csv': 'ID,VALUE\n1,a\n',
    'data/2.csv': 'ID,VALUE\n2\n3,a\n',
  };
  await withProject(files, async (project) => {
    const notices = messagesOf(project);
    await project.build();
    expect(notices).toEqual(aside('data/2.csv: line 2 does not fit the header and was put aside (raw.quarantine).'));
    expect(await live(project)).toEqual({ a: [1, 3] });
  });
});

it('bytes that came before count by their rows [LOAD-030]', async () => {
  const one = 'ID,VALUE\n1,a\n2,b\n';
  await withProject({ 'warehouse.yml': lab(), 'data/lab.csv': one }, async (project) => {
    const items = [];
    for (const content of [one, 'ID,VALUE\n1,a\n2,b\n3,c\n', one]) {
      project.write({ 'data/lab.csv': content });
      items.push(...(await project.build({ acceptRemovals: true })).deliveries.map((delivered) => delivered.items));
    }
    expect(items).toEqual([2, 3, 2]);
  });
});
