import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { it } from 'vitest';
import { LoadBench } from '../helpers/load-bench.ts';
import { liveAfter, xmlOf } from './reference-state.ts';
import { world } from './state-property.test.ts';

it('x', async () => {
  const bench = await LoadBench.open();
  const t = Date.now();
  await fc.assert(
    fc.asyncProperty(world, async (docs) => {
      await bench.load(docs.map((one) => ({ content: xmlOf(one), source: one.source, covers: one.covers })));
      const a = await bench.records(),
        b = liveAfter(docs);
      if (!isDeepStrictEqual(a, b))
        throw new Error('got ' + JSON.stringify(a) + '\nexp ' + JSON.stringify(b) + '\n' + docs.map(xmlOf).join(''));
    }),
    {
      numRuns: Number(process.env.RUNS ?? 60),
      seed: Number(process.env.SEED ?? 1),
      interruptAfterTimeLimit: 60000,
      markInterruptAsFailure: false,
    },
  );
  console.log('ms', Date.now() - t);
}, 200000);
