import { WarehouseError } from '../../lib/errors.ts';

/** A directed graph without circles of things with names: who depends on whom. */
export class Graph {
  readonly #dependencies: ReadonlyMap<string, readonly string[]>;
  readonly #dependants: ReadonlyMap<string, readonly string[]>;
  /** Every name after all that it depends on: what is to come first, with what it needs; then, of those free to go, by name. */
  readonly order: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  /**
   * @param dependencies every name with the names it depends on; those that are not keys themselves are left out.
   * @param isFirst what comes before all that it does not depend on.
   * @throws usage MODEL_CYCLE, with the whole circle.
   */
  constructor(dependencies: ReadonlyMap<string, Iterable<string>>, isFirst: (name: string) => boolean = () => false) {
    const known = new Map<string, string[]>();
    for (const [name, needs] of dependencies) {
      known.set(name, [...new Set(needs)].filter((need) => dependencies.has(need)).sort());
    }
    this.#dependencies = known;
    this.#dependants = reversed(known);
    const order = this.#sorted();
    const first = new Set(order.filter(isFirst).flatMap((name) => [name, ...this.ancestors(name)]));
    this.order = [...order.filter((name) => first.has(name)), ...order.filter((name) => !first.has(name))];
    this.#places = new Map(this.order.map((name, place) => [name, place]));
  }

  /** Of some names that which comes last in the order; undefined where none stands in it. */
  lastOf(names: Iterable<string>): string | undefined {
    const places = [...names].map((name) => this.#places.get(name) ?? -1);
    return this.order[Math.max(-1, ...places)];
  }

  dependenciesOf(name: string): readonly string[] {
    return this.#dependencies.get(name) ?? [];
  }

  /** What depends on `name` itself. */
  dependantsOf(name: string): readonly string[] {
    return this.#dependants.get(name) ?? [];
  }

  /** All that `name` depends on, at any distance, without itself. */
  ancestors(name: string): Set<string> {
    return reachable(name, this.#dependencies);
  }

  /** All that depends on `name`, at any distance, without itself. */
  descendants(name: string): Set<string> {
    return reachable(name, this.#dependants);
  }

  #sorted(): string[] {
    const waiting = new Map([...this.#dependencies].map(([name, needs]) => [name, needs.length]));
    const ready = [...waiting.keys()].filter((name) => waiting.get(name) === 0).sort();
    const order: string[] = [];
    for (let name = ready.shift(); name !== undefined; name = ready.shift()) {
      order.push(name);
      for (const dependant of this.#dependants.get(name) ?? []) {
        const left = waiting.get(dependant)! - 1;
        waiting.set(dependant, left);
        if (left === 0) insert(ready, dependant);
      }
    }
    if (order.length < waiting.size) throw cycleError(this.#cycleAmong(new Set(order)));
    return order;
  }

  /** Outside of `sorted`, every name depends on another one outside: following these must come round. */
  #cycleAmong(sorted: ReadonlySet<string>): string[] {
    const path: string[] = [];
    let name = [...this.#dependencies.keys()].filter((key) => !sorted.has(key)).sort()[0];
    while (!path.includes(name)) {
      path.push(name);
      name = this.dependenciesOf(name).find((need) => !sorted.has(need))!;
    }
    const cycle = path.slice(path.indexOf(name));
    const first = cycle.indexOf([...cycle].sort()[0]);
    return [...cycle.slice(first), ...cycle.slice(0, first), cycle[first]];
  }
}

function reversed(edges: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const back = new Map<string, string[]>([...edges.keys()].map((name) => [name, []]));
  for (const [name, needs] of edges) for (const need of needs) back.get(need)!.push(name);
  return back;
}

function reachable(start: string, edges: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const stack = [...(edges.get(start) ?? [])];
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    stack.push(...(edges.get(name) ?? []));
  }
  return seen;
}

/** Into a list in order of names, by halving. */
function insert(sorted: string[], name: string): void {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < name) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, name);
}

function cycleError(cycle: readonly string[]): WarehouseError {
  return new WarehouseError({
    kind: 'usage',
    code: 'MODEL_CYCLE',
    message: `Models read each other in a circle: ${cycle.join(' reads ')}.`,
    place: { model: cycle[0] },
    next: 'Move what they share into a model that both read.',
  });
}
