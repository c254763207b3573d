import type { Attributes } from '../xml/events.ts';
import type { Nodes } from './nodes.ts';
import { AFTER_ALL } from './rank.ts';
import { ELEMENT_COUNT } from './vocabulary.ts';

/**
 * What to do with one kind of element, and which rules its children follow. The collector keeps the rules of the open
 * elements on a stack; elements are never nested in themselves unless a rule says so, so a rule may keep state.
 */
export abstract class Rule {
  /** By number of the element; index 0 is any element that is not ODM's. */
  readonly children: Rule[];
  /** Rules of elements that are not ODM's and have a table all the same, by name. */
  named: ReadonlyMap<number, Rule> | null = null;
  /** Whether white space between the elements in it means nothing. */
  readonly ignoresBlank: boolean = true;
  protected readonly nodes: Nodes;

  /** `otherwise`: the rule of all children that are not set later; itself if left out. */
  constructor(nodes: Nodes, otherwise?: Rule) {
    this.nodes = nodes;
    this.children = new Array<Rule>(ELEMENT_COUNT).fill(otherwise ?? this);
  }

  /** Returns the rule that the content follows: mostly itself. */
  abstract open(name: number, element: number, attributes: Attributes, place: number): Rule;

  /** Text where only elements should stand is kept as a node, without the white space around it. */
  text(bytes: Buffer, start: number, end: number, blank: boolean): void {
    if (!blank || this.nodes.pending) this.nodes.stray(bytes, start, end);
  }

  close(_end: number): void {}

  /** An element without a table begins inside. */
  beforeForeign(): void {}
}

/** An element that has no table: it, its attributes and its content become nodes below its owner. */
export class ForeignRule extends Rule {
  override readonly ignoresBlank = false;

  open(name: number, _element: number, attributes: Attributes, place: number): Rule {
    this.nodes.open(name, place, attributes);
    this.nodes.owner.rank = AFTER_ALL;
    return this;
  }

  override text(bytes: Buffer, start: number, end: number, blank: boolean): void {
    this.nodes.text(bytes, start, end, blank);
  }

  override close(): void {
    this.nodes.close();
  }
}
