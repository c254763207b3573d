/** Where reading goes on: at a start tag, behind the end tag of the subject, or at the end tag of what holds it. */
export type Mark = 'subject' | 'behind subject' | 'clinical data' | 'end of clinical data' | 'end of document';

export interface Resync {
  readonly mark: Mark;
  /** Offset in the stream. */
  readonly at: number;
}

/** What nothing is looked for in: what was commented out must not land. */
const OPAQUE = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

const LESS = 0x3c;
const GREATER = 0x3e;
/** White space before the `>` of an end tag, and behind that of a subject, up to which is looked. */
const MOST_SPACES = 64;
const MOST_BEHIND = 4096;

/** Whether a mark stands there cannot be told before more bytes have come. */
const MORE = 'more';

const isSpace = (byte: number) => byte === 32 || byte === 9 || byte === 10 || byte === 13;

/**
 * Looks in the bytes behind an error for the next place where a document can be read on: SubjectData, ClinicalData or
 * the end of either, called as they are in this document. Not in comments, CDATA sections and processing instructions.
 */
export class ResyncSearch {
  readonly #tags: readonly { readonly mark: Mark; readonly tag: Buffer; readonly isEnd: boolean }[];
  readonly #longest: number;
  /** The mark that ends what the stream is in. */
  #closing: Buffer | undefined;
  /** What has come and may be cut. */
  #held: Buffer = Buffer.alloc(0);
  #base: number;

  /**
   * @param names of SubjectData, ClinicalData and ODM, as they are written
   * @param from offset in the stream of the first byte
   * @param closing the mark that ends the comment, CDATA section or processing instruction that the stream is in
   */
  constructor(names: { subject: string; clinicalData: string; document: string }, from: number, closing?: string) {
    const { subject, clinicalData, document } = names;
    this.#tags = [
      { mark: 'subject', tag: Buffer.from(`<${subject}`), isEnd: false },
      { mark: 'behind subject', tag: Buffer.from(`</${subject}`), isEnd: true },
      { mark: 'clinical data', tag: Buffer.from(`<${clinicalData}`), isEnd: false },
      { mark: 'end of clinical data', tag: Buffer.from(`</${clinicalData}`), isEnd: true },
      { mark: 'end of document', tag: Buffer.from(`</${document}`), isEnd: true },
    ];
    this.#longest = Math.max(...this.#tags.map(({ tag }) => tag.length)) + MOST_SPACES;
    this.#base = from;
    this.#closing = closing === undefined ? undefined : Buffer.from(closing);
  }

  /**
   * Looks on. What was found, and the bytes from there on; undefined where more are needed.
   * @param isLast whether no more will come
   */
  find(bytes: Uint8Array, isLast: boolean): { readonly found: Resync; readonly rest: Buffer } | undefined {
    const all = Buffer.concat([this.#held, bytes]);
    let at = 0;
    for (;;) {
      if (this.#closing !== undefined) {
        const end = all.indexOf(this.#closing, at);
        if (end < 0) return this.#hold(all, Math.max(at, all.length - this.#closing.length + 1));
        at = end + this.#closing.length;
        this.#closing = undefined;
      }
      at = all.indexOf(LESS, at);
      if (at < 0) return this.#hold(all, all.length);
      if (!isLast && all.length - at < this.#longest) return this.#hold(all, at);
      const found = this.#markAt(all, at, isLast);
      if (found === MORE) return this.#hold(all, at);
      if (found !== undefined) return { found: { ...found, at: this.#base + found.at }, rest: all.subarray(found.at) };
      const opaque = OPAQUE.find(([open]) => all.toString('latin1', at, at + open.length) === open);
      if (opaque !== undefined) this.#closing = Buffer.from(opaque[1]);
      at += opaque?.[0].length ?? 1;
    }
  }

  /** Offset in the stream up to which there is nothing. */
  get passed(): number {
    return this.#base;
  }

  #hold(all: Buffer, from: number): undefined {
    this.#held = Buffer.from(all.subarray(from));
    this.#base += from;
    return undefined;
  }

  #markAt(bytes: Buffer, at: number, isLast: boolean): Resync | typeof MORE | undefined {
    for (const { mark, tag, isEnd } of this.#tags) {
      if (bytes.compare(tag, 0, tag.length, at, Math.min(at + tag.length, bytes.length)) !== 0) continue;
      let behind = at + tag.length;
      if (!isEnd) {
        if (isSpace(bytes[behind]) || bytes[behind] === GREATER || bytes[behind] === 0x2f) return { mark, at };
        continue;
      }
      while (isSpace(bytes[behind]) && behind < at + this.#longest) behind++;
      if (bytes[behind] !== GREATER) continue;
      if (mark !== 'behind subject') return { mark, at };
      const next = this.#isFollowed(bytes, behind + 1, isLast);
      if (next === MORE || next) return next === MORE ? MORE : { mark, at: behind + 1 };
    }
    return undefined;
  }

  /** Whether markup comes next: what comes behind the end of a subject as text belongs to the damage. */
  #isFollowed(bytes: Buffer, at: number, isLast: boolean): boolean | typeof MORE {
    let next = at;
    while (isSpace(bytes[next])) next++;
    if (next === bytes.length && !isLast && next - at < MOST_BEHIND) return MORE;
    return bytes[next] === LESS || next - at >= MOST_BEHIND;
  }
}
