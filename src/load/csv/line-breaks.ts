const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Finds the line breaks (LF, CR LF, CR) in UTF-16, or in characters that are single bytes as far as LF and CR go: in no
 * other encoding that TextDecoder knows are these bytes part of another character.
 */
export class LineBreaks {
  /** Where each break begins and ends, in bytes from the start. */
  readonly begins: number[] = [];
  readonly ends: number[] = [];
  /** Bytes taken so far. */
  size = 0;
  readonly #isWide: boolean;
  readonly #isBigEndian: boolean;
  /** First byte of a character of two whose second has not come yet. */
  #half = -1;
  #isAfterReturn = false;

  /** @param encoding as TextDecoder names it */
  constructor(encoding = 'utf-8') {
    this.#isWide = encoding.startsWith('utf-16');
    this.#isBigEndian = encoding === 'utf-16be';
  }

  take(bytes: Uint8Array): void {
    if (this.#isWide) this.#takeWide(bytes);
    else this.#takeNarrow(bytes);
    this.size += bytes.length;
  }

  /** Forgets the first breaks. */
  drop(count: number): void {
    this.begins.splice(0, count);
    this.ends.splice(0, count);
  }

  #takeNarrow(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      const code = bytes[at];
      if (code === LINE_FEED || code === CARRIAGE_RETURN) this.#break(code, this.size + at, this.size + at + 1);
      else this.#isAfterReturn = false;
    }
  }

  #takeWide(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      if (this.#half < 0) {
        this.#half = bytes[at];
        continue;
      }
      const code = this.#isBigEndian ? (this.#half << 8) | bytes[at] : (bytes[at] << 8) | this.#half;
      this.#half = -1;
      const end = this.size + at + 1;
      if (code === LINE_FEED || code === CARRIAGE_RETURN) this.#break(code, end - 2, end);
      else this.#isAfterReturn = false;
    }
  }

  #break(code: number, begin: number, end: number): void {
    if (code === LINE_FEED && this.#isAfterReturn && this.ends.length > 0) this.ends[this.ends.length - 1] = end;
    else {
      this.begins.push(begin);
      this.ends.push(end);
    }
    this.#isAfterReturn = code === CARRIAGE_RETURN;
  }
}
