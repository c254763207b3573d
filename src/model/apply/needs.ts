import type { PlannedModel } from '../plan/plan.ts';
import type { Preparation } from '../plan/prepare.ts';

/**
 * The models of a plan that a model has to come after: what it reads, and what the tests read that are run with it, at any
 * distance, as a view reads what others make. One that declares what it reads (`depends_on`) may hide more than that,
 * and comes after all that stand before it.
 */
export function needsOf({ plan, input, tests }: Preparation): (planned: PlannedModel) => readonly PlannedModel[] {
  const planned = new Map(plan.map((one) => [one.name, one]));
  const readByTests = new Map<string, string[]>();
  for (const { gate, reads } of tests) {
    if (gate !== undefined) readByTests.set(gate, [...(readByTests.get(gate) ?? []), ...reads]);
  }
  return (one) => {
    const { name } = one;
    const declared = input.analyses.get(name)?.source.properties.depends_on ?? [];
    if (declared.length > 0) return plan.slice(0, plan.indexOf(one));
    const read = new Set([...input.graph.dependenciesOf(name), ...(readByTests.get(name) ?? [])]);
    const needed = new Set([...read].flatMap((table) => [table, ...input.graph.ancestors(table)]));
    return [...needed].flatMap((table) => planned.get(table) ?? []);
  };
}
