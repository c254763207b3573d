import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Covers } from '../../src/project/source.ts';
import { LoadBench } from '../helpers/load-bench.ts';
import { type Document, type Live, liveAfter, type Subject, xmlOf } from './reference-state.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
/** Worlds that are loaded at once: each has subjects and sources of its own. */
const AT_ONCE = 10;

let bench: LoadBench;
beforeAll(async () => {
  bench = await LoadBench.open();
});
afterAll(() => bench.close());

const hour = fc.integer({ min: 0, max: 6 });
/** In so many per cent of the cases. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, percent = 67): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 100 - percent, arbitrary: fc.constant(undefined) }, { weight: percent, arbitrary });
const audited = maybe(fc.record({ hour, source: maybe(fc.constantFrom('1', '2', '10', 'x')) }), 50);

function subjects(transactional: boolean): fc.Arbitrary<Subject[]> {
  const said = {
    transaction: transactional
      ? maybe(fc.constantFrom('Insert', 'Update', 'Upsert', 'Remove', 'Context'), 60)
      : fc.constant(undefined),
    audited,
  };
  const rarely = {
    transaction: transactional ? maybe(fc.constantFrom('Remove', 'Context'), 15) : fc.constant(undefined),
    audited,
  };
  const content = fc.oneof(
    { weight: 7, arbitrary: fc.record({ value: fc.constantFrom('a', 'b', 'c') }) },
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constant({ isNull: true }) },
  );
  const item = fc
    .tuple(fc.record({ ...said, oid: fc.constantFrom('I', 'J') }), content)
    .map(([one, what]) => ({ ...one, ...what }));
  const group = fc.record({
    ...said,
    repeat: maybe(fc.constantFrom('a', 'b')),
    items: fc.array(item, { maxLength: 3 }),
  });
  const form = fc.record({ ...rarely, repeat: fc.constantFrom('1', '2'), groups: fc.array(group, { maxLength: 3 }) });
  const visit = fc.record({ ...rarely, repeat: fc.constantFrom('1', '2'), forms: fc.array(form, { maxLength: 2 }) });
  const person = fc.record({
    ...rarely,
    key: fc.constantFrom('p', 'q'),
    site: maybe(fc.constantFrom('A', 'B')),
    visits: fc.array(visit, { maxLength: 2 }),
  });
  return fc.array(person, { maxLength: 2 }) as fc.Arbitrary<Subject[]>;
}

function document(covers: Covers): fc.Arbitrary<Document> {
  return fc.boolean().chain((transactional) =>
    fc.record({
      source: fc.constantFrom('edc', 'delta'),
      covers: fc.constant(covers),
      type: fc.constant(transactional ? ('Transactional' as const) : ('Snapshot' as const)),
      created: maybe(hour, 85),
      asOf: maybe(hour, 30),
      subjects: subjects(transactional),
    }),
  );
}

/** Deliveries in the order of their arrival. A snapshot of source edc covers what its source declares. */
const world: fc.Arbitrary<Document[]> = fc
  .constantFrom<Covers>('study', 'sites', 'subjects', 'events', 'forms', 'increment')
  .chain((covers) => fc.array(document(covers), { minLength: 1, maxLength: 5 }))
  .map((documents) => documents.map((one) => (one.source === 'delta' ? { ...one, covers: 'increment' } : one)));

/** The same world among subjects and sources that no other has. */
function apart(documents: readonly Document[], number: number): Document[] {
  return documents.map((one) => ({
    ...one,
    source: `${one.source}${number}`,
    subjects: one.subjects.map((person) => ({ ...person, key: `${number}${person.key}` })),
  }));
}

it(
  'is what docs/state.md says, whatever is sent and in whatever order it arrives [LOAD-008]',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(world, { minLength: 1, maxLength: AT_ONCE, size: 'max' }), async (worlds) => {
        const parts = worlds.map(apart);
        const arrivals = parts.flat().map((one) => ({ content: xmlOf(one), source: one.source, covers: one.covers }));
        await bench.load(arrivals);
        const expected: Live = Object.assign({}, ...parts.map(liveAfter));
        expect(await bench.records()).toEqual(expected);
      }),
      LONG ? { numRuns: 300 } : { numRuns: 18, seed: 20260327 },
    );
  },
  LONG ? 3_600_000 : 120_000,
);
