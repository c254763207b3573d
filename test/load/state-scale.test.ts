import { beforeAll, describe, expect, it } from 'vitest';
import type { Covers } from '../../src/project/source.ts';
import { LoadBench } from '../helpers/load-bench.ts';
import { event, form, group, item, odm, remove, site, subject } from '../helpers/odm.ts';

const DELIVERIES = 8;
const SUBJECTS = 60;
/** Subjects, events, forms and item groups of all deliveries: one each for every subject. */
const ELEMENTS = 4 * DELIVERIES * SUBJECTS;
const SCOPES: readonly Covers[] = ['study', 'sites', 'subjects', 'events', 'forms', 'increment'];

/** How the optimiser may be misled: it knows nothing of how many rows an intermediate result has. */
const WITHOUT = ['', 'join_order', 'build_side_probe_side', 'join_order,build_side_probe_side,statistics_propagation'];

const bench = LoadBench.ofTests();
beforeAll(async () => {
  await bench.load(Array.from({ length: DELIVERIES }, (_, day) => ({ content: snapshot(day + 1) })));
});

function snapshot(day: number): string {
  const people = Array.from({ length: SUBJECTS }, (_, number) =>
    subject(
      `s${number}`,
      {},
      site(`L${number % 3}`),
      event('V', {}, form('F', {}, group('G', {}, item('I', `${day}`)))),
    ),
  );
  return odm({ type: 'Snapshot', created: `2026-01-0${day}T00:00:00Z` }, ...people);
}

interface Operator {
  readonly operator_cardinality?: number;
  readonly children?: readonly Operator[];
}

const most = ({ operator_cardinality: rows = 0, children = [] }: Operator): number =>
  Math.max(rows, ...children.map(most));

/** The most rows that any operator of the rules has made. */
async function mostRows(): Promise<number> {
  const row = await bench.connection.row<{ explain_value: string }>(
    'EXPLAIN (ANALYZE, FORMAT json) FROM state._superseded(NULL, NULL::TIMESTAMP)',
  );
  return most(JSON.parse(row?.explain_value ?? '{}'));
}

describe('to work out state', () => {
  for (const type of ['Snapshot', 'Transactional']) {
    for (const covers of SCOPES) {
      it(`takes no more rows than there are elements: ${type}, covers ${covers} [STATE-005]`, async () => {
        const { connection } = bench;
        await connection.run('UPDATE raw.delivery SET covers = $1', [covers]);
        await connection.run('UPDATE raw.part SET file_type = $1', [type]);
        for (const optimizers of WITHOUT) {
          await connection.run(`SET disabled_optimizers = '${optimizers}'`);
          const rows = await mostRows();
          expect(rows, `without ${optimizers}`).toBeGreaterThanOrEqual(DELIVERIES);
          expect(rows, `without ${optimizers}`).toBeLessThanOrEqual(ELEMENTS);
        }
        await connection.run("SET disabled_optimizers = ''");
      });
    }
  }
});

it('takes no more rows than there are elements where forms were removed and entered anew time and again [STATE-005]', async () => {
  const times = 30;
  const people = (content: string) =>
    Array.from({ length: SUBJECTS }, (_, number) => subject(`s${number}`, {}, event('V', {}, content)));
  const entered = people(form('F', {}, group('G', {}, item('I', 'x'))));
  const arrivals = Array.from({ length: 2 * times }, (_, hour) => {
    const created = `2026-01-0${1 + Math.floor(hour / 24)}T${String(hour % 24).padStart(2, '0')}:00:00Z`;
    return { content: odm({ type: 'Transactional', created }, ...(hour % 2 ? people(form('F', remove)) : entered)) };
  });
  await bench.load(arrivals);
  const rows = await bench.connection.row<{ superseded: number; by: number }>(`
    SELECT count(*)::INTEGER AS superseded, count(DISTINCT superseded_by_key)::INTEGER AS "by" FROM state.superseded_element`);
  expect(rows).toEqual({ superseded: times * SUBJECTS, by: times * SUBJECTS });
  expect(await mostRows()).toBeLessThanOrEqual(7 * times * SUBJECTS);
});
