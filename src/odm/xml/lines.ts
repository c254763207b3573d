/**
 * Counts line feeds before a place in a stream whose earlier bytes are gone: once for each buffer that is let go, and
 * again only when an error asks.
 */
export class Lines {
  #line = 1;
  /** Byte offset in the stream of the first byte of the present line. */
  #lineStart = 0;

  /** Bytes[0, end), which begin at `base` in the stream, are about to be let go. */
  pass(bytes: Buffer, words: Int32Array, end: number, base: number): void {
    const count = countLineFeeds(bytes, words, end);
    if (count === 0) return;
    this.#line += count;
    this.#lineStart = base + bytes.lastIndexOf(10, end - 1) + 1;
  }

  /** Line and column (in bytes), from 1, of bytes[index]. */
  locate(bytes: Buffer, index: number, base: number): { line: number; column: number } {
    let line = this.#line;
    let lineStart = this.#lineStart;
    for (let i = 0; i < index; i++) {
      if (bytes[i] === 10) {
        line++;
        lineStart = base + i + 1;
      }
    }
    return { line, column: base + index - lineStart + 1 };
  }
}

/** Four bytes at a time: a byte of `word ^ 0x0a0a0a0a` is zero where there is a line feed. */
function countLineFeeds(bytes: Buffer, words: Int32Array, end: number): number {
  let count = 0;
  const whole = end >> 2;
  for (let i = 0; i < whole; i++) {
    const word = words[i] ^ 0x0a0a0a0a;
    let zeros = ~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word | 0x7f7f7f7f);
    while (zeros !== 0) {
      count++;
      zeros &= zeros - 1;
    }
  }
  for (let i = whole << 2; i < end; i++) if (bytes[i] === 10) count++;
  return count;
}
