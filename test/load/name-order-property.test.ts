import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Cell, type TemporaryProject, withProject } from '../helpers/project.ts';

const LONG = process.env.WAREHOUSE_LONG === '1';
const TIMEOUT = LONG ? 3_600_000 : 900_000;

const NAMES = ['1', '2', '3'] as const;
type Name = (typeof NAMES)[number];
/** Rows of a file: a value for each of these keys. */
type Content = Readonly<Record<string, string>>;
type Step =
  | { readonly does: 'put'; readonly name: Name; readonly content: Content }
  | { readonly does: 'take'; readonly name: Name }
  | { readonly does: 'replace'; readonly name: Name; readonly to: Name; readonly content: Content }
  | { readonly does: 'rename'; readonly name: Name; readonly to: Name }
  | { readonly does: 'declare'; readonly keys: readonly string[]; readonly delivery: string };

const KINDS = ['each', 'increment'] as const;
/** Worlds that are loaded at once, each with two sources of its own: a load costs more than what is in it. */
const AT_ONCE = 6;

/** With a cell too many. */
const RAGGED = 'x,';
const isRagged = (content: Content) => Object.values(content).includes(RAGGED);
const mended = (content: Content): Content =>
  Object.fromEntries(Object.entries(content).map(([id, value]) => [id, value === RAGGED ? 'x' : value]));

const csv = (content: Content) =>
  `ID,VALUE\n${Object.entries(content)
    .map(([id, value]) => `${id},${value}\n`)
    .join('')}`;

const name = fc.constantFrom(...NAMES);
const content = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y', RAGGED), {
  minKeys: 1,
  maxKeys: 3,
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('put' as const), name, content }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('take' as const), name }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('replace' as const), name, to: name, content }) },
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

/**
 * One whole file is always there, and what lines in quarantine are taken from is not a file of the same name: what stands
 * under such lines without the one, or by the other, a build from nothing does not know. What an increment said stays when
 * it is taken away, so that nothing is taken from one.
 */
function after(world: World, one: Step): World {
  const { each, increment } = world.files;
  const [full, added] = [new Map(each), new Map(increment)];
  const declared = one.does === 'declare' ? one : world.declared;
  if (one.does === 'take' || one.does === 'replace') full.delete(one.name);
  if (one.does === 'put' || one.does === 'replace') {
    const to = one.does === 'put' ? one.name : one.to;
    full.set(to, each.has(to) ? mended(one.content) : one.content);
    added.set(to, { ...added.get(to), ...mended(one.content) });
  } else if (one.does === 'rename' && one.to !== one.name) {
    for (const folder of [full, added]) {
      const moved = folder.get(one.name);
      if (moved === undefined || (folder.has(one.to) && (folder === added || isRagged(moved)))) continue;
      folder.delete(one.name);
      folder.set(one.to, moved);
    }
  }
  const contents = [...full.values()];
  const isComparable = declared.delivery === 'each' && declared.keys.length > 0;
  if (contents.every(isRagged) || (contents.some(isRagged) && !isComparable)) return world;
  return { declared, files: { each: full, increment: added } };
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
      fc.asyncProperty(
        ofAll(fc.tuple(content, content, content)),
        fc.array(ofAll(step), { minLength: 5, maxLength: 7 }),
        async (firsts, steps) => {
          let worlds = firsts.map((contents): World => {
            const files = contents.map((one, index) => [NAMES[index], index === 2 ? one : mended(one)] as const);
            const increment = new Map(files.map(([one, rows]) => [one, mended(rows)]));
            return { declared: { keys: ['ID'], delivery: 'each' }, files: { each: new Map(files), increment } };
          });
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
        },
      ),
      {
        ...(LONG ? { numRuns: 100 } : { numRuns: 1, seed: 20260327 }),
        interruptAfterTimeLimit: TIMEOUT * 0.75,
        markInterruptAsFailure: true,
      },
    );
  },
  TIMEOUT,
);
