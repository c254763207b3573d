import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachInTurn, type InTurn, type Turn } from '../../src/lib/in-turn.ts';

type Step = (item: string, turn: Turn, log: string[]) => Promise<void>;

/** What is said while items are worked on, at so many places; `b<a` needs a. */
async function said(written: string, places: number, step: Step): Promise<string[]> {
  const items = written.split(' ');
  const named = new Map(items.map((item) => [item[0], item]));
  const needs: InTurn<string, unknown>['needs'] = (item) => [...item.slice(2)].map((name) => named.get(name)!);
  const log: string[] = [];
  const work = (item: string, _: number, turn: Turn) => step(item[0], turn, log);
  const ended = eachInTurn(items, { places: [...Array(places).keys()], needs }, work);
  await ended.catch((error: Error) => log.push(error.message));
  return log;
}

/** Says when an item begins, and in its turn that it is done. */
const plainly: Step = async (item, turn, log) => {
  log.push(`${item}?`);
  await turn();
  log.push(`${item}!`);
};

describe('work in turn', () => {
  it.each([
    ['one place', 'a b c', 1, ['a?', 'a!', 'b?', 'b!', 'c?', 'c!']],
    ['two places', 'a b c', 2, ['a?', 'b?', 'a!', 'b!', 'c?', 'c!']],
    ['a need', 'a b<a c', 2, ['a?', 'c?', 'a!', 'b?', 'b!', 'c!']],
    ['a need of what stands behind, which does not count', 'a<b b', 2, ['a?', 'b?', 'a!', 'b!']],
    ['a need of itself', 'a<a b', 2, ['a?', 'b?', 'a!', 'b!']],
  ])('begins as soon as it can, and ends in order, with %s', async (_, items, places, expected) => {
    expect(await said(items, places, plainly)).toEqual(expected);
  });

  it('lets two be under way at one time, of which each waits for what only the other does', async () => {
    const open = new Map<string, () => void>();
    const gates = new Map(['a', 'b'].map((name) => [name, new Promise<void>((done) => open.set(name, done))]));
    const log = await said('a b', 2, async (item, turn, log) => {
      open.get(item)!();
      await gates.get(item === 'a' ? 'b' : 'a');
      await turn();
      log.push(item);
    });
    expect(log).toEqual(['a', 'b']);
  });

  it('lets those before a failure end, and nothing behind it', async () => {
    const log = await said('a b c d', 3, async (item, turn, log) => {
      log.push(`${item}?`);
      if (item === 'b') throw new Error('b failed');
      await turn();
      log.push(`${item}!`);
    });
    expect(log).toEqual(['a?', 'b?', 'c?', 'a!', 'b failed']);
  });

  it('begins nothing behind a failure while what stands before it is under way', async () => {
    const log = await said('a b c', 2, async (item, turn, log) => {
      log.push(`${item}?`);
      if (item === 'b') throw new Error('b failed');
      await new Promise((later) => setImmediate(later));
      await turn();
      log.push(`${item}!`);
    });
    expect(log).toEqual(['a?', 'b?', 'a!', 'b failed']);
  });

  it('throws what the first failed with, though another failed sooner', async () => {
    let failed!: () => void;
    const later = new Promise<void>((done) => {
      failed = done;
    });
    const log = await said('a b', 2, async (item) => {
      if (item === 'a') await later;
      failed();
      throw new Error(`${item} failed`);
    });
    expect(log).toEqual(['a failed']);
  });

  it('deals with every item, in order, after what it needs, however many places there are', async () => {
    const graphs = fc.array(fc.array(fc.nat(11), { maxLength: 3 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 4 }), fc.scheduler(), async (graph, places, scheduler) => {
        const items = graph.map((_, index) => index);
        const done: number[] = [];
        const work = async (item: number, _: number, turn: Turn) => {
          const before = graph[item].filter((need) => need < item);
          expect(before.every((need) => done.includes(need))).toBe(true);
          await scheduler.schedule(Promise.resolve());
          await turn();
          await scheduler.schedule(Promise.resolve());
          done.push(item);
        };
        const all = eachInTurn(items, { places: [...Array(places).keys()], needs: (item) => graph[item] }, work);
        await scheduler.waitFor(all);
        expect(done).toEqual(items);
      }),
      { numRuns: 100 },
    );
  });
});
