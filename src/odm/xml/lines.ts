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

/** Words after which the four counters in a word might overflow. */
const BLOCK = 252;
const LINE_FEEDS = 0x0a0a0a0a;
const LOW_BITS = 0x7f7f7f7f;

/** Four bytes at a time, a block at a time. */
function countLineFeeds(bytes: Buffer, words: Int32Array, end: number): number {
  let count = 0;
  const whole = end >> 2;
  for (let from = 0; from < whole; from += BLOCK) count += countInBlock(words, from, Math.min(from + BLOCK, whole));
  for (let i = whole << 2; i < end; i++) if (bytes[i] === 10) count++;
  return count;
}

/** Each byte of a word is counted in a byte of its own: one of `word ^ LINE_FEEDS` is zero at a line feed. */
function countInBlock(words: Int32Array, from: number, to: number): number {
  let counters = 0;
  for (let i = from; i < to; i++) {
    const word = words[i] ^ LINE_FEEDS;
    counters = (counters + (~(((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS) >>> 7)) | 0;
  }
  return (counters & 255) + ((counters >>> 8) & 255) + ((counters >>> 16) & 255) + (counters >>> 24);
}
