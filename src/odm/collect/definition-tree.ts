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
  readonly attributes: { namespace: string; name: string; value: string }[];
  readonly children: (Building | string)[];
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
      attributes: [],
      children: [],
      ...(key === undefined ? {} : { key }),
      place,
    };
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      this.#endText(parent, false);
      parent.children.push(node);
    }
    this.#weigh(ELEMENT_WEIGHT + attributes.count * ATTRIBUTE_WEIGHT);
    for (let k = 0; k < attributes.count; k++) {
      const attribute = attributes.names[k];
      const value = attributes.bytes.toString('utf8', attributes.starts[k], attributes.ends[k]);
      node.attributes.push({ namespace: names.namespace(attribute), name: names.local(attribute), value });
      this.#weigh(value.length);
    }
    this.#open.push(node);
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
    if (!isBlank(bytes, 0, bytes.length) || (closing && node.children.length === 0)) node.children.push(text);
  }

  #weigh(more: number): void {
    this.#weight += more;
    if (this.#weight > HEAVIEST) throw refuse('ODM_TOO_LARGE', 'The definitions of a study are larger than 256 MB.');
  }
}
