import type { Delivered } from '../../load/deliver.ts';
import type { RunResult } from '../../model/apply/result.ts';
import { isBroken } from '../../model/plan/analyse.ts';
import type { Project } from '../../project/project.ts';

/**
 * What dbt's shapes have no place for: for each model why it was built or not, its fingerprint and what went into it, and
 * whether a second version validates it; and what was loaded.
 */
export function warehouseResults(
  project: Project,
  { preparation: { input }, recorded, models, validations, stale }: RunResult,
  deliveries: readonly Delivered[],
) {
  const results = new Map(models.map((model) => [model.name, model]));
  const open = new Map(stale.map(({ name, reason }) => [name, reason]));
  const validated = new Map(validations.map(({ model, isValidated }) => [model, isValidated]));
  const described = input.graph.order.map((name) => {
    const analysis = input.analyses.get(name)!;
    const record = recorded.get(name);
    const { state, reason } = results.get(name) ?? { state: 'not selected', reason: null };
    return {
      name,
      path: analysis.source.path,
      state,
      reason,
      stale: open.get(name) ?? null,
      reads: isBroken(analysis) ? [] : analysis.reads,
      fingerprint: record?.fingerprint ?? null,
      content_hash: record?.contentHash ?? null,
      rows: record === undefined ? null : Number(record.rows),
      validated: validated.get(name) ?? null,
      made_of: record?.parts ?? null,
    };
  });
  return {
    project: project.name,
    study: project.study.id,
    target: project.target.name,
    deliveries: deliveries.map(({ source, name }) => ({ source, name })),
    models: described,
  };
}
