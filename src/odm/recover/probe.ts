import type { WarehouseError } from '../../lib/errors.ts';
import type { CollectionOptions } from '../collect/collection.ts';
import { Collector } from '../collect/collector.ts';
import { Attribute, Element } from '../collect/vocabulary.ts';
import { dialectNamed, recognise } from '../dialects/dialects.ts';
import { refuse } from '../refusal.ts';
import type { OnControl } from '../xml/controls.ts';
import type { Attributes, XmlEvents } from '../xml/events.ts';
import { Names } from '../xml/names.ts';
import { Tokenizer } from '../xml/tokenizer.ts';

const CLINICAL_DATA_DEPTH = 2;
const SUBJECT_DEPTH = 3;

export interface ProbeOptions extends CollectionOptions {
  dialect?: string;
  onControl?: OnControl;
}

/**
 * Reads a document, or what of it stands behind a damaged span, as a load does, and knows which subject it is in. What
 * comes before the span is told by the start tags that are open there.
 */
export class Probe implements XmlEvents {
  readonly #collector: Collector;
  readonly #tokenizer: Tokenizer;
  /** What is added to a byte of the stream to have that of the document. */
  readonly #shift: number;
  #depth = 0;
  /** Start tags of ODM, and of the ClinicalData that is open, as they are written. */
  root: Buffer = Buffer.alloc(0);
  clinicalData: Buffer | undefined;
  /** Whether that is of a study whose data do not land. */
  #isForeign = false;
  /** Where the subject began that is open. */
  #subject: number | undefined;

  /** @param open the start tags that are open at `from`, the byte of the document at which reading begins */
  constructor(options: ProbeOptions, open: Buffer, from: number) {
    const names = new Names();
    const { dialect } = options;
    const chosen = dialect === undefined ? undefined : dialectNamed(dialect);
    this.#collector = new Collector(options, names, (head) => chosen ?? recognise(head));
    this.#tokenizer = new Tokenizer(this, names, options.onControl);
    this.#shift = from - open.length;
    if (open.length > 0) this.#tokenizer.write(open);
  }

  write(bytes: Uint8Array): void {
    this.#tokenizer.write(bytes);
  }

  end(): void {
    this.#tokenizer.end();
    this.#collector.end();
  }

  get takesBlank(): boolean {
    return this.#collector.takesBlank;
  }

  open(name: number, attributes: Attributes, place: number, end: number): void {
    const depth = ++this.#depth;
    if (depth === 1) {
      this.root = this.#written(place, end);
    } else if (depth >= CLINICAL_DATA_DEPTH) {
      const element = this.#collector.collection.vocabulary.element(name);
      this.#note(element, attributes, place, end);
    }
    this.#collector.open(name, attributes, place, end);
  }

  #note(element: number, attributes: Attributes, place: number, end: number): void {
    const depth = this.#depth;
    const isSubject = element === Element.SubjectData;
    const isClinicalData = element === Element.ClinicalData;
    if (this.#subject !== undefined && (isSubject || isClinicalData)) {
      const message = `${isSubject ? 'SubjectData' : 'ClinicalData'} begins in a subject: an end tag is missing.`;
      throw refuse('ODM_NOT_WELL_FORMED', message, place);
    }
    if (isClinicalData && depth === CLINICAL_DATA_DEPTH) {
      const { collection } = this.#collector;
      this.clinicalData = this.#written(place, end);
      this.#isForeign = collection.options.acceptStudy?.(collection.valueOf(attributes, Attribute.StudyOID)) === false;
    }
    if (isSubject && depth === SUBJECT_DEPTH && this.clinicalData !== undefined) this.#subject = place;
  }

  text(bytes: Buffer, start: number, end: number, blank: boolean): void {
    this.#collector.text(bytes, start, end, blank);
  }

  close(name: number, end: number): void {
    const depth = this.#depth--;
    if (depth === SUBJECT_DEPTH) this.#subject = undefined;
    if (depth === CLINICAL_DATA_DEPTH) this.clinicalData = undefined;
    this.#collector.close(name, end);
  }

  #written(place: number, end: number): Buffer {
    const { bytes, base } = this.#tokenizer;
    return Buffer.from(bytes.subarray(place - base, end - base));
  }

  /** Gives an error its byte in the document; its line is not known behind a damaged span. */
  place(error: WarehouseError): void {
    const { base, tokenStart } = this.#tokenizer;
    const byte = (error.place.byte ?? base + tokenStart) + this.#shift;
    if (this.#shift !== 0) for (const key of ['line', 'column'] as const) delete error.place[key];
    error.place.byte = byte;
  }

  /**
   * Where an error that was placed stands, in bytes of the document: the subject, and the place from which to look on, with what has
   * come of the document from there. Undefined where it is in no subject.
   */
  locate(error: WarehouseError, subjectTag: string): Located | undefined {
    const { base, tokenStart, closing } = this.#tokenizer;
    const shift = this.#shift;
    const token = base + tokenStart;
    const byte = error.place.byte! - shift;
    const start = this.#subject ?? (this.#isSubjectTag(token, subjectTag) ? token : undefined);
    if (start === undefined) return undefined;
    const from = Math.max(byte, token, start + 1);
    const rest = this.#tokenizer.rest(from);
    return { start: start + shift, byte: byte + shift, from: from + shift, rest, closing, isForeign: this.#isForeign };
  }

  /** Whether the start tag of a subject is what is being read. */
  #isSubjectTag(token: number, tag: string): boolean {
    if (this.clinicalData === undefined || this.#depth !== CLINICAL_DATA_DEPTH) return false;
    const found = this.#tokenizer.rest(token).toString('latin1', 0, tag.length + 1);
    return found.startsWith(tag) && /[\s/>]$/.test(found);
  }
}

export interface Located {
  readonly start: number;
  readonly byte: number;
  readonly from: number;
  /** The bytes of the document from there on, as far as they have come. */
  readonly rest: Buffer;
  /** The mark that ends the comment, CDATA section or processing instruction that the error stands in. */
  readonly closing?: string;
  readonly isForeign: boolean;
}
