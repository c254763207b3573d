import { describe, expect, it } from 'vitest';
import { messagesOf } from '../helpers/notices.ts';
import { type TemporaryProject, withProject } from '../helpers/project.ts';

const lab = (keys: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', ...keys } }, ...more });
const EACH = { delivery: 'each', keys: ['ID'] };
const INCREMENT = { covers: 'increment', keys: ['ID'] };

const of = (value: string) => `ID,VALUE\n1,${value}\n`;
/** Rows of the numbers from..to. */
const rows = (from: number, to: number) =>
  `ID,VALUE\n${Array.from({ length: to - from + 1 }, (_, index) => `${from + index},a\n`).join('')}`;

/** Row 1 of this value, and row 2 with a cell too many. */
const ragged = (value: string) => `ID,VALUE\n1,${value}\n2,${value},\n`;
const two = (value: string) => `ID,VALUE\n1,${value}\n2,${value}\n`;
const three = (value: string) => `ID,VALUE\n1,${value}\n2,${value}\n3,${value}\n`;

const live = (project: TemporaryProject) => project.rows('SELECT id, value FROM state.file_lab ORDER BY ALL');
const ids = (project: TemporaryProject) => project.column('SELECT id::INTEGER AS id FROM state.file_lab ORDER BY id');
const deliveries = (project: TemporaryProject) => project.column('SELECT name FROM raw.part ORDER BY delivery_key');

/** The messages on sources from now on. */
const FIRST = { 'data/acme_lab.csv': of('april'), 'data/acme_lab_may.csv': of('may') };
const JUNE = { 'data/acme_lab_june.csv': of('june') };

describe('a file whose name comes before one that was delivered before', () => {
  it.each([{ delivery: 'each' }, EACH, INCREMENT])(
    'has that one delivered after it again, and says so [LOAD-055]: %j',
    async (keys) => {
      await withProject({ 'warehouse.yml': lab(keys), ...FIRST }, async (project) => {
        await project.load();
        const notices = messagesOf(project);
        project.write(JUNE);
        expect(await project.planned()).toEqual([
          ['data/acme_lab_june.csv', 'new file'],
          ['data/acme_lab_may.csv', 'comes after'],
        ]);
        await project.load();
        expect(notices).toEqual([
          [
            'SOURCE_ORDER',
            'Source lab: data/acme_lab_may.csv is delivered again, after data/acme_lab_june.csv, which comes before by ' +
              'name and came later. As in a build from nothing, files stand in the order of their names.',
          ],
        ]);
        expect(await live(project)).toEqual([['1', 'may']]);
        expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(3);
        expect(await project.planned()).toEqual([]);
        expect((await project.checks()).filter(({ ok }) => !ok)).toEqual([]);
      });
    },
  );

  it.each([
    [EACH, ['data/3.csv']],
    [INCREMENT, ['data/2.csv', 'data/3.csv']],
  ])('has those delivered again that decide, where it has other bytes now [LOAD-055]: %j', async (keys, again) => {
    const files = { 'data/1.csv': of('a'), 'data/2.csv': of('b'), 'data/3.csv': of('c') };
    await withProject({ 'warehouse.yml': lab(keys), ...files }, async (project) => {
      await project.load();
      project.write({ 'data/1.csv': of('d') });
      expect(await project.planned()).toEqual([
        ['data/1.csv', 'changed'],
        ...again.map((name) => [name, 'comes after']),
      ]);
      await project.load();
      expect(await live(project)).toEqual([['1', 'c']]);
      expect(await deliveries(project)).toEqual([...Object.keys(files), 'data/1.csv', ...again]);
    });
  });

  it('is told with all others such, also between those that are delivered again [LOAD-055]', async () => {
    const files = { 'data/1.csv': of('a'), 'data/3.csv': of('c'), 'data/5.csv': of('e') };
    await withProject({ 'warehouse.yml': lab(INCREMENT), ...files }, async (project) => {
      await project.load();
      const notices = messagesOf(project);
      project.write({ 'data/2.csv': of('b'), 'data/4.csv': of('d') });
      await project.load();
      expect(notices).toEqual([
        [
          'SOURCE_ORDER',
          'Source lab: data/3.csv, data/5.csv are delivered again, after data/2.csv, data/4.csv, which come before by ' +
            'name and came later. As in a build from nothing, files stand in the order of their names.',
        ],
      ]);
      expect(await live(project)).toEqual([['1', 'e']]);
    });
  });

  it.each([{ delivery: 'together' }, { covers: 'increment' }])(
    'is as good as another where the order says nothing [LOAD-055]: %j',
    async (keys) => {
      await withProject({ 'warehouse.yml': lab(keys), ...FIRST }, async (project) => {
        await project.load();
        const notices = messagesOf(project);
        project.write(JUNE);
        await project.load();
        expect(notices).toEqual([]);
        expect(await live(project)).toEqual([
          ['1', 'april'],
          ['1', 'june'],
          ['1', 'may'],
        ]);
      });
    },
  );
});

describe('a file that was taken away and returns with the same bytes', () => {
  it('is what stands, as the last by name [LOAD-058]', async () => {
    const files = { 'warehouse.yml': lab(EACH), 'data/1.csv': of('a'), 'data/2.csv': of('b') };
    await withProject(files, async (project) => {
      await project.load();
      project.delete('data/2.csv');
      await project.load();
      expect(await live(project)).toEqual([['1', 'a']]);
      const notices = messagesOf(project);
      project.write({ 'data/2.csv': of('b') });
      expect(await project.planned()).toEqual([['data/2.csv', 'came back']]);
      await project.load();
      expect(await live(project)).toEqual([['1', 'b']]);
      expect(notices).toEqual([['SOURCE_REPLACED', 'Source lab: data/2.csv replaces data/1.csv.']]);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('is so too after a path that went there and back and became a pattern [LOAD-058]', async () => {
    const path = (file: string) => lab({ files: file, keys: ['ID'] });
    const files = { 'warehouse.yml': path('data/a.csv'), 'data/a.csv': of('a'), 'data/b.csv': of('b') };
    await withProject(files, async (project) => {
      for (const file of ['data/a.csv', 'data/b.csv', 'data/a.csv']) {
        project.write({ 'warehouse.yml': path(file) });
        await project.load();
      }
      expect(await live(project)).toEqual([['1', 'a']]);
      project.write({ 'warehouse.yml': lab(EACH) });
      await project.load();
      expect(await live(project)).toEqual([['1', 'b']]);
    });
  });

  it('is so too where it was delivered together with others before [LOAD-058]', async () => {
    const together = lab({ delivery: 'together', keys: ['ID'] });
    const files = { 'warehouse.yml': together, 'data/1.csv': of('a'), 'data/2.csv': of('b') };
    await withProject(files, async (project) => {
      await project.load();
      project.delete('data/2.csv');
      await project.load({ acceptRemovals: true });
      project.write({ 'warehouse.yml': lab(EACH), 'data/2.csv': of('b') });
      expect(await project.planned()).toEqual([['data/2.csv', 'parts changed']]);
      await project.load();
      expect(await live(project)).toEqual([['1', 'b']]);
    });
  });

  it('stands on those that a build from nothing would deliver before it, where lines of it are in quarantine [LOAD-058]', async () => {
    const files = { 'data/1.csv': two('a'), 'data/2.csv': two('b'), 'data/3.csv': ragged('c') };
    const expected = [
      ['1', 'c'],
      ['2', 'b'],
    ];
    await withProject({ 'warehouse.yml': lab(EACH), ...files }, async (project) => {
      await project.load();
      expect(await live(project)).toEqual(expected);
      project.write({ 'data/1.csv': two('d') });
      expect(await project.planned()).toEqual([
        ['data/1.csv', 'changed'],
        ['data/2.csv', 'comes after'],
        ['data/3.csv', 'comes after'],
      ]);
      await project.load();
      expect(await live(project)).toEqual(expected);
      project.write({ 'data/4.csv': two('x') });
      await project.load();
      project.delete('data/4.csv');
      expect(await project.planned()).toEqual([
        ['data/2.csv', 'came back'],
        ['data/3.csv', 'came back'],
      ]);
      await project.load();
      expect(await live(project)).toEqual(expected);
      expect(await project.planned()).toEqual([]);
    });
  });
});

describe('a file with lines in quarantine stands on the last whole one that is there', () => {
  const MOST = { removal_threshold: 0.5 };
  const expected = [
    ['1', 'c'],
    ['2', 'a'],
  ];

  it('where the one that it stood on is taken away [LOAD-058]', async () => {
    const files = { 'data/1.csv': two('a'), 'data/2.csv': three('b'), 'data/3.csv': ragged('c') };
    await withProject({ 'warehouse.yml': lab(EACH, MOST), ...files }, async (project) => {
      await project.load();
      expect(await live(project)).toEqual([...expected.slice(0, 1), ['2', 'b'], ['3', 'b']]);
      project.delete('data/2.csv');
      expect(await project.planned()).toEqual([
        ['data/1.csv', 'came back'],
        ['data/3.csv', 'came back'],
      ]);
      await project.load();
      expect(await live(project)).toEqual(expected);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('where one with lines in quarantine between the two is taken away [LOAD-058]', async () => {
    const files = { 'data/1.csv': two('a'), 'data/2.csv': 'ID,VALUE\n3,b\n1,b,\n', 'data/3.csv': ragged('c') };
    await withProject({ 'warehouse.yml': lab(EACH, MOST), ...files }, async (project) => {
      await project.load();
      expect(await live(project)).toEqual([...expected, ['3', 'b']]);
      project.delete('data/2.csv');
      await project.load();
      expect(await live(project)).toEqual(expected);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('where that goes as it comes, in the same build [LOAD-058]', async () => {
    const files = { 'data/2.csv': two('a'), 'data/4.csv': three('d') };
    await withProject({ 'warehouse.yml': lab(EACH, MOST), ...files }, async (project) => {
      await project.load();
      const notices = messagesOf(project);
      project.delete('data/4.csv');
      project.write({ 'data/3.csv': ragged('c') });
      // Only reading it tells that it has lines in quarantine.
      expect(await project.planned()).toEqual([['data/3.csv', 'new file']]);
      await project.load();
      expect(await live(project)).toEqual(expected);
      expect(await deliveries(project)).toEqual(['data/2.csv', 'data/4.csv', 'data/3.csv', 'data/2.csv', 'data/3.csv']);
      expect(notices).toContainEqual(['SOURCE_REPLACED', 'Source lab: data/2.csv replaces data/4.csv.']);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('where it is renamed as that goes [LOAD-058]', async () => {
    const files = { 'data/1.csv': two('a'), 'data/2.csv': ragged('c'), 'data/4.csv': three('d') };
    await withProject({ 'warehouse.yml': lab(EACH, MOST), ...files }, async (project) => {
      await project.load();
      project.delete('data/2.csv');
      project.delete('data/4.csv');
      project.write({ 'data/3.csv': ragged('c') });
      await project.load();
      expect(await live(project)).toEqual(expected);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('held against the removal threshold together, and what came before it stays where that stops [LOAD-058] [LOAD-059]', async () => {
    const files = { 'data/2.csv': two('a'), 'data/4.csv': three('d') };
    await withProject({ 'warehouse.yml': lab(EACH), ...files }, async (project) => {
      await project.load();
      project.delete('data/4.csv');
      project.write({ 'data/3.csv': ragged('c') });
      expect(await project.failure()).toMatchObject({
        code: 'REMOVAL_THRESHOLD',
        message:
          'The delivery would remove 1 of 3 live rows of source lab (33.3 %) because it does not hold them; the first is line 4 ' +
          'of data/4.csv in delivery 2. It is delivered again so that the files that are there stand in the order of their names.',
        file: 'data/2.csv',
      });
      expect(await deliveries(project)).toEqual(['data/2.csv', 'data/4.csv', 'data/3.csv']);
      await project.load({ acceptRemovals: true });
      expect(await live(project)).toEqual(expected);
    });
  });

  it('but for what it said itself, whole, before it had other bytes [LOAD-058]', async () => {
    const files = { 'data/1.csv': two('a'), 'data/2.csv': two('b') };
    await withProject({ 'warehouse.yml': lab(EACH), ...files }, async (project) => {
      await project.load();
      project.write({ 'data/2.csv': ragged('c') });
      await project.load();
      expect(await live(project)).toEqual([expected[0], ['2', 'b']]);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('and comes to rest where it was accepted as the whole [LOAD-058]', async () => {
    const files = { 'data/1.csv': two('a'), 'data/2.csv': ragged('c') };
    await withProject({ 'warehouse.yml': lab({ delivery: 'each' }), ...files }, async (project) => {
      await project.load({ acceptRemovals: true });
      expect(await live(project)).toEqual([expected[0]]);
      expect(await project.planned()).toEqual([]);
    });
  });

  it('also where a setting of the source has changed [LOAD-058]', async () => {
    const files = { 'data/1.csv': two('a'), 'data/2.csv': ragged('c') };
    await withProject({ 'warehouse.yml': lab(EACH), ...files }, async (project) => {
      await project.load();
      project.write({ 'warehouse.yml': lab({ ...EACH, encoding: 'windows-1252' }) });
      expect(await project.planned()).toEqual([
        ['data/1.csv', 'reader changed'],
        ['data/2.csv', 'reader changed'],
      ]);
      await project.load();
      expect(await live(project)).toEqual(expected);
      expect(await project.planned()).toEqual([]);
    });
  });
});

describe('the removal threshold', () => {
  it('does not stop a late file that is replaced at once [LOAD-059]', async () => {
    const files = { 'warehouse.yml': lab(EACH), 'data/2.csv': rows(1, 100) };
    await withProject(files, async (project) => {
      await project.load();
      const notices = messagesOf(project);
      // Few rows, and such that the next does not hold.
      project.write({ 'data/1.csv': rows(91, 110) });
      await project.load();
      expect((await ids(project)).length).toBe(100);
      expect(await deliveries(project)).toEqual(['data/2.csv', 'data/1.csv', 'data/2.csv']);
      expect(notices.map(([code]) => code)).toEqual(['SOURCE_ORDER']);
    });
  });

  it('stops before it lands where what stands in the end would remove too much [LOAD-059]', async () => {
    const files = { 'warehouse.yml': lab(EACH), 'data/2.csv': rows(1, 90), 'data/3.csv': rows(1, 100) };
    await withProject(files, async (project) => {
      await project.load();
      project.delete('data/3.csv');
      project.write({ 'data/1.csv': rows(1, 100) });
      const failure = {
        kind: 'data',
        code: 'REMOVAL_THRESHOLD',
        message:
          'The delivery would remove 10 of 100 live rows of source lab (10.0 %) because it does not hold them; the first is ' +
          'line 92 of data/3.csv in delivery 2. It is delivered again so that the files that are there stand in the order of their names.',
        file: 'data/2.csv',
        next: 'Nothing of it was loaded. Check that the file is complete; if the removals are meant, build again with --accept-removals.',
      };
      expect(await project.failure()).toEqual(failure);
      expect(await deliveries(project)).toEqual(['data/2.csv', 'data/3.csv']);
      project.delete('data/1.csv');
      expect(await project.failure()).toEqual(failure);
      project.write({ 'data/1.csv': rows(1, 100) });
      await project.load({ acceptRemovals: true });
      expect((await ids(project)).length).toBe(90);
      // Once, with the delivery that removes.
      expect(
        await project.rows(`SELECT object, meta->>'$.parts[0].reason', meta->>'$.removalsAccepted.removed'
           FROM audit.ledger WHERE action = 'delivery.load' ORDER BY sequence`),
      ).toEqual([
        ['delivery/1', 'new file', null],
        ['delivery/2', 'new file', null],
        ['delivery/3', 'new file', null],
        ['delivery/4', 'comes after', '10'],
      ]);
    });
  });

  it('stops a late file where what is to follow it will be refused [LOAD-059]', async () => {
    const files = { 'warehouse.yml': lab({ delivery: 'each' }), 'data/2.csv': `${rows(1, 10)}11,a,\n` };
    await withProject(files, async (project) => {
      await project.load();
      project.write({ 'data/1.csv': rows(1, 2) });
      expect(await project.failure()).toMatchObject({ code: 'REMOVAL_THRESHOLD', file: 'data/1.csv' });
      expect(await deliveries(project)).toEqual(['data/2.csv']);
      project.delete('data/2.csv');
      expect(await project.failure()).toMatchObject({ code: 'REMOVAL_THRESHOLD', file: 'data/1.csv' });
      expect((await ids(project)).length).toBe(10);
    });
  });
});
