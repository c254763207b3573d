import { isMadeTheSame } from '../../model/apply/next.ts';
import { isBroken } from '../../model/plan/analyse.ts';
import { partsOf } from '../../model/plan/plan.ts';
import type { Preparation } from '../../model/plan/prepare.ts';
import { readStale } from '../../model/plan/stale.ts';
import { keepsHistory } from '../../project/materialization.ts';
import type { Connection } from '../../store/connection.ts';

/**
 * The models in whose tables rows of former SELECTs, their own or those of what they read, may stand when a run is done:
 * those that build on the rows that are there, and those that are not up to date and that its plan leaves as they are.
 */
export async function withFormerRows(connection: Connection, preparation: Preparation): Promise<ReadonlySet<string>> {
  const { input, plan } = preparation;
  const planned = new Set(plan.map(({ name }) => name));
  const isLeft = (name: string) => !planned.has(name);
  const stale = input.graph.order.some(isLeft) ? await readStale(connection, preparation, input.recorded) : [];
  const left = stale.map(({ name }) => name).filter(isLeft);
  return new Set([...left, ...input.graph.order.filter((name) => keepsRows(preparation, name, isLeft(name)))]);
}

/** Whether rows that are there stay, now or when the model is built. */
function keepsRows({ input, relations }: Preparation, name: string, isLeft: boolean): boolean {
  const analysis = input.analyses.get(name)!;
  const { properties } = analysis.source;
  const recorded = input.recorded.get(name);
  if (!keepsHistory(properties) || recorded === undefined) return false;
  if (properties.materialized === 'snapshot') return recorded.materialized === 'snapshot';
  // The table of what cannot be understood stays as it is.
  if (isLeft || isBroken(analysis)) return true;
  const parts = partsOf(analysis, input.duckdb, {});
  return isMadeTheSame({ recorded, current: relations.get(name), fromNothing: input.fullRefresh, parts }, () => false);
}
