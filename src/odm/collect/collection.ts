import type { BatchSink } from '../../lib/batch.ts';
import type { WarehouseError } from '../../lib/errors.ts';
import { Table } from '../columns.ts';
import { DateTimeReader } from '../datetime.ts';
import type { OdmNode } from '../definition.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { plain } from '../dialects/plain/plain.ts';
import type { Dictionary } from '../dictionary.ts';
import { IdentityHash } from '../identity.ts';
import { ODM_TABLES, type OdmTableName, tableLayout } from '../layout.ts';
import { type OdmErrorCode, refuse } from '../refusal.ts';
import type { Attributes } from '../xml/events.ts';
import type { Names } from '../xml/names.ts';
import type { DefinitionTree } from './definition-tree.ts';
import { Nodes } from './nodes.ts';
import { newCounts, type StudyTally } from './tally.ts';
import { nameOfAttribute, Vocabulary } from './vocabulary.ts';

export interface SubjectAlias {
  /** Key of the SubjectData that says so. */
  key: number;
  subjectIdentity: bigint;
  /** `name`, ... */
  kind: string;
  alias: string;
}

export interface CollectionOptions {
  /** The parts of every identity (docs/identity.md). */
  system: string;
  environment: string;
  study: string;
  /** Key of the first element; from 1. */
  firstKey: number;
  /** Grows while reading. */
  dictionary: Dictionary;
  /** Offset, like `+02:00`, of times that carry none. */
  timeZone?: string;
  /** Takes each batch; a batch is valid until this returns. */
  onBatch: BatchSink;
  /** Takes Study, AdminData and Association elements, each as it ends. */
  onDefinition?: (node: OdmNode) => void;
  /** Takes other names of subjects; the same name of the same subject may come again. */
  onAlias?: (alias: SubjectAlias) => void;
  /** Whether data and definitions of this StudyOID land; all do where it is left out. */
  acceptStudy?: (studyOid: string) => boolean;
}

/** What the rules of one document share: names, tables, keys, and what the document said of itself. */
export class Collection {
  readonly options: CollectionOptions;
  readonly names: Names;
  readonly vocabulary: Vocabulary;
  readonly dictionary: Dictionary;
  readonly tables: Readonly<Record<OdmTableName, Table>>;
  readonly nodes: Nodes;
  readonly identity = new IdentityHash();
  readonly dates: DateTimeReader;
  readonly studies = new Map<string, StudyTally>();

  dialect: Dialect = plain;
  transactional = false;
  /** Code of the category of the audit records of the present ClinicalData. */
  auditCategory = 0;
  /** Whether, in the present ClinicalData, an item without a value says nothing. */
  noValueSaysNothing = false;
  /** Counts of the present ClinicalData or ReferenceData. */
  counts = newCounts();
  /** The tree of the definition that is open. */
  tree: DefinitionTree | null = null;
  /** Leaves that stand beside elements with rows of their own. */
  readonly folded: { markPlace(): void }[] = [];
  #nextKey: number;

  constructor(options: CollectionOptions, names: Names) {
    this.options = options;
    this.names = names;
    this.vocabulary = new Vocabulary(names);
    this.dictionary = options.dictionary;
    const tables = Object.keys(ODM_TABLES) as OdmTableName[];
    this.tables = Object.fromEntries(
      tables.map((name) => [name, new Table(tableLayout(name), options.onBatch)]),
    ) as Record<OdmTableName, Table>;
    this.nodes = new Nodes(this.tables.attribute, names, options.dictionary);
    this.dates = new DateTimeReader(options.timeZone);
    this.#nextKey = options.firstKey;
  }

  newKey(): number {
    return this.#nextKey++;
  }

  /** The last key given; null if none was. */
  get lastKey(): number | null {
    return this.#nextKey === this.options.firstKey ? null : this.#nextKey - 1;
  }

  tally(oid: string): StudyTally {
    let study = this.studies.get(oid);
    if (study === undefined) {
      if (this.studies.size === 10_000) throw refuse('ODM_TOO_LARGE', 'The document names more than 10000 studies.');
      study = { oid, accepted: this.options.acceptStudy?.(oid) ?? true, counts: newCounts() };
      this.studies.set(oid, study);
    }
    return study;
  }

  /** The value of an attribute as a string; '' if it was not sent. */
  valueOf(attributes: Attributes, attribute: number): string {
    for (let k = 0; k < attributes.count; k++) {
      if (this.vocabulary.attribute(attributes.names[k]) === attribute) {
        return attributes.bytes.toString('utf8', attributes.starts[k], attributes.ends[k]);
      }
    }
    return '';
  }

  /** An error about the element at `place`, with the subject that it stands in. */
  refusal(code: OdmErrorCode, message: string, place: number): WarehouseError {
    const key = this.tables.subject_data.text('subject_key');
    return refuse(code, message, place, key.present ? key.bytes.toString('utf8', key.start, key.end) : undefined);
  }

  /** Without its key, or with an empty one, nothing tells an element from others: it would be taken for one of them. */
  keyMissing(element: string, attribute: number, place: number): WarehouseError {
    const message = `${element} has no ${nameOfAttribute(attribute)}: nothing tells what it is about.`;
    return this.refusal('ODM_KEY_MISSING', message, place);
  }

  /** A child that has a row begins: marks where those stood that the standard has behind it and that came before. */
  arrive(rank: number): void {
    const { owner } = this.nodes;
    if (rank < owner.foldedRank) for (const leaf of this.folded) leaf.markPlace();
    if (rank > owner.rank) owner.rank = rank;
  }

  flush(): void {
    for (const table of Object.values(this.tables)) table.flush();
  }
}
