import type { Attributes } from '../xml/events.ts';
import { AFTER_ALL } from './rank.ts';
import { Rule } from './rule.ts';

/**
 * An element without a row of its own, which becomes a node as soon as something in it has no column. What is folded
 * behind a node is one too: only so is it known which stood first.
 */
export abstract class FoldedRule extends Rule {
  protected name = -1;
  protected place = 0;
  protected isNode = false;
  /** Whether an element has begun in it: text that comes now is no longer where the column has it. */
  protected hasChild = false;

  protected begin(name: number, place: number): void {
    this.name = name;
    this.place = place;
    this.isNode = this.hasChild = false;
  }

  becomeNode(): void {
    if (this.isNode) return;
    this.isNode = true;
    this.nodes.open(this.name, this.place);
    this.nodes.owner.rank = AFTER_ALL;
  }

  override beforeForeign(): void {
    this.becomeNode();
    this.hasChild = true;
  }

  override text(bytes: Buffer, start: number, end: number, blank: boolean): void {
    if (!blank) this.becomeNode();
    super.text(bytes, start, end, blank);
  }

  override keepRaw(attributes: Attributes, k: number): void {
    this.becomeNode();
    this.nodes.nodeAttribute(attributes, k);
  }

  override close(): void {
    if (this.isNode) this.nodes.close();
  }
}
