import { WarehouseError } from '../../lib/errors.ts';
import { Dictionary } from '../dictionary.ts';
import { refuse } from '../refusal.ts';
import { EncodingGate } from '../xml/encoding.ts';
import { BOUNDS, type Damage, RECOVERABLE } from './damage.ts';
import { type Located, Probe, type ProbeOptions } from './probe.ts';
import { type Mark, type Resync, ResyncSearch } from './resync.ts';

/** Whether the bytes of a document in this encoding are those of its file. */
export const isUtf8Name = (encoding: string): boolean => /^(utf-?8|us-ascii|ascii)$/i.test(encoding);

/** Bytes that are read at a time: no more may be left over behind an error than is kept. */
const SLICE = 1 << 18;

const NOTHING = Buffer.alloc(0);

/** A span that has begun, and what is open there. */
interface Begun extends Located {
  readonly error: WarehouseError;
  readonly search: ResyncSearch;
  readonly root: Buffer;
  readonly clinicalData: Buffer;
  readonly names: Names;
}

/** SubjectData, ClinicalData and ODM as they are written in a document. */
interface Names {
  readonly subject: string;
  readonly clinicalData: string;
  readonly document: string;
}

/**
 * Finds the spans of a document, pushed in chunks of any size, without which it can be read: each from the start tag of
 * the subject that an error stands in to behind its end tag or, where that is not found first, to the next SubjectData
 * or ClinicalData or the end of either (docs/decisions/0014-recover.md).
 *
 * Reads it once, as a load does, whatever the number of spans.
 * @throws data what the reader says of the first error that is not in a subject, in UTF-8, or cannot be cut out;
 *   ODM_TOO_DAMAGED
 */
export class DamageScan {
  readonly #options: Omit<ProbeOptions, 'dictionary' | 'onBatch' | 'onDefinition' | 'onAlias'>;
  readonly #gate = new EncodingGate((chunk) => this.#take(chunk));
  readonly #damages: Damage[] = [];
  readonly #dictionary = new Dictionary();
  #probe: Probe;
  #begun: Begun | undefined;
  /** Bytes of the document so far, and of them in spans. */
  #bytes = 0;
  #damaged = 0;

  constructor(options: Omit<ProbeOptions, 'dictionary' | 'onBatch' | 'onDefinition' | 'onAlias'>) {
    this.#options = options;
    this.#probe = this.#probeFrom(NOTHING, 0);
  }

  write(chunk: Uint8Array): void {
    this.#gate.write(chunk);
  }

  end(): readonly Damage[] {
    this.#gate.end();
    let rest: Uint8Array | undefined = NOTHING;
    while (rest !== undefined) {
      if (this.#begun !== undefined) rest = this.#seek(rest, true);
      else rest = rest.length > 0 ? this.#read(rest) : this.#finish();
    }
    if (this.#damaged > BOUNDS.share * this.#bytes) {
      throw tooDamaged(`${this.#damaged} of ${this.#bytes} bytes`, this.#damages[0]);
    }
    return this.#damages;
  }

  /** The document has ended: returns what has come of it behind an error in its last bytes, if there is one. */
  #finish(): Uint8Array | undefined {
    try {
      this.#probe.end();
      return undefined;
    } catch (error) {
      return this.#begin(error);
    }
  }

  #probeFrom(open: Buffer, from: number): Probe {
    return new Probe({ ...this.#options, dictionary: this.#dictionary, onBatch: () => {} }, open, from);
  }

  #take(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    for (let at = 0; at < chunk.length; at += SLICE) {
      let rest = chunk.subarray(at, at + SLICE);
      while (rest.length > 0) rest = this.#begun === undefined ? this.#read(rest) : this.#seek(rest, false);
    }
  }

  /** Returns what is to be read after an error. */
  #read(bytes: Uint8Array): Uint8Array {
    for (let at = 0; at < bytes.length; at += SLICE) {
      try {
        this.#probe.write(bytes.subarray(at, at + SLICE));
      } catch (error) {
        return Buffer.concat([this.#begin(error), bytes.subarray(at + SLICE)]);
      }
    }
    return NOTHING;
  }

  /** A span begins. Returns what has come of the document behind the error. */
  #begin(error: unknown): Buffer {
    const { root, clinicalData } = this.#probe;
    if (!(error instanceof WarehouseError)) throw error;
    this.#probe.place(error);
    if (!RECOVERABLE.has(error.code) || clinicalData === undefined || !isUtf8Name(this.#gate.encoding)) throw error;
    const names = namesOf(root, clinicalData);
    const located = this.#probe.locate(error, `<${names.subject}`);
    if (located === undefined) throw error;
    if (this.#damages.length === BOUNDS.spans) throw tooDamaged(`More than ${BOUNDS.spans} spans`, this.#damages[0]);
    const search = new ResyncSearch(names, located.from, located.closing);
    this.#begun = { ...located, error, search, root, clinicalData, names };
    return located.rest;
  }

  /** Looks for the end of the span. Returns what is to be read behind it. */
  #seek(bytes: Uint8Array, isLast: boolean): Uint8Array {
    const begun = this.#begun as Begun;
    const result = begun.search.find(bytes, isLast);
    if (result === undefined) {
      // The document has no end: it is cut off, or all that follows may be commented out.
      if (isLast) throw begun.error;
      if (begun.search.passed - begun.start > BOUNDS.bytes)
        throw tooDamaged(`More than ${BOUNDS.bytes} bytes of one subject`, begun);
      return NOTHING;
    }
    this.#end(begun, result.found);
    return result.rest;
  }

  #end({ start, byte, error, isForeign, root, clinicalData, names }: Begun, { mark, at }: Resync): void {
    const lost = LOSES_CLINICAL_DATA.has(mark) ? Buffer.from(`</${names.clinicalData}>`) : undefined;
    if (lost !== undefined && lost.length > at - start) throw error;
    if (at - start > BOUNDS.bytes) throw tooDamaged(`More than ${BOUNDS.bytes} bytes of one subject`, { byte });
    const { code, message } = error;
    this.#damages.push({ start, end: at, code: code as Damage['code'], message, byte, lost, isForeign });
    this.#damaged += at - start;
    this.#begun = undefined;
    this.#probe = this.#probeFrom(Buffer.concat(lost === undefined ? [root, clinicalData] : [root]), at);
  }
}

/** The marks at which the ClinicalData that is open should have ended. */
const LOSES_CLINICAL_DATA: ReadonlySet<Mark> = new Set<Mark>(['clinical data', 'end of document']);

/** SubjectData is taken to have the prefix of the ClinicalData that it stands in. */
function namesOf(root: Buffer, clinicalData: Buffer): Names {
  const nameOf = (tag: Buffer) => /^<([^\s/>]+)/.exec(tag.toString())![1];
  const name = nameOf(clinicalData);
  return { subject: name.replace(/[^:]*$/, 'SubjectData'), clinicalData: name, document: nameOf(root) };
}

function tooDamaged(what: string, { byte }: { readonly byte: number }): WarehouseError {
  return refuse('ODM_TOO_DAMAGED', `${what} of the document are damaged: too many to go on without them.`, byte);
}
