import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Given, selector } from './selectable.ts';

const COUNT = 7;
const NAMES = Array.from({ length: COUNT }, (_, at) => `m.n${at}`);
const TAGS = ['a', 'b', 'c'];

/** A graph of models that read earlier ones, each with tags. */
const graphs = fc.tuple(
  ...NAMES.map((_, at) => fc.record({ reads: fc.subarray(NAMES.slice(0, at)), tags: fc.subarray(TAGS) })),
) as fc.Arbitrary<{ reads: string[]; tags: string[] }[]>;

interface Term {
  readonly named: { readonly name?: string; readonly tag?: string };
  readonly around: { readonly up?: number; readonly down?: number; readonly at?: true };
}

const steps = fc.option(fc.oneof(fc.nat(3), fc.constant(Number.POSITIVE_INFINITY)), { nil: undefined });
const terms: fc.Arbitrary<Term> = fc.record({
  named: fc.oneof(
    fc.constantFrom(...NAMES).map((name) => ({ name })),
    fc.constantFrom(...TAGS).map((tag) => ({ tag })),
  ),
  around: fc.oneof(fc.record({ up: steps, down: steps }), fc.constant({ at: true as const })),
});
const sums = fc.array(fc.array(terms, { minLength: 1, maxLength: 3 }), { maxLength: 3 });

/** As a person would write it. */
function written({ named, around: { up, down, at } }: Term): string {
  const many = (count: number | undefined, plus: (digits: string) => string) =>
    count === undefined ? '' : plus(count === Number.POSITIVE_INFINITY ? '' : String(count));
  const core = named.name ?? `tag:${named.tag}`;
  return `${at ? '@' : ''}${many(up, (digits) => `${digits}+`)}${core}${many(down, (digits) => `+${digits}`)}`;
}

/** How many steps lead from each model down to each other: by trying every step, as often as there are models. */
function distances(models: Readonly<Record<string, Given>>): (from: string, to: string) => number {
  const far = new Map<string, number>();
  const get = (from: string, to: string) => far.get(`${from} ${to}`) ?? Number.POSITIVE_INFINITY;
  for (const name of NAMES) far.set(`${name} ${name}`, 0);
  for (const _ of NAMES) {
    for (const [to, { reads = [] }] of Object.entries(models)) {
      for (const from of NAMES) {
        for (const read of reads) far.set(`${from} ${to}`, Math.min(get(from, to), get(from, read) + 1));
      }
    }
  }
  return get;
}

it('selects, for any graph and any selection, what a search of all paths says [MODEL-101]', () => {
  fc.assert(
    fc.property(graphs, sums, sums, (nodes, include, exclude) => {
      const models = Object.fromEntries(
        nodes.map(({ reads, tags }, at) => [NAMES[at], { reads, properties: { tags } }]),
      );
      const all = nodes.flatMap(({ tags }) => tags);
      const asked = [...include, ...exclude].flat().flatMap(({ named }) => named.tag ?? []);
      fc.pre(asked.every((tag) => all.includes(tag)));
      const far = distances(models);
      const isNamed = (name: string, { named }: Term) =>
        named.name === name || (named.tag !== undefined && models[name].properties.tags.includes(named.tag));
      const isIn = (name: string, term: Term) =>
        NAMES.some((found) => {
          if (!isNamed(found, term)) return false;
          const { up = 0, down = 0, at } = term.around;
          if (at) return NAMES.some((leaf) => far(found, leaf) < Infinity && far(name, leaf) < Infinity);
          return far(name, found) <= up && far(name, found) < Infinity
            ? true
            : far(found, name) <= down && far(found, name) < Infinity;
        });
      const isInSum = (name: string, sum: Term[][]) => sum.some((product) => product.every((term) => isIn(name, term)));
      const expected = NAMES.filter(
        (name) => (include.length === 0 || isInSum(name, include)) && !isInSum(name, exclude),
      );
      const texts = (sum: Term[][]) => sum.map((product) => product.map(written).join(','));
      expect(selector(models)(texts(include), texts(exclude))).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
