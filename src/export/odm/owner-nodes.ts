import { NodeKind } from '../../odm/layout.ts';
import type { Node } from './rows.ts';

const NONE: readonly Node[] = [];

/** What raw.attribute holds of one owner: its own attributes, and the elements and texts below it. */
export class OwnerNodes {
  readonly #attributes = new Map<number, Node[]>();
  readonly #below = new Map<number, Node[]>();
  readonly #elementPlaces = new Set<number>();

  /** The rows of the owner, or some of its nodes with all that stands below these, in any order. */
  constructor(rows: readonly Node[]) {
    for (const row of rows) {
      const isAttribute = row.kind !== NodeKind.element && row.kind !== NodeKind.text;
      if (row.kind === NodeKind.element) this.#elementPlaces.add(row.place);
      push(isAttribute ? this.#attributes : this.#below, isAttribute ? row.node : row.parent_node, row);
    }
    for (const below of this.#below.values()) below.sort((one, other) => one.place - other.place);
  }

  /** Attributes of a node; of the owner itself for 0. */
  attributes(node: number): readonly Node[] {
    return this.#attributes.get(node) ?? NONE;
  }

  /** Elements and texts directly in a node, or directly in the owner for 0, in document order. */
  below(node: number): readonly Node[] {
    return this.#below.get(node) ?? NONE;
  }

  /** What stands in a node, as if the node were the owner. */
  within({ node }: Node): OwnerNodes {
    const found = new OwnerNodes([]);
    const take = (from: number, as: number) => {
      found.#attributes.set(as, [...this.attributes(from)]);
      const below = this.below(from).map((one) => (as === 0 ? { ...one, parent_node: 0 } : one));
      found.#below.set(as, below);
      for (const one of below) {
        if (one.kind === NodeKind.element) found.#elementPlaces.add(one.place);
        take(one.node, one.node);
      }
    };
    take(node, 0);
    return found;
  }

  /** The elements of one of these names directly in a node, in document order. */
  elements(node: number, namespace: string, ...names: readonly string[]): readonly Node[] {
    const below = this.#below.get(node);
    if (below === undefined) return NONE;
    return below.filter(
      ({ kind, namespace_code, name_code }) =>
        kind === NodeKind.element && (namespace_code ?? '') === namespace && names.includes(name_code ?? ''),
    );
  }

  /** Whether an element of any of these nodes begins there. */
  hasElementAt(place: number): boolean {
    return this.#elementPlaces.has(place);
  }

  /** The value, as it was read, of an attribute without a namespace; undefined where the node has none. */
  value(node: number, name: string): string | undefined {
    const found = this.attributes(node).filter((row) => row.namespace_code === null && row.name_code === name);
    const raw = found.find(({ kind }) => kind === NodeKind.attributeWithRawWhiteSpace);
    return (raw ?? found[0])?.value ?? undefined;
  }
}

export const NO_NODES = new OwnerNodes([]);

export function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
