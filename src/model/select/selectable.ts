import type { ModelSource } from '../../project/project.ts';

/** What a model is, compared with what stands in the record of the working file. */
export const STATES = ['new', 'modified', 'old', 'unmodified'] as const;
export type State = (typeof STATES)[number];

/** What the last run came to, in dbt's words. */
export const OUTCOMES = ['success', 'error', 'fail', 'warn', 'skipped'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What selectors ask of models. */
export interface Selectable {
  /** Every model, by name, in order of building. */
  readonly models: ReadonlyMap<string, ModelSource>;
  readonly inState: (model: string, state: State) => boolean;
  /** The models of each outcome of the last run. */
  readonly results: ReadonlyMap<Outcome, ReadonlySet<string>>;
  /** By source of warehouse.yml the models that read what it brought, without what reads these. */
  readonly sources: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Which models read which. */
export interface Edges {
  dependenciesOf(name: string): readonly string[];
  dependantsOf(name: string): readonly string[];
}
