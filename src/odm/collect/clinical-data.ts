import { setInt64, type Table } from '../columns.ts';
import type { Role } from '../dictionary.ts';
import { LEVELS } from '../layout.ts';
import type { Attributes } from '../xml/events.ts';
import type { Collection } from './collection.ts';
import type { Frames } from './frames.ts';
import { OwnerRule } from './owner-rule.ts';
import { Rule } from './rule.ts';
import type { SkipRule } from './skip.ts';
import { Attribute } from './vocabulary.ts';

const CLINICAL_DATA_LEVEL = LEVELS.indexOf('ClinicalData');

/** ClinicalData (ODM 1.3.2, 3.1.4). Where its study is not accepted, its elements are counted and nothing lands. */
export class ClinicalDataRule extends Rule {
  readonly #collection: Collection;
  readonly #frames: Frames;
  readonly #skip: SkipRule;
  readonly #table: Table;
  readonly #key: Int32Array;
  readonly #studyCode: Int32Array;
  readonly #versionCode: Int32Array;
  readonly #place: Int32Array;
  readonly #studies: Role;
  readonly #versions: Role;
  #categoryName = -1;
  #studyLow = 0;
  #studyHigh = 0;

  constructor(collection: Collection, frames: Frames, foreign: Rule, skip: SkipRule) {
    super(collection.nodes, foreign);
    this.#collection = collection;
    this.#frames = frames;
    this.#skip = skip;
    const table = collection.tables.clinical_data;
    this.#table = table;
    this.#key = table.words('key');
    this.#studyCode = table.words('study_code');
    this.#versionCode = table.words('metadata_version_code');
    this.#place = table.words('place');
    this.#studies = collection.dictionary.role();
    this.#versions = collection.dictionary.role();
  }

  /** The dialect is known. */
  begin(): void {
    const { identity, options, dialect, names } = this.#collection;
    identity.study(options.system, options.environment, options.study);
    this.#studyLow = identity.low;
    this.#studyHigh = identity.high;
    const category = dialect.auditCategory;
    if (category !== undefined) this.#categoryName = names.expand(category.namespace, category.name);
  }

  open(_name: number, _element: number, attributes: Attributes, place: number): Rule {
    const collection = this.#collection;
    const { names, starts, ends, bytes, count } = attributes;
    const study = collection.tally(collection.valueOf(attributes, Attribute.StudyOID));
    study.counts.ClinicalData++;
    if (!study.accepted) return this.#skip.into(study.counts);
    collection.counts = study.counts;
    const row = this.#table.length;
    const key = collection.newKey();
    collection.nodes.enter(CLINICAL_DATA_LEVEL, key, 0, place);
    this.#frames.begin(key, this.#studyLow, this.#studyHigh);
    this.#studyCode[row] = this.#versionCode[row] = 0;
    collection.auditCategory = 0;
    let category = '';
    for (let k = 0; k < count; k++) {
      const attribute = collection.vocabulary.attribute(names[k]);
      if (attribute === Attribute.StudyOID) this.#studyCode[row] = this.#studies.code(attributes, k);
      else if (attribute === Attribute.MetaDataVersionOID) {
        this.#versionCode[row] = this.#versions.code(attributes, k);
      } else {
        if (names[k] === this.#categoryName) {
          category = bytes.toString('utf8', starts[k], ends[k]);
          collection.auditCategory = collection.dictionary.codeOf(category);
        }
        collection.nodes.ownerAttribute(attributes, k);
      }
    }
    collection.noValueSaysNothing = collection.dialect.noValueSaysNothing(category);
    setInt64(this.#key, row, key);
    setInt64(this.#place, row, place);
    this.#table.next();
    return this;
  }

  override close(): void {
    this.nodes.leave();
  }

  get studyIdentity(): { low: number; high: number } {
    return { low: this.#studyLow, high: this.#studyHigh };
  }
}

/** ReferenceData (ODM 1.3.2, 3.1.3): item groups of the study itself. */
export class ReferenceDataRule extends OwnerRule {
  readonly #frames: Frames;
  readonly #skip: SkipRule;
  readonly #clinicalData: ClinicalDataRule;

  constructor(collection: Collection, frames: Frames, foreign: Rule, skip: SkipRule, clinicalData: ClinicalDataRule) {
    super(collection, foreign, 'ReferenceData');
    this.#frames = frames;
    this.#skip = skip;
    this.#clinicalData = clinicalData;
  }

  override open(name: number, element: number, attributes: Attributes, place: number): Rule {
    const { collection } = this;
    const study = collection.tally(collection.valueOf(attributes, Attribute.StudyOID));
    if (!study.accepted) return this.#skip.into(study.counts);
    collection.counts = study.counts;
    collection.auditCategory = 0;
    collection.noValueSaysNothing = collection.dialect.noValueSaysNothing('');
    super.open(name, element, attributes, place);
    const { low, high } = this.#clinicalData.studyIdentity;
    this.#frames.begin(this.nodes.owner.key, low, high);
    return this;
  }
}
