import { findModels } from './methods.ts';
import type { Edges, Selectable } from './selectable.ts';
import type { Selection, Selector } from './selector.ts';

/**
 * The models that a selection means, in order of building; all of them where nothing is selected. What is excluded is
 * taken away last, whatever selected it.
 * @throws usage SELECT_EMPTY, SELECT_UNKNOWN, SELECT_AMBIGUOUS, as of `findModels`.
 */
export function selectModels({ include, exclude }: Selection, edges: Edges, selectable: Selectable): Set<string> {
  const models = [...selectable.models.keys()];
  const taken = include.length === 0 ? new Set(models) : union(include, edges, selectable);
  const left = union(exclude, edges, selectable);
  return new Set(models.filter((model) => taken.has(model) && !left.has(model)));
}

function union(parts: Selection['include'], edges: Edges, selectable: Selectable): Set<string> {
  return new Set(parts.flatMap((part) => [...intersection(part, edges, selectable)]));
}

function intersection(part: readonly Selector[], edges: Edges, selectable: Selectable): Set<string> {
  const [first, ...others] = part.map((selector) => withNeighbours(selector, edges, selectable));
  return new Set([...first].filter((model) => others.every((other) => other.has(model))));
}

function withNeighbours(selector: Selector, edges: Edges, selectable: Selectable): Set<string> {
  const found = findModels(selector, selectable);
  const up = (name: string) => edges.dependenciesOf(name);
  const down = (name: string) => edges.dependantsOf(name);
  if (selector.isWhole) return within(within(found, down), up);
  return new Set([...within(found, up, selector.parents), ...within(found, down, selector.children)]);
}

/** `starts`, and all that is at most so many steps away from any of them. */
function within(
  starts: Iterable<string>,
  next: (name: string) => readonly string[],
  steps = Number.POSITIVE_INFINITY,
): Set<string> {
  const seen = new Set(starts);
  let edge = [...seen];
  for (let step = 0; step < steps && edge.length > 0; step++) {
    edge = [...new Set(edge.flatMap(next))].filter((name) => !seen.has(name));
    for (const name of edge) seen.add(name);
  }
  return seen;
}
