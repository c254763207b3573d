import type { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import { DefinitionTree } from './definition-tree.ts';
import { OwnerRule } from './owner-rule.ts';
import type { Rule } from './rule.ts';
import type { SkipRule } from './skip.ts';

/** Study, AdminData, Association: also handed on as a tree, unless they name a study that is not accepted. */
export class DefinitionRule extends OwnerRule {
  readonly #skip: SkipRule;
  readonly #studyAttribute: number;

  constructor(
    collection: Collection,
    foreign: Rule,
    element: (typeof LEVELS)[number],
    skip: SkipRule,
    studyAttribute: number,
  ) {
    super(collection, foreign, element);
    this.#skip = skip;
    this.#studyAttribute = studyAttribute;
  }

  override open(name: number, element: number, attributes: Attributes, place: number): Rule {
    const { collection } = this;
    const oid = collection.valueOf(attributes, this.#studyAttribute);
    if (oid !== '') {
      const study = collection.tally(oid);
      if (!study.accepted) return this.#skip.into(study.counts);
    }
    if (collection.options.onDefinition !== undefined) collection.tree = new DefinitionTree(collection.names);
    return super.open(name, element, attributes, place);
  }
}
