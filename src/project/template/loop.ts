import { unnamed } from './arguments.ts';
import { wrongValue } from './complaint.ts';
import { Missing, Thing, type Value } from './value.ts';

/** Jinja's `loop` in the turn of an item. */
export function loopOf(items: readonly Value[], index: number): Thing {
  const { length } = items;
  return new Thing('loop', {
    index: BigInt(index + 1),
    index0: BigInt(index),
    revindex: BigInt(length - index),
    revindex0: BigInt(length - index - 1),
    first: index === 0,
    last: index === length - 1,
    length: BigInt(length),
    previtem: items[index - 1] ?? new Missing('loop.previtem is used in the first turn.'),
    nextitem: items[index + 1] ?? new Missing('loop.nextitem is used in the last turn.'),
    cycle: (call) => {
      const args = unnamed('loop.cycle', call);
      if (args.length === 0) throw wrongValue('loop.cycle needs values.');
      return args[index % args.length];
    },
  });
}
