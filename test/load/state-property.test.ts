import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Covers } from '../../src/project/source.ts';
import { LoadBench } from '../helpers/load-bench.ts';
import {
  type Document,
  type Live,
  liveAfter,
  type RemovedBy,
  removedAfter,
  type Subject,
  xmlOf,
} from './reference-state.ts';
import { asArrived, asOf, recordsOf, supersededBy } from './state-as-of.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
const TIMEOUT = LONG ? 3_600_000 : 900_000;
/** So many runs; a counterexample is made smaller for as long as there is time, and then told as it is. */
const runs = (short: number) => ({
  ...(LONG ? { numRuns: 300 } : { numRuns: short, seed: 20260327 }),
  interruptAfterTimeLimit: TIMEOUT * 0.75,
  markInterruptAsFailure: true,
});
/** Worlds that are loaded at once: each has subjects and sources of its own. A document costs more than what is in it. */
const AT_ONCE = 10;
/** What becomes of each of them does not depend on the others, but for the site that they are at. */
const SUBJECTS = ['p', 'q', 'r', 's', 't', 'u'];

const bench = LoadBench.ofTests();

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
    key: fc.constantFrom(...SUBJECTS),
    site: maybe(fc.constantFrom('A', 'B')),
    visits: fc.array(visit, { maxLength: 2 }),
  });
  return fc.array(person, { maxLength: SUBJECTS.length, size: 'max' }) as fc.Arbitrary<Subject[]>;
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
  .constantFrom<Covers>('study', 'sites', 'sites', 'sites', 'subjects', 'events', 'forms', 'increment')
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

const manyWorlds = fc.array(world, { minLength: 1, maxLength: AT_ONCE, size: 'max' });

/** Loads the first documents of all worlds, then the second ones, and so on. */
async function load(worlds: readonly Document[][]): Promise<void> {
  const arrivals = turns(worlds).flatMap((turn) => worlds.flatMap((documents) => documents.slice(turn - 1, turn)));
  await bench.load(arrivals.map((one) => ({ content: xmlOf(one), source: one.source, covers: one.covers })));
}

const turns = (worlds: readonly Document[][]) =>
  Array.from({ length: Math.max(...worlds.map((documents) => documents.length)) }, (_, index) => index + 1);

/** What is live in all of the worlds, of the documents of each that arrived in the first so many turns. */
const liveIn = (worlds: readonly Document[][], turn?: number, until?: number): Live =>
  Object.assign({}, ...worlds.map((documents) => liveAfter(documents.slice(0, turn), until)));

it(
  'is what docs/state.md says, whatever is sent and in whatever order it arrives [LOAD-008]',
  async () => {
    await fc.assert(
      fc.asyncProperty(manyWorlds, async (some) => {
        const worlds = some.map(apart);
        await load(worlds);
        expect(await bench.records()).toEqual(liveIn(worlds));
        const removed: RemovedBy = Object.assign({}, ...worlds.map(removedAfter));
        expect(await supersededBy(bench.connection, "reason = 'removed'"), 'by which Remove').toEqual(removed);
      }),
      runs(6),
    );
  },
  TIMEOUT,
);

/** Documents that arrive in another order, of which each has a time and content of its own. */
const permuted = manyWorlds
  .map((worlds) => worlds.map(timed))
  .chain((worlds) =>
    fc.tuple(
      fc.constant(worlds),
      fc.tuple(...worlds.map((documents) => fc.shuffledSubarray(documents, { minLength: documents.length }))),
    ),
  );

function timed(documents: readonly Document[]): Document[] {
  const some = documents.map((one) => ({ ...one, created: one.created ?? 3 }));
  return some.filter((one, index) => some.findIndex((other) => xmlOf(other) === xmlOf(one)) === index);
}

it(
  'names the same as what superseded it, in whatever order the deliveries arrive [STATE-026]',
  async () => {
    await fc.assert(
      fc.asyncProperty(permuted, async ([some, others]) => {
        await load(some.map(apart));
        const superseded = await supersededBy(bench.connection);
        await load(others.map(apart));
        expect(await supersededBy(bench.connection)).toEqual(superseded);
      }),
      runs(4),
    );
  },
  TIMEOUT,
);

it(
  'was, once a delivery had arrived, what the deliveries up to it make alone, and at a moment what was said by then [STATE-001, STATE-002]',
  async () => {
    await fc.assert(
      fc.asyncProperty(manyWorlds, hour, fc.nat(4), async (some, until, pick) => {
        const worlds = some.map(apart);
        await load(worlds);
        const { connection } = bench;
        const moment = `TIMESTAMP '2026-01-01' + INTERVAL ${until} HOUR`;
        expect(await asOf(connection, moment), `hour ${until}`).toEqual(liveIn(worlds, undefined, until));
        const last = turns(worlds).length;
        let arrived = 0;
        for (const turn of turns(worlds)) {
          arrived += worlds.filter((documents) => documents.length >= turn).length;
          expect(await asArrived(connection, arrived), `turn ${turn}`).toEqual(liveIn(worlds, turn));
          if (turn !== 1 + (pick % last)) continue;
          const both = await recordsOf(
            connection,
            `state._item_group_data(${arrived}, ${moment})`,
            `state._item_data(${arrived}, ${moment})`,
          );
          expect(both, `turn ${turn}, hour ${until}`).toEqual(liveIn(worlds, turn, until));
        }
      }),
      runs(4),
    );
  },
  TIMEOUT,
);
