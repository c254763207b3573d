/** Comes to its end when all that stands before has been done: what follows it happens in order, one after the other. */
export type Turn = () => Promise<void>;

export interface InTurn<Item, Place> {
  /** Where work can be done: at each one piece at a time. */
  readonly places: readonly Place[];
  /** What has to be done before work on an item begins. Of it, only what stands before it counts. */
  readonly needs: (item: Item) => Iterable<Item>;
}

/**
 * Works on items at the same time, so that what they leave is as if it had been done one after the other: each begins as
 * soon as what it needs is done and a place is free, those that stand first first; and what others could tell apart it
 * does in its turn, which lasts until it is done.
 *
 * Where one throws, those before it come to their end, none behind it begins, and the turn of those under way throws. With
 * one place, items are worked on in order.
 *
 * @throws what the first item that failed threw, first in the order of the items
 */
export async function eachInTurn<Item, Place>(
  items: readonly Item[],
  { places, needs }: InTurn<Item, Place>,
  work: (item: Item, place: Place, turn: Turn) => Promise<void>,
): Promise<void> {
  const turns = new Turns();
  const waiting = new Waiting(items, needs);
  const idle = [...places];
  const running = new Set<Promise<void>>();
  const workOn = async (index: number, place: Place) => {
    const turn = () => turns.of(index);
    try {
      await work(items[index], place, turn);
      await turn();
      waiting.done(index);
      turns.next();
    } catch (error) {
      waiting.cutBehind(index);
      await turn().then(
        () => turns.end(error),
        () => {},
      );
    }
    idle.push(place);
  };
  for (;;) {
    while (idle.length > 0 && turns.ended === undefined) {
      const index = waiting.take();
      if (index === undefined) break;
      const one: Promise<void> = workOn(index, idle.pop()!).finally(() => running.delete(one));
      running.add(one);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (turns.ended !== undefined) throw turns.ended.error;
}

/** What is not begun yet. */
class Waiting<Item> {
  readonly #needs: readonly (readonly number[])[];
  #waiting: number[];
  readonly #done = new Set<number>();

  constructor(items: readonly Item[], needs: (item: Item) => Iterable<Item>) {
    const places = new Map(items.map((item, index) => [item, index]));
    this.#waiting = [...items.keys()];
    this.#needs = items.map((item, index) =>
      [...needs(item)].map((need) => places.get(need) ?? index).filter((need) => need < index),
    );
  }

  /** The first of which all that it needs is done. */
  take(): number | undefined {
    const at = this.#waiting.findIndex((index) => this.#needs[index].every((need) => this.#done.has(need)));
    return at === -1 ? undefined : this.#waiting.splice(at, 1)[0];
  }

  done(index: number): void {
    this.#done.add(index);
  }

  /** None that stands behind one is begun any more. */
  cutBehind(index: number): void {
    this.#waiting = this.#waiting.filter((one) => one < index);
  }
}

/** Whose turn it is. */
class Turns {
  #now = 0;
  readonly #waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  /** What ended all turns. */
  ended: { readonly error: unknown } | undefined;

  of(index: number): Promise<void> {
    if (this.ended !== undefined) return Promise.reject(new Error('There is no turn any more.'));
    if (index === this.#now) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.set(index, { resolve, reject }));
  }

  next(): void {
    this.#now++;
    this.#waiting.get(this.#now)?.resolve();
  }

  end(error: unknown): void {
    this.ended = { error };
    for (const { reject } of this.#waiting.values()) reject(new Error('There is no turn any more.'));
  }
}
