import { Graph } from '../../../src/model/plan/graph.ts';
import { selectModels } from '../../../src/model/select/select.ts';
import type { Outcome, Selectable } from '../../../src/model/select/selectable.ts';
import { parseSelection } from '../../../src/model/select/selector.ts';
import type { ModelSource } from '../../../src/project/project.ts';
import { model } from '../models.ts';

/** A model and what it reads. */
export interface Given {
  readonly reads?: readonly string[];
  readonly properties?: Record<string, unknown>;
  readonly generated?: boolean;
}

/** What is asked of the file, where a test does. */
interface Asked {
  readonly inState?: Selectable['inState'];
  readonly results?: Partial<Record<Outcome, readonly string[]>>;
  readonly sources?: Readonly<Record<string, readonly string[]>>;
}

/** What selects among models: returns their names, sorted. */
export function selector(given: Readonly<Record<string, Given>>, asked: Asked = {}) {
  const graph = new Graph(new Map(Object.entries(given).map(([name, { reads = [] }]) => [name, reads])));
  const source = (name: string): ModelSource => {
    const { properties, generated = false } = given[name];
    return { ...model(name, 'SELECT 1', properties), generated };
  };
  const setsOf = (lists: Readonly<Record<string, readonly string[]>> = {}) =>
    new Map(Object.entries(lists).map(([name, models]) => [name, new Set(models)]));
  const selectable: Selectable = {
    models: new Map(graph.order.map((name) => [name, source(name)])),
    inState: asked.inState ?? (() => false),
    results: setsOf(asked.results) as Selectable['results'],
    sources: setsOf(asked.sources),
  };
  return (select: readonly string[], exclude: readonly string[] = []) =>
    [...selectModels(parseSelection(select, exclude), graph, selectable)].sort();
}
