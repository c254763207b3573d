import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { type Arrival, LoadBench } from '../helpers/load-bench.ts';
import {
  audit,
  context,
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
import { type TemporaryProject, withProject } from '../helpers/project.ts';
import { asArrived, asOf } from './state-as-of.ts';

const bench = LoadBench.ofTests();

const day = (number: number) => `2026-01-0${number}T00:00:00Z`;
const on = (number: number) => `DATE '2026-01-0${number}'`;
const row = (key: string, ...content: string[]) => group('G', { ItemGroupRepeatKey: key }, ...content);
const page = (...groups: string[]) =>
  subject('1', {}, event('V', { StudyEventRepeatKey: '1' }, form('F', { FormRepeatKey: '1' }, ...groups)));
const live = (key: string, values: Record<string, string | null>) => ({ [`1/V#1/F#1/G#${key}`]: values });

const snapshot = (created: string, ...groups: string[]) => odm({ created }, page(...groups));
const delta = (created: string, ...groups: string[]) => odm({ type: 'Transactional', created }, page(...groups));

/** What was live once each delivery had arrived, the first first. */
async function arrivals(...all: readonly Arrival[]) {
  await bench.load(all);
  const states = [];
  for (let delivery = 1; delivery <= all.length; delivery++) states.push(await asArrived(bench.connection, delivery));
  return states;
}

/** What was live at the start of each of these days. */
async function days(...numbers: readonly number[]) {
  const states = [];
  for (const number of numbers) states.push(await asOf(bench.connection, on(number)));
  return states;
}

describe('deliveries that arrive out of order', () => {
  const A = { content: snapshot(day(1), row('1', item('I', 'A'))) };
  const B = { content: snapshot(day(2), row('1', item('I', 'B'))) };
  const C = { content: snapshot(day(3), row('1', item('I', 'C'))) };

  it('have a state for each arrival and one for each day [STATE-001, STATE-002]', async () => {
    const [a, b, c] = ['A', 'B', 'C'].map((value) => live('1', { I: value }));
    expect(await arrivals(A, C, B)).toEqual([a, c, c]);
    expect(await days(1, 2, 3, 4)).toEqual([a, b, c, c]);
    expect(await asOf(bench.connection, "DATE '2025-12-31'")).toEqual({});
  });

  it('as complete snapshots supersede one another as a whole, then and now [STATE-001, STATE-002]', async () => {
    const complete = (created: string, ...keys: string[]) =>
      ({ content: snapshot(created, ...keys.map((key) => row(key, item('I', created)))), covers: 'study' }) as const;
    const [one, two, three] = [complete(day(1), '1'), complete(day(2), '1', '2'), complete(day(3), '2')];
    const expected = [
      live('1', { I: day(1) }),
      { ...live('1', { I: day(2) }), ...live('2', { I: day(2) }) },
      live('2', { I: day(3) }),
    ];
    expect(await arrivals(one, three, two)).toEqual([expected[0], expected[2], expected[2]]);
    expect(await days(1, 2, 3)).toEqual(expected);
  });
});

describe('what was gone and is live again', () => {
  it('because the document that removed it was superseded by another of its source [STATE-001, STATE-002]', async () => {
    const kept = live('1', { I: 'kept' });
    const record = { content: snapshot(day(1), row('1', item('I', 'kept'))), source: 'edc' };
    const removal = {
      content: delta(day(2), group('G', { ItemGroupRepeatKey: '1', ...remove })),
      source: 'other',
      covers: 'study',
    } as const;
    const complete = { content: snapshot(day(3), row('2', item('I', 'x'))), source: 'other', covers: 'study' } as const;
    const all = [kept, {}, { ...kept, ...live('2', { I: 'x' }) }];
    expect(await arrivals(record, removal, complete)).toEqual(all);
    expect(await days(1, 2, 3)).toEqual(all);
  });

  it('because it is known since that the subject had moved before the snapshot of her old site [STATE-001, STATE-002]', async () => {
    const at = (created: string, key: string, place: string) => ({
      content: odm(
        { created },
        subject(key, {}, site(place), event('V', {}, form('F', {}, row('1', item('I', created))))),
      ),
      covers: 'sites' as const,
    });
    const [woman, other] = [1, 2].map((key) => (value: string) => ({ [`${key}/V#1/F#1/G#1`]: { I: value } }));
    const first = at(day(1), '1', 'A');
    const moved = at(day(2), '1', 'B');
    const withoutHer = at(day(3), '2', 'A');
    expect(await arrivals(first, withoutHer, moved)).toEqual([
      woman(day(1)),
      other(day(3)),
      { ...woman(day(2)), ...other(day(3)) },
    ]);
    expect(await days(1, 2, 3)).toEqual([woman(day(1)), woman(day(2)), { ...woman(day(2)), ...other(day(3)) }]);
  });
});

describe('what a transactional document says', () => {
  it('was so from the time of each audit record on [STATE-002]', async () => {
    const changes = delta(
      day(9),
      group(
        'G',
        { ItemGroupRepeatKey: '1', ...insert },
        audit(day(1)),
        item('I', 'first', insert, audit(day(1))),
        item('J', 'later', insert, audit(day(3))),
      ),
      group('G', { ItemGroupRepeatKey: '2', ...context }, item('I', 'two', update, audit(day(2)))),
    );
    const removal = delta(day(9), group('G', { ItemGroupRepeatKey: '1', ...remove }, audit(day(4))));
    await bench.load([{ content: changes }, { content: removal }]);
    const two = live('2', { I: 'two' });
    expect(await days(1, 2, 3, 4)).toEqual([
      live('1', { I: 'first' }),
      { ...live('1', { I: 'first' }), ...two },
      { ...live('1', { I: 'first', J: 'later' }), ...two },
      two,
    ]);
    expect(await asOf(bench.connection, "DATE '2025-12-31'")).toEqual({});
    expect(await asArrived(bench.connection, 1)).toEqual({ ...live('1', { I: 'first', J: 'later' }), ...two });
  });

  it('was so from the time of the document on where it has no audit record [STATE-002]', async () => {
    await bench.load([{ content: delta(day(5), row('1', item('I', 'a', insert))) }]);
    expect(await days(4, 5)).toEqual([{}, live('1', { I: 'a' })]);
  });
});

describe('a moment', () => {
  const morning = snapshot('2026-01-01T12:00:00Z', row('1', item('I', 'noon')));
  const noon = live('1', { I: 'noon' });

  it('is UTC, or has a zone of its own, whatever that of the session [STATE-002]', async () => {
    const { connection } = bench;
    await bench.load([{ content: morning }]);
    try {
      for (const zone of ['UTC', 'America/New_York', 'Asia/Tokyo']) {
        await connection.run(`SET TimeZone = '${zone}'`);
        const at = (moment: string) => asOf(connection, moment);
        expect(await at("TIMESTAMP '2026-01-01 11:59:59'"), zone).toEqual({});
        expect(await at("TIMESTAMP '2026-01-01 12:00:00'"), zone).toEqual(noon);
        expect(await at("TIMESTAMPTZ '2026-01-01 12:59:59+01:00'"), zone).toEqual({});
        expect(await at("TIMESTAMPTZ '2026-01-01 07:00:00-05:00'"), zone).toEqual(noon);
      }
    } finally {
      await connection.run("SET TimeZone = 'UTC'");
    }
  });

  it('or a delivery may be the result of a query [STATE-001, STATE-002]', async () => {
    await bench.load([{ content: morning }]);
    const rows = (call: string) => bench.connection.rows(`SELECT value FROM state.${call}`);
    expect(await rows('item_data_as_of((SELECT min(creation_utc) FROM raw.part))')).toEqual([{ value: 'noon' }]);
    expect(await rows('item_data_as_arrived((SELECT max(delivery_key) FROM raw.delivery))')).toEqual([
      { value: 'noon' },
    ]);
  });
});

describe('a document without any time', () => {
  it('comes before every moment, in the state of its last arrival [STATE-002]', async () => {
    const [a, b] = ['a', 'b'].map((value) => odm({}, page(row('1', item('I', value)))));
    const all = [a, b, a].map((content) => ({ content }));
    expect(await arrivals(...all)).toEqual(['a', 'b', 'a'].map((value) => live('1', { I: value })));
    expect(await days(1)).toEqual([live('1', { I: 'a' })]);
  });
});

/** warehouse.yml with one CSV source. */
const lab = (keys: Record<string, unknown> = {}) =>
  JSON.stringify({ name: 'test', study: { id: 'S' }, sources: { lab: { files: 'data/*.csv', ...keys } } });
const A = 'ID,VALUE\n1,a\n2,b\n';
const B = 'ID,VALUE\n1,a\n3,c\n';
const arrived = (project: TemporaryProject, delivery: number) =>
  project.rows(`SELECT id, value FROM state.file_lab_as_arrived(${delivery}) ORDER BY ALL`);
const rowsOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

describe('a CSV source', () => {
  it('that went A, B, A was so [STATE-001]', async () => {
    await withProject({ 'warehouse.yml': lab() }, async (project) => {
      for (const content of [A, B, A]) await project.loadInTurn([['data/lab.csv', content]]);
      for (const [index, content] of [A, B, A].entries())
        expect(await arrived(project, index + 1)).toEqual(rowsOf(content));
    });
  });

  it('that grows by parts had the latest row of each key [STATE-001]', async () => {
    const keys = { covers: 'increment', keys: ['ID'] };
    await withProject({ 'warehouse.yml': lab(keys) }, async (project) => {
      await project.loadInTurn([
        ['data/1.csv', A],
        ['data/2.csv', 'ID,VALUE\n2,B\n3,C\n'],
      ]);
      expect(await arrived(project, 1)).toEqual(rowsOf(A));
      expect(await arrived(project, 2)).toEqual(rowsOf('ID,VALUE\n1,a\n2,B\n3,C\n'));
    });
  });
});

describe('the same bytes under other declarations', () => {
  it('replace the rows that they had under other keys [STATE-003]', async () => {
    const twice = 'ID,VALUE\n1,a\n1,b\n';
    const keyed = (...keys: string[]) => lab({ covers: 'increment', keys });
    await withProject({ 'warehouse.yml': keyed('ID', 'VALUE'), 'data/lab.csv': twice }, async (project) => {
      await project.load();
      expect(await arrived(project, 1)).toEqual(rowsOf(twice));
      project.write({ 'warehouse.yml': lab({ covers: 'increment' }) });
      await project.load();
      expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(4);
      expect(await project.rows('SELECT id, value FROM state.file_lab ORDER BY ALL')).toEqual(rowsOf(twice));
      expect(await project.rows('SELECT delivery_key, superseded_by FROM state.part ORDER BY ALL')).toEqual([
        [1, 2],
        [2, null],
      ]);
      expect(await arrived(project, 1)).toEqual(rowsOf(twice));
      // Back to the first: the rows of the first reading stand again.
      project.write({ 'warehouse.yml': keyed('ID', 'VALUE') });
      await project.load();
      expect(await project.value('SELECT count(*) FROM raw.file_lab')).toBe(4);
      expect(await project.column('SELECT _key FROM state.file_lab ORDER BY ALL')).toEqual([1, 2]);
      expect(await project.column('SELECT _key FROM state.file_lab_as_arrived(2) ORDER BY ALL')).toEqual([3, 4]);
    });
  });

  it('that were wrongly said to cover the study no longer supersede what they do not hold [STATE-003]', async () => {
    const files = { 'warehouse.yml': lab({ delivery: 'each' }), 'data/1.csv': A, 'data/2.csv': 'ID,VALUE\n3,c\n' };
    await withProject(files, async (project) => {
      await project.load({ acceptRemovals: true });
      const now = () => project.rows('SELECT id, value FROM state.file_lab ORDER BY ALL');
      expect(await now()).toEqual([['3', 'c']]);
      project.write({ 'warehouse.yml': lab({ covers: 'increment' }) });
      await project.load();
      expect(await now()).toEqual([...rowsOf(A), ['3', 'c']]);
      expect(await arrived(project, 2)).toEqual([['3', 'c']]);
    });
  });

  it('replace an ODM document whose time zone was another, at every moment [STATE-002, STATE-003]', async () => {
    const zoned = (zone: string) =>
      JSON.stringify({
        name: 'test',
        study: { id: 'S' },
        sources: { edc: { files: 'data/*.xml', time_zone: zone } },
      });
    const local = odm({ created: '2026-01-01T12:00:00' }, page(row('1', item('I', 'noon'))));
    await withProject({ 'warehouse.yml': zoned('Z'), 'data/edc.xml': local }, async (project) => {
      const values = (call: string) => project.column(`SELECT value FROM state.item_data${call}`);
      await project.load();
      expect(await values("_as_of(TIMESTAMP '2026-01-01 12:00:00')")).toEqual(['noon']);
      project.write({ 'warehouse.yml': zoned('-05:00') });
      await project.load();
      expect(await values('')).toEqual(['noon']);
      expect(await project.value('SELECT count(*) FROM raw.item_data')).toBe(2);
      expect(await values("_as_of(TIMESTAMP '2026-01-01 12:00:00')")).toEqual([]);
      expect(await values("_as_of(TIMESTAMP '2026-01-01 17:00:00')")).toEqual(['noon']);
      expect(await values('_as_arrived(1)')).toEqual(['noon']);
    });
  });
});

it('is asked of the published file once it is opened, or attached and in use [STATE-004]', async () => {
  const files = {
    'warehouse.yml': JSON.stringify({
      name: 'test',
      study: { id: 'S' },
      sources: { edc: { files: 'data/*.xml' }, lab: { files: 'data/*.csv' } },
    }),
    'data/edc.xml': snapshot(day(1), row('1', item('I', 'a'))),
    'data/lab.csv': 'ID\n1\n',
  };
  await withProject(files, async (project) => {
    await project.build();
    const instance = await DuckDBInstance.create(':memory:');
    const client = await instance.connect();
    const values = async (sql: string) => (await client.runAndReadAll(sql)).getRowsJson();
    try {
      await client.run(`ATTACH '${project.path('target/main.duckdb')}' AS study (READ_ONLY)`);
      await expect(values(`SELECT value FROM study.state.item_data_as_of(${on(1)})`)).rejects.toThrow(/does not exist/);
      expect(await values('SELECT value FROM study.state.item_data')).toEqual([['a']]);
      await client.run('USE study');
      expect(await values(`SELECT value FROM state.item_data_as_of(${on(1)})`)).toEqual([['a']]);
      expect(await values('SELECT value FROM state.item_data_as_arrived(1)')).toEqual([['a']]);
      expect(await values('SELECT id FROM state.file_lab_as_arrived(2)')).toEqual([['1']]);
      const silent = `SELECT function_name FROM duckdb_functions()
        WHERE database_name = 'study' AND schema_name = 'state' AND coalesce(comment, '') = ''`;
      expect(await values(silent)).toEqual([]);
    } finally {
      client.closeSync();
      instance.closeSync();
    }
  });
});
