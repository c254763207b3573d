import { Rule } from './rule.ts';

/** An element without a row of its own, which becomes a node as soon as something in it has no column. */
export abstract class FoldedRule extends Rule {
  protected name = -1;
  protected place = 0;
  protected isNode = false;

  protected begin(name: number, place: number): void {
    this.name = name;
    this.place = place;
    this.isNode = false;
  }

  override beforeForeign(): void {
    if (this.isNode) return;
    this.isNode = true;
    this.nodes.open(this.name, this.place);
  }

  override close(): void {
    if (this.isNode) this.nodes.close();
  }
}
