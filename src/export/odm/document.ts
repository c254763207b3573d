import { PART_COLUMNS, type RootAttributes } from '../../odm/collect/document.ts';
import { VERSION_2 } from '../../odm/collect/vocabulary.ts';
import { dialectNamed } from '../../odm/dialects/dialects.ts';
import { LEVELS } from '../../odm/layout.ts';
import { writeAdminData } from './admin-data.ts';
import { attributesOf, type Child, type ColumnValue, type Writing, writeNode } from './content.ts';
import { childOf, childrenOf } from './elements.ts';
import { OwnerNodes } from './owner-nodes.ts';
import { Prefixes } from './prefixes.ts';
import { RowIndex } from './row-index.ts';
import type { Node, RowSet } from './rows.ts';
import { XmlText } from './xml-text.ts';

/** A container, or an element in one that is written with all that it holds. */
export interface OutlineEntry {
  readonly key: number;
  /** The container it stands in; 0 for the document. */
  readonly parent: number;
  readonly place: number;
  /** Of a container, and of AdminData, which is none: its level (raw.level); else null. */
  readonly level: number | null;
}

/** Some entries in the order of their keys, and the rows of all among them that is no container. */
export interface Stretch {
  readonly outline: readonly OutlineEntry[];
  readonly rows: RowSet;
}

/** What of one document lies in raw, piece by piece. */
export interface RawDocument {
  /** What the root said, by the columns of raw.part. */
  readonly root: RootAttributes;
  /** Namespace of the root; '' for none. */
  readonly namespace: string;
  readonly dialect: string;
  /** Whether it holds any query, which the dialect names. */
  readonly hasQueries: boolean;
  /** Namespaces of the elements that are nodes, '' for none, and of attributes. */
  readonly namespaces: { readonly elements: readonly string[]; readonly attributes: readonly string[] };
  /** The document and all that stands in it, in the order of the keys. */
  stretches(): AsyncIterable<Stretch> | Iterable<Stretch>;
  /** The row of a ClinicalData, the queries in the nodes of a container, and its own attributes. */
  container(key: number): Promise<RowSet> | RowSet;
  /** The nodes of a container: each time an element or a text that stands directly in it, with all that it holds. */
  nodes(key: number): AsyncIterable<readonly Node[]> | Iterable<readonly Node[]>;
}

const ADMIN_DATA = LEVELS.indexOf('AdminData');

/** Characters after which what was written is passed on. */
const PIECE = 1 << 16;

/**
 * Writes ODM of the rows of one document, in pieces of text, in document order: the inverse of src/odm/collect.
 *
 * What may differ from the document that was read is what raw does not hold: the order of attributes, prefixes,
 * declarations of namespaces that no name uses, comments, processing instructions, the XML declaration, white space
 * between elements, and elements of studies that were refused. The same rows give the same text. Memory is bounded by
 * what `document` gives at a time.
 */
export async function* writeOdm(document: RawDocument): AsyncGenerator<string> {
  const { namespace, namespaces, dialect } = document;
  const { queries = [], auditLog } = dialectNamed(dialect);
  const ofQueries = document.hasQueries
    ? queries.flatMap(({ element, textElement }) => [element.namespace, textElement?.namespace ?? namespace])
    : [];
  const writing: Writing = {
    out: new XmlText(),
    prefixes: new Prefixes(namespace, [...namespaces.elements, ...ofQueries], namespaces.attributes),
    odm: namespace,
    isVersion2: namespace === VERSION_2,
    queries,
    auditLog,
    children: childrenOf,
  };
  const { out } = writing;
  const open: Container[] = [];
  for await (const { outline, rows } of document.stretches()) {
    const index = new RowIndex(rows);
    for (const entry of outline) {
      while (open.length > 0 && open[open.length - 1].key !== entry.parent) await open.pop()!.close();
      await open.at(-1)?.writeNodes(entry.place);
      if (entry.level === ADMIN_DATA) writeAdminData(writing, index, entry.key);
      else if (entry.level === null) childOf(writing, index, index.entry(entry.key), true).write();
      else open.push(await Container.open(writing, document, entry.key, entry.level));
      if (out.length > PIECE) yield out.take();
    }
  }
  while (open.length > 0) await open.pop()!.close();
  yield out.take();
}

/** An open element that may be larger than memory: its nodes are written one by one, between what stands in it. */
class Container {
  readonly key: number;
  readonly #writing: Writing;
  readonly #children: readonly Child[];
  readonly #nodes: AsyncIterator<readonly Node[]> | Iterator<readonly Node[]>;
  /** The next to be written, with its place. */
  #next: { readonly nodes: OwnerNodes; readonly node: Node } | null = null;
  #ended = false;

  private constructor(writing: Writing, document: RawDocument, key: number, index: RowIndex) {
    const nodes = document.nodes(key);
    this.key = key;
    this.#writing = writing;
    this.#children = childrenOf(writing, index, key, null, true);
    this.#nodes = Symbol.asyncIterator in nodes ? nodes[Symbol.asyncIterator]() : nodes[Symbol.iterator]();
  }

  /** Writes the start tag. */
  static async open(writing: Writing, document: RawDocument, key: number, level: number): Promise<Container> {
    const { out, prefixes, odm } = writing;
    const index = new RowIndex(await document.container(key));
    const attributes = attributesOf(writing, index.nodes(key).attributes(0), columnsOf(document, index, level));
    const declarations = level === 0 ? prefixes.declarations : '';
    out.open(prefixes.element(odm, LEVELS[level]), declarations + attributes, true);
    return new Container(writing, document, key, index);
  }

  /** Writes the nodes that stand before a place. */
  async writeNodes(before: number): Promise<void> {
    for (;;) {
      if (this.#next === null && !this.#ended) await this.#read();
      if (this.#next === null || this.#next.node.place >= before) return;
      const { nodes, node } = this.#next;
      writeNode(this.#writing, { nodes, children: this.#children, ownLines: true }, node);
      this.#next = null;
    }
  }

  async #read(): Promise<void> {
    const { value, done } = await this.#nodes.next();
    if (done) this.#ended = true;
    else {
      const nodes = new OwnerNodes(value);
      this.#next = { nodes, node: nodes.below(0)[0] };
    }
  }

  async close(): Promise<void> {
    await this.writeNodes(Number.POSITIVE_INFINITY);
    this.#writing.out.close();
  }
}

/** The attributes of a container that have columns. */
function columnsOf({ root }: RawDocument, { rows }: RowIndex, level: number): readonly ColumnValue[] {
  if (level === LEVELS.indexOf('ODM')) {
    return Object.entries(PART_COLUMNS).map(([attribute, column]) => [attribute, root[column]]);
  }
  return rows.clinical_data.flatMap(({ study_code, metadata_version_code }) => [
    ['StudyOID', study_code] as const,
    ['MetaDataVersionOID', metadata_version_code] as const,
  ]);
}
