import type { OdmNode } from '../definition.ts';
import { refuse } from '../refusal.ts';
import { isBlank } from '../xml/characters.ts';
import type { Attributes } from '../xml/events.ts';
import type { Names } from '../xml/names.ts';

/** What a tree may weigh: its text, and what elements and attributes cost besides. */
const HEAVIEST = 256 << 20;
const ELEMENT_WEIGHT = 160;
const ATTRIBUTE_WEIGHT = 64;

interface Building extends OdmNode {
  children: (Building | string)[];
}

/** The children of an element without any. */
const NONE: (Building | string)[] = [];

/** An empty array makes room for many at its first entry; most elements have one child, or none. */
function add(node: Building, child: Building | string): void {
  if (node.children === NONE) node.children = [child];
  else node.children.push(child);
}

/** Builds the tree of one element, beside the rules that land it. */
export class DefinitionTree {
  readonly #names: Names;
  readonly #open: Building[] = [];
  #text = '';
  #weight = 0;

  constructor(names: Names) {
    this.#names = names;
  }

  /** `key`: that of the element, if it has one. */
  open(name: number, attributes: Attributes, place: number, key: number | undefined): void {
    const names = this.#names;
    const node: Building = {
      namespace: names.namespace(name),
      name: names.local(name),
      attributes: this.#attributes(attributes),
      children: NONE,
      ...(key === undefined ? {} : { key }),
      place,
    };
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      this.#endText(parent, false);
      add(parent, node);
    }
    this.#weigh(ELEMENT_WEIGHT + attributes.count * ATTRIBUTE_WEIGHT);
    this.#open.push(node);
  }

  #attributes({ bytes, starts, ends, names, count }: Attributes): OdmNode['attributes'] {
    return Array.from({ length: count }, (_, k) => {
      const value = bytes.toString('utf8', starts[k], ends[k]);
      this.#weigh(value.length);
      return { namespace: this.#names.namespace(names[k]), name: this.#names.local(names[k]), value };
    });
  }

  text(bytes: Buffer, start: number, end: number): void {
    this.#weigh(end - start);
    this.#text += bytes.toString('utf8', start, end);
  }

  /** The whole tree, once its element ends. */
  close(): OdmNode | undefined {
    const node = this.#open.pop()!;
    this.#endText(node, true);
    return this.#open.length === 0 ? node : undefined;
  }

  /** White space counts only where it is all that an element holds. */
  #endText(node: Building, closing: boolean): void {
    const text = this.#text;
    if (text === '') return;
    this.#text = '';
    const bytes = Buffer.from(text);
    if (!isBlank(bytes, 0, bytes.length) || (closing && node.children.length === 0)) add(node, text);
  }

  #weigh(more: number): void {
    this.#weight += more;
    if (this.#weight > HEAVIEST)
      throw refuse('ODM_TOO_LARGE', 'The definitions of a study take more than 256 MB of memory.');
  }
}
