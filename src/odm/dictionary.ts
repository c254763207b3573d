import { RESERVED_TEXTS } from './layout.ts';
import { refuse } from './refusal.ts';
import { type Attributes, LIMITS } from './xml/events.ts';
import { Intern } from './xml/intern.ts';

/** Codes above this are not predicted. */
const PREDICTED = 1 << 16;

/**
 * The codes of texts that repeat (OIDs, repeat keys, units, users, names), one space for all columns. Code 0 is the
 * absent text. Codes are given once, dense, in the order in which the texts were first seen.
 */
export class Dictionary {
  /** Code c is entry c - 1. */
  readonly #texts = new Intern();
  /** Texts that have passed the bounds. */
  #admitted = 0;
  #bytesBefore = 0;
  #textsBefore = 0;

  /** `texts`: those of an earlier dictionary, index = code. Default: the reserved ones. */
  constructor(texts: readonly (string | null)[] = RESERVED_TEXTS) {
    for (const [code, text] of texts.entries()) {
      if (text !== null && this.codeOf(text) !== code) throw new RangeError(`dictionary text ${code} stands twice`);
    }
    this.#textsBefore = this.#texts.size;
    this.#bytesBefore = this.#texts.start(this.#textsBefore);
  }

  /** How many codes there are, code 0 included: the next code. */
  get size(): number {
    return this.#texts.size + 1;
  }

  code(bytes: Uint8Array, start: number, end: number): number {
    const id = this.#texts.code(bytes, start, end);
    if (id >= this.#admitted) this.#admit(id);
    return id + 1;
  }

  /** One document may add so many, so that what it adds has room in memory. */
  #admit(id: number): void {
    this.#admitted = id + 1;
    const bytes = this.#texts.start(id + 1) - this.#bytesBefore;
    if (id - this.#textsBefore < LIMITS.dictionaryTexts && bytes <= LIMITS.dictionaryBytes) return;
    throw refuse(
      'ODM_TOO_LARGE',
      `The document has more than ${LIMITS.dictionaryTexts} OIDs, repeat keys and the like that are new, or more than ${LIMITS.dictionaryBytes} bytes of them.`,
    );
  }

  codeOf(text: string): number {
    return this.#texts.codeOf(text) + 1;
  }

  /** Whether a code is that of attribute k. */
  is(code: number, { view, starts, ends }: Attributes, k: number): boolean {
    return this.#texts.equals(code - 1, view, starts[k], ends[k]);
  }

  text(code: number): string | null {
    return code === 0 ? null : this.#texts.text(code - 1);
  }

  /** The texts of the codes from `from` on, to before `until` where there are so many. */
  texts(from = 0, until = this.size): (string | null)[] {
    const length = Math.max(0, Math.min(until, this.size) - from);
    return Array.from({ length }, (_, index) => this.text(from + index));
  }

  /** Where the bytes of a code's text are: arena[start(code), start(code + 1)); code 0 has none. */
  get arena(): Buffer {
    return this.#texts.arena;
  }

  start(code: number): number {
    return code === 0 ? 0 : this.#texts.start(code - 1);
  }

  end(code: number): number {
    return code === 0 ? 0 : this.#texts.start(code);
  }

  role(): Role {
    return new Role(this);
  }
}

/** A column that holds codes: remembers which code came after which, and compares with that before it hashes. */
export class Role {
  readonly #dictionary: Dictionary;
  #next = new Int32Array(256);
  #last = 0;

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
  }

  /** The code of attribute k. */
  code(attributes: Attributes, k: number): number {
    const last = this.#last;
    const guess = last < this.#next.length ? this.#next[last] : 0;
    if (guess > 0 && this.#dictionary.is(guess, attributes, k)) {
      this.#last = guess;
      return guess;
    }
    const code = this.#dictionary.code(attributes.bytes, attributes.starts[k], attributes.ends[k]);
    if (last < PREDICTED) this.#remember(last, code);
    this.#last = code;
    return code;
  }

  #remember(last: number, code: number): void {
    if (last >= this.#next.length) {
      const grown = new Int32Array(Math.min(PREDICTED, Math.max(this.#next.length * 2, last + 1)));
      grown.set(this.#next);
      this.#next = grown;
    }
    this.#next[last] = code;
  }
}
