import { expect, it } from 'vitest';
import type { Covers } from '../../src/project/source.ts';
import { LoadBench } from '../helpers/load-bench.ts';
import { event, form, group, item, odm, subject } from '../helpers/odm.ts';

const bench = LoadBench.ofTests();

/** Of each source its own subject. */
function arrival(source: string, covers: Covers, day: number, ...values: string[]) {
  const groups = values.map((value) => group('G', { ItemGroupRepeatKey: value }, item('I', value)));
  const content = odm(
    { created: `2026-01-0${day}T00:00:00Z` },
    subject(`${source}${covers === 'study' ? '' : day}`, {}, event('V', {}, form('F', {}, ...groups))),
  );
  return { content, source, covers };
}

/** How many ranges of keys the view of live items looks in. */
async function ranges(): Promise<number> {
  const row = await bench.connection.row<{ sql: string }>(
    "SELECT sql FROM duckdb_views() WHERE schema_name = 'state' AND view_name = 'item_data'",
  );
  return new Set(row?.sql.match(/BETWEEN \d+ AND \d+/g)).size;
}

async function values(): Promise<string[]> {
  const rows = await bench.connection.rows<{ value: string }>('SELECT value FROM state.item_data ORDER BY value');
  return rows.map(({ value }) => value);
}

it('are one, however many deliveries stand side by side [STATE-005]', async () => {
  await bench.load([1, 2, 3, 4].map((day) => arrival('a', 'increment', day, `${day}`, `${day + 4}`)));
  expect(await ranges()).toBe(1);
  expect(await values()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
});

it('end where something stands no more: a part, or a row at its end [STATE-005]', async () => {
  const replaced = [
    arrival('a', 'increment', 1, '1'),
    arrival('b', 'study', 1, '2', '3'),
    arrival('a', 'increment', 2, '4'),
    arrival('b', 'study', 2, '3'),
  ];
  await bench.load(replaced);
  expect(await ranges(), 'a snapshot that was replaced').toBe(2);
  expect(await values()).toEqual(['1', '3', '4']);
  const absent = (day: number, ...keys: string[]) => ({
    ...arrival('c', 'study', day, ...keys),
    covers: 'forms' as const,
  });
  await bench.load([arrival('a', 'increment', 1, '1'), absent(1, '2', '3'), absent(2, '3')]);
  expect(await values()).toEqual(['1', '3']);
  expect(await ranges(), 'a form that was sent anew').toBe(2);
});
