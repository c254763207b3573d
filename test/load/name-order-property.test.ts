import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Cell, type TemporaryProject, withProject } from '../helpers/project.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
const TIMEOUT = LONG ? 3_600_000 : 240_000;

const NAMES = ['1', '2', '3'] as const;
type Name = (typeof NAMES)[number];
/** Rows of a file: a value for each of these keys. */
type Content = Readonly<Record<string, string>>;
type Step =
  | { readonly does: 'put'; readonly name: Name; readonly content: Content }
  | { readonly does: 'take'; readonly name: Name }
  | { readonly does: 'rename'; readonly name: Name; readonly to: Name }
  | { readonly does: 'declare'; readonly keys: readonly string[]; readonly delivery: string };

const KINDS = ['each', 'increment'] as const;
/** Worlds that are loaded at once, each with two sources of its own: a load costs more than what is in it. */
const AT_ONCE = 4;

const csv = (content: Content) =>
  `ID,VALUE\n${Object.entries(content)
    .map(([id, value]) => `${id},${value}\n`)
    .join('')}`;

const name = fc.constantFrom(...NAMES);
const content = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y'), { minKeys: 1, maxKeys: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('put' as const), name, content }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('take' as const), name }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('rename' as const), name, to: name }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('declare' as const),
      keys: fc.constantFrom([], ['ID'], ['ID', 'VALUE']),
      delivery: fc.constantFrom('each', 'together'),
    }),
  },
);

/** What is in the folders of two sources, and how the first is declared. */
interface World {
  readonly declared: { readonly keys: readonly string[]; readonly delivery: string };
  readonly files: Record<(typeof KINDS)[number], Map<string, Content>>;
}

/** One file is always there; what an increment said stays when it is taken away, so that nothing is taken from one. */
function after({ declared, files: { each, increment } }: World, one: Step): World {
  if (one.does === 'declare') return { declared: one, files: { each, increment } };
  const files = { each: new Map(each), increment: new Map(increment) };
  const [full, added] = [files.each, files.increment];
  if (one.does === 'take') {
    if (full.size > 1) full.delete(one.name);
  } else if (one.does === 'put') {
    full.set(one.name, one.content);
    added.set(one.name, { ...added.get(one.name), ...one.content });
  } else {
    for (const folder of [full, added]) {
      const moved = folder.get(one.name);
      if (moved === undefined || one.to === one.name || (folder === added && folder.has(one.to))) continue;
      folder.delete(one.name);
      folder.set(one.to, moved);
    }
  }
  return { declared, files };
}

function write(project: TemporaryProject, worlds: readonly World[]): void {
  const sources: Record<string, unknown> = {};
  for (const [index, { declared, files }] of worlds.entries()) {
    const { keys, delivery } = declared;
    sources[`each${index}`] = { files: `each${index}/*.csv`, delivery, ...(keys.length > 0 && { keys }) };
    sources[`increment${index}`] = { files: `increment${index}/*.csv`, covers: 'increment', keys: ['ID'] };
    for (const kind of KINDS) {
      for (const one of NAMES) project.delete(`${kind}${index}/${one}.csv`);
      for (const [one, rows] of files[kind]) project.write({ [`${kind}${index}/${one}.csv`]: csv(rows) });
    }
  }
  const yml = { name: 'test', study: { id: 'S' }, sources, removal_threshold: 1 };
  project.write({ 'warehouse.yml': JSON.stringify(yml) });
}

function live(project: TemporaryProject): Promise<Cell[][]> {
  const tables = Array.from({ length: AT_ONCE }, (_, index) => KINDS.map((kind) => `${kind}${index}`)).flat();
  const selects = tables.map((table) => `SELECT '${table}' AS source, id, value, _identity FROM state.file_${table}`);
  return project.rows(`${selects.join(' UNION ALL ')} ORDER BY ALL`);
}

const ofAll = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: AT_ONCE, maxLength: AT_ONCE });

it(
  'what stands of files that are delivered one by one is what a build from nothing leaves, whatever came, changed, went and was renamed before [LOAD-058]',
  async () => {
    await fc.assert(
      fc.asyncProperty(ofAll(content), fc.array(ofAll(step), { minLength: 5, maxLength: 8 }), async (firsts, steps) => {
        let worlds = firsts.map(
          (first): World => ({
            declared: { keys: ['ID'], delivery: 'each' },
            files: { each: new Map([['2', first]]), increment: new Map([['2', first]]) },
          }),
        );
        await withProject({}, async (project) => {
          for (const ones of [undefined, ...steps]) {
            if (ones !== undefined) worlds = worlds.map((world, index) => after(world, ones[index]));
            write(project, worlds);
            await project.load();
            await withProject({}, async (fresh) => {
              write(fresh, worlds);
              await fresh.load();
              expect(await live(project)).toEqual(await live(fresh));
            });
          }
          expect((await project.load()).deliveries).toEqual([]);
        });
      }),
      {
        ...(LONG ? { numRuns: 100 } : { numRuns: 3, seed: 20260327 }),
        interruptAfterTimeLimit: TIMEOUT * 0.75,
        markInterruptAsFailure: true,
      },
    );
  },
  TIMEOUT,
);
