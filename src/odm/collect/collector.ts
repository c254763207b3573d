import type { Dialect, DocumentHead } from '../dialects/dialect.ts';
import { type Attributes, LIMITS, type XmlEvents } from '../xml/events.ts';
import type { Names } from '../xml/names.ts';
import { Collection, type CollectionOptions } from './collection.ts';
import { Grammar } from './grammar.ts';
import type { Rule } from './rule.ts';
import { Element } from './vocabulary.ts';

/**
 * Fills the tables of layout.ts from the events of an engine. Each element follows a rule; a rule says which rules its
 * children follow, and whatever no rule knows becomes nodes below its owner, so that nothing is dropped.
 */
export class Collector implements XmlEvents {
  readonly collection: Collection;
  readonly #grammar: Grammar;
  readonly #foreign: Rule;
  readonly #chooseDialect: (head: DocumentHead) => Dialect;
  readonly #rules: Rule[];
  /** By depth: 1 where white space between elements means something. */
  readonly #blanks = new Uint8Array(LIMITS.depth + 2);
  #depth = 0;
  takesBlank = false;
  /** Where the last tag ended: where text begins. */
  #tagEnd = 0;

  /** `chooseDialect` is asked once, when the root is known. */
  constructor(options: CollectionOptions, names: Names, chooseDialect: (head: DocumentHead) => Dialect) {
    this.collection = new Collection(options, names);
    this.#chooseDialect = chooseDialect;
    this.#grammar = new Grammar(this.collection, (head) => this.#begin(head));
    this.#foreign = this.#grammar.foreign;
    this.#rules = new Array<Rule>(LIMITS.depth + 1).fill(this.#grammar.document);
  }

  #begin(head: DocumentHead): void {
    const { collection } = this;
    collection.dialect = this.#chooseDialect(head);
    collection.transactional = this.#grammar.document.root.file_type === 'Transactional';
    this.#grammar.begin();
  }

  open(name: number, attributes: Attributes, place: number, end: number): void {
    const { collection } = this;
    const { nodes } = collection;
    if (nodes.pending) nodes.flushText(false, this.#tagEnd);
    this.#tagEnd = end;
    const depth = this.#depth++;
    if (depth === 0) {
      const { document } = this.#grammar;
      document.check(name);
      this.#rules[1] = document.open(name, Element.ODM, attributes, place);
      if (attributes.anyRawWhiteSpace) keepRaw(document, attributes);
      return;
    }
    const parent = this.#rules[depth];
    const element = collection.vocabulary.element(name);
    let rule = parent.children[element];
    if (rule === this.#foreign) {
      if (element === 0 && parent.named !== null) rule = parent.named.get(name) ?? rule;
      if (parent !== rule) parent.beforeForeign();
    }
    const { owner } = nodes;
    rule = rule.open(name, element, attributes, place);
    if (attributes.anyRawWhiteSpace) keepRaw(rule, attributes);
    this.#rules[depth + 1] = rule;
    this.#blanks[depth + 1] = rule.ignoresBlank ? 0 : 1;
    this.takesBlank = this.#blanks[depth + 1] === 1 || collection.tree !== null;
    if (collection.tree !== null) {
      collection.tree.open(name, attributes, place, nodes.owner === owner ? undefined : nodes.owner.key);
    }
  }

  text(bytes: Buffer, start: number, end: number, blank: boolean): void {
    const depth = this.#depth;
    const { tree, nodes } = this.collection;
    if (!blank || this.#blanks[depth] === 1 || nodes.pending) {
      this.#rules[depth].text(bytes, start, end, blank);
      if (nodes.pending) this.takesBlank = true;
    }
    if (tree !== null) tree.text(bytes, start, end);
  }

  close(_name: number, end: number): void {
    const { collection } = this;
    const { nodes, tree } = collection;
    if (nodes.pending) nodes.flushText(true, this.#tagEnd);
    this.#tagEnd = end;
    this.#rules[this.#depth--].close(end);
    this.takesBlank = this.#blanks[this.#depth] === 1 || tree !== null;
    if (tree === null) return;
    const definition = tree.close();
    if (definition === undefined) return;
    collection.tree = null;
    this.takesBlank = this.#blanks[this.#depth] === 1;
    collection.options.onDefinition?.(definition);
  }

  /** Passes on what is left. */
  end(): void {
    this.collection.flush();
  }

  get document(): Grammar['document'] {
    return this.#grammar.document;
  }
}

/** Columns hold values as if all white space in them had come by reference: what came raw is kept beside them. */
function keepRaw(rule: Rule, attributes: Attributes): void {
  for (let k = 0; k < attributes.count; k++) if (attributes.rawWhiteSpace[k] > 0) rule.keepRaw(attributes, k);
}
