/** A column, or where none is named, which rows a table has. Without a table: what is not known, or no column. */
export interface End {
  readonly table: string | null;
  readonly column: string | null;
}

/** A row of recon.column_lineage. */
export interface Step {
  readonly to: End;
  readonly from: End;
  readonly kind: string;
  readonly reason: string | null;
}

/** A column with what it comes from, or with what comes from it. */
export interface LineageNode extends End {
  /** What it is to the column above it, or that to it, as in recon.column_lineage; NULL for the first. */
  readonly kind: string | null;
  readonly reason: string | null;
  /** Whether what is below it stands in the tree already. */
  readonly repeated: boolean;
  readonly next: readonly LineageNode[];
}

/** The steps of lineage, to be followed one way or the other. */
export class LineageGraph {
  readonly #steps: readonly Step[];
  readonly #next = new Map<string, Step[]>();
  readonly #far: 'to' | 'from';

  constructor(steps: readonly Step[], downstream: boolean) {
    this.#steps = steps;
    this.#far = downstream ? 'to' : 'from';
    for (const step of steps) {
      const near = keyOf(downstream ? step.from : step.to);
      this.#next.set(near, [...(this.#next.get(near) ?? []), step]);
    }
  }

  /** `schema.table.column`, or all of `schema.table`: its columns and its rows. Case does not count. */
  named(name: string): End[] {
    const wanted = name.toLowerCase();
    const found = this.#ends().filter(({ table, column }) => {
      return table!.toLowerCase() === wanted || `${table}.${column ?? ''}`.toLowerCase() === wanted;
    });
    return found;
  }

  /** What can be named, in order. */
  names(): string[] {
    const names = this.#ends().flatMap(({ table, column }) => (column === null ? [table!] : [`${table}.${column}`]));
    return [...new Set(names)].sort();
  }

  /** The tree from a column on. What it has twice is followed once. */
  tree(end: End): LineageNode {
    return this.#node(end, { kind: null, reason: null }, new Set());
  }

  #node(end: End, { kind, reason }: Pick<LineageNode, 'kind' | 'reason'>, seen: Set<string>): LineageNode {
    const key = keyOf(end);
    const steps = end.table === null ? [] : (this.#next.get(key) ?? []);
    const repeated = steps.length > 0 && seen.has(key);
    seen.add(key);
    const next = repeated ? [] : steps.map((step) => this.#node(step[this.#far], step, seen));
    return { ...end, kind, reason, repeated, next };
  }

  /** A table that has steps of its own in their order, which is that of its columns. */
  #ends(): End[] {
    const all = [...this.#steps.map(({ to }) => to), ...this.#steps.map(({ from }) => from)].filter(
      ({ table }) => table !== null,
    );
    return [...new Map(all.map((end) => [keyOf(end), end])).values()];
  }
}

const keyOf = ({ table, column }: End) => JSON.stringify([table, column]).toLowerCase();
