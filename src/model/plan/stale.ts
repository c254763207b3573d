import { listed } from '../../lib/listed.ts';
import type { Connection } from '../../store/connection.ts';
import { readCatalog } from '../table/catalog.ts';
import { readShapes } from '../test/shapes.ts';
import { isSelected, type PlannedTest, shownModel, testFingerprint } from '../test/test-plan.ts';
import { isBroken } from './analyse.ts';
import { contentNow, type PlanInput, type Recorded, reasonStale } from './plan.ts';
import type { Preparation } from './prepare.ts';
import { readPassedTests, testKey } from './record.ts';

/** A model that is not up to date, or a test of tests/ that belongs to none. */
export interface StaleModel {
  readonly name: string;
  /** In words: `SQL changed`, `sdtm.dm is not up to date`, `its test unique_USUBJID has not passed`. */
  readonly reason: string;
}

/** `sdtm.ae (SQL changed), sdtm.dm (new)`, and how many more. */
export function staleText(stale: readonly StaleModel[]): string {
  return listed(stale.map(({ name, reason }) => `${name} (${reason})`));
}

/**
 * The models of which the file does not hold, now, what they would make of what they read now, or whose tests have not
 * passed on it; in order of building. Whatever was selected: all of them are looked at. Empty where all is up to date.
 *
 * @param recorded what is in place now
 */
export async function readStale(
  connection: Connection,
  preparation: Preparation,
  recorded: Recorded,
): Promise<StaleModel[]> {
  const { input } = preparation;
  const content = contentNow(input, recorded);
  const passed = await readPassedTests(connection);
  const untested = saidOf(await readUntested(connection, { ...preparation, passed }, content));
  const stale = await readOutdated(connection, input, recorded, (name) => untested.get(name));
  const free = [...untested].filter(([name]) => !input.analyses.has(name));
  return [...stale, ...free].map(([name, reason]) => ({ name, reason }));
}

/** The same, whatever their tests came to: the reason by model. */
export async function readOutdated(
  connection: Connection,
  input: PlanInput,
  recorded: Recorded,
  orElse?: (name: string) => string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const existing = new Set((await readCatalog(connection)).keys());
  return outdated({ ...input, recorded, existing }, orElse);
}

/**
 * The same of an input in which stands what is in place.
 * @param orElse why one is not up to date though it holds what it would make
 */
export function outdated(
  input: PlanInput,
  orElse: (name: string) => string | undefined = () => undefined,
): ReadonlyMap<string, string> {
  const { analyses, graph, recorded } = input;
  const content = contentNow(input, recorded);
  const stale = new Map<string, string>();
  for (const name of graph.order) {
    const analysis = analyses.get(name)!;
    const upstream = graph.dependenciesOf(name).find((other) => stale.has(other));
    const reason = isBroken(analysis)
      ? analysis.error.code
      : ((upstream && `${upstream} is not up to date`) ??
        reasonStale(name, input, (table) => content(table, name)) ??
        orElse(name));
    if (reason !== undefined) stale.set(name, reason);
  }
  return stale;
}

/** Those that the selected models are made from, at any distance, and that were not selected themselves. */
export function staleUpstream(
  stale: readonly StaleModel[],
  { selected, graph }: Pick<PlanInput, 'selected' | 'graph'>,
): StaleModel[] {
  const upstream = new Set([...selected].flatMap((name) => [...graph.ancestors(name)]));
  return stale.filter(({ name }) => upstream.has(name) && !selected.has(name));
}

/**
 * The tests that a run of the selected models does on models that it leaves as they are: they are new or were changed,
 * have not passed, did not have their failing rows kept, or ask how late it is. What is built has its tests run anyway.
 *
 * @param recorded what is in place now
 */
export async function readTestsDue(
  connection: Connection,
  preparation: Preparation,
  recorded: Recorded,
): Promise<{ model: string; name: string }[]> {
  const { plan, input, tests } = preparation;
  const untested = await readUntested(connection, preparation, contentNow(input, recorded));
  const skipped = new Set(plan.filter(({ action }) => action === 'skip').map(({ name }) => name));
  const ofTime = tests.filter((test) => test.sqlAt !== undefined && !untested.includes(test));
  return [...untested, ...ofTime]
    .filter((test) => isSelected(test, input) && (test.gate === undefined || skipped.has(test.gate)))
    .map((test) => ({ model: shownModel(test), name: test.name }));
}

type Tested = Pick<PlannedTest, 'model' | 'gate' | 'name'>;

/** The tests that have not passed on what is there. */
async function readUntested(
  connection: Connection,
  { tests, unitTests, brokenTests, passed }: Preparation,
  content: (table: string) => string | undefined,
): Promise<Tested[]> {
  const shapes = await readShapes(connection, unitTests);
  const isUntested = (test: PlannedTest, of: (table: string) => string | undefined) => {
    const before = passed.get(testKey(shownModel(test), test.name));
    return before === undefined || before !== testFingerprint(test, of);
  };
  return [
    ...unitTests.filter((test) => isUntested(test, (table) => shapes.get(table))),
    ...tests.filter((test) => isUntested(test, content)),
    ...brokenTests.map(({ test }) => ({ model: test.model, gate: test.model, name: test.name })),
  ];
}

/** What to say of tests that have not passed, by the model that each is shown under, or by its own name. */
function saidOf(untested: readonly Tested[]): Map<string, string> {
  return new Map(
    untested.map((test) => {
      const model = shownModel(test);
      return model === ''
        ? [`test ${test.name}`, 'it has not passed']
        : [model, `its test ${test.name} has not passed`];
    }),
  );
}
