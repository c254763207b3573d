import type { Damage } from './damage.ts';

const SPACE = 0x20;

/**
 * Cuts damaged spans out of a document in UTF-8: blanks stand in their place, so that all else keeps its own, and behind
 * them the end tags that were lost.
 */
export class Cutter {
  readonly #damages: readonly Damage[];
  #next = 0;
  #byte = 0;

  /** @param damages in their order, none in another */
  constructor(damages: readonly Damage[]) {
    this.#damages = damages;
  }

  /** The next bytes, which stay as they are, without the damage. */
  pass(chunk: Uint8Array): Uint8Array {
    const from = this.#byte;
    const to = from + chunk.length;
    this.#byte = to;
    if (this.#next === this.#damages.length || this.#damages[this.#next].start >= to) return chunk;
    const cut = Buffer.from(chunk);
    while (this.#next < this.#damages.length && this.#damages[this.#next].start < to) {
      const { start, end, lost } = this.#damages[this.#next];
      cut.fill(SPACE, Math.max(start - from, 0), Math.min(end, to) - from);
      lost?.forEach((byte, index) => {
        const at = end - lost.length + index - from;
        if (at >= 0 && at < cut.length) cut[at] = byte;
      });
      if (end > to) break;
      this.#next++;
    }
    return cut;
  }
}
