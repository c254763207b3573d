import type { Outcome, Selectable, State } from '../select/selectable.ts';
import { QC_TEST } from '../test/qc.ts';
import { type PlannedTest, shownModel } from '../test/test-plan.ts';
import { type Analysis, isBroken } from './analyse.ts';
import type { LastRun, RecordedResult } from './last-run.ts';
import { type RecordedModel, reasonStale } from './plan.ts';
import { testKey } from './record.ts';

/** What a source of warehouse.yml brought. */
export interface Brought {
  /** Whether it wrote to this table. */
  readonly isIn: (table: string) => boolean;
  /** The item groups of which it has records or definitions, by OID. */
  readonly itemGroups: ReadonlySet<string>;
}

interface Known {
  readonly analyses: ReadonlyMap<string, Analysis>;
  readonly recorded: ReadonlyMap<string, RecordedModel>;
}

/** Compares each model with the one that was built: what was written of it, not the data that it reads. */
export function statesOf(known: Known): Selectable['inState'] {
  const isIn: Readonly<Record<State, (model: string) => boolean>> = {
    new: (model) => !known.recorded.has(model),
    old: (model) => known.recorded.has(model),
    modified: (model) => isModified(model, known),
    unmodified: (model) => !isModified(model, known),
  };
  return (model, state) => isIn[state](model);
}

/** A model that is not understood is not the one that was built. */
function isModified(name: string, { analyses, recorded }: Known): boolean {
  const before = recorded.get(name);
  if (before === undefined || isBroken(analyses.get(name)!)) return true;
  const same = { analyses, recorded, existing: new Set([name]), duckdb: before.parts.duckdb };
  return reasonStale(name, same, () => undefined) !== undefined;
}

/**
 * The models of each outcome of the last run. A test counts for the model that it is shown under, for the one it is run
 * with, and for the second version that it compares.
 */
export function outcomesOf(last: LastRun | undefined, tests: readonly PlannedTest[]): Selectable['results'] {
  const others = new Map(tests.map((test) => [testKey(shownModel(test), test.name), runWith(test)]));
  const outcomes = new Map<Outcome, Set<string>>();
  for (const result of last?.results ?? []) {
    const outcome = outcomeOf(result);
    if (outcome === undefined) continue;
    const { model, test } = result;
    const models = outcomes.get(outcome) ?? new Set();
    const further = test === null ? [] : (others.get(testKey(model, test)) ?? []);
    for (const one of [model, ...further]) models.add(one);
    outcomes.set(outcome, models);
  }
  return outcomes;
}

function runWith({ gate, kind, reads }: PlannedTest): string[] {
  return [...(gate === undefined ? [] : [gate]), ...(kind === QC_TEST ? reads : [])];
}

/** In dbt's words, which keep a test that found rows (fail) apart from what could not be done (error). */
function outcomeOf({ test, state, code }: RecordedResult): Outcome | undefined {
  if (state === 'failed') return code === (test === null ? 'TEST_FAILED' : null) ? 'fail' : 'error';
  return { built: 'success', warned: 'warn', blocked: 'skipped' }[state] as Outcome | undefined;
}

/** The models that read what each source brought; those that the warehouse wrote read but their own item group. */
export function modelsBySource(
  analyses: ReadonlyMap<string, Analysis>,
  sources: ReadonlyMap<string, Brought>,
): Selectable['sources'] {
  const reads = ({ itemGroups, isIn }: Brought, analysis: Analysis) => {
    const group = analysis.source.itemGroupOid;
    if (group !== undefined) return itemGroups.has(group);
    return !isBroken(analysis) && analysis.reads.some(isIn);
  };
  const readersOf = (brought: Brought) => [...analyses].filter(([, analysis]) => reads(brought, analysis));
  return new Map([...sources].map(([source, brought]) => [source, new Set(readersOf(brought).map(([name]) => name))]));
}
