import { ITEM_ELEMENTS } from '../layout.ts';
import { Rule } from './rule.ts';
import type { Counts } from './tally.ts';
import { Element } from './vocabulary.ts';

const COUNTED: ReadonlyMap<number, keyof Counts> = new Map<number, keyof Counts>([
  [Element.SubjectData, 'SubjectData'],
  [Element.StudyEventData, 'StudyEventData'],
  [Element.FormData, 'FormData'],
  [Element.ItemGroupData, 'ItemGroupData'],
  [Element.AuditRecord, 'AuditRecord'],
  ...ITEM_ELEMENTS.map((name): [number, keyof Counts] => [Element[name], 'ItemData']),
]);

/** Data of a study that is not accepted: counted, and nothing of it lands. */
export class SkipRule extends Rule {
  #counts!: Counts;

  /** Counts what follows into these. */
  into(counts: Counts): this {
    this.#counts = counts;
    return this;
  }

  open(_name: number, element: number): Rule {
    const counted = COUNTED.get(element);
    if (counted !== undefined) this.#counts[counted]++;
    return this;
  }

  override text(): void {}

  override keepRaw(): void {}
}
