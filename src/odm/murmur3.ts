const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;
const BLOCK = 4096;

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}

/**
 * MurmurHash3_x86_128 (Austin Appleby, public domain), fed in pieces. `low` and `high` are the first eight bytes of
 * the result, as the words of a little-endian 64-bit integer; `h3` and `h4` the rest.
 */
export class Murmur3 {
  low = 0;
  high = 0;
  h3 = 0;
  h4 = 0;
  readonly #bytes = new Uint8Array(BLOCK);
  readonly #words = new Int32Array(this.#bytes.buffer);
  #used = 0;
  #length = 0;

  reset(seed = 0): this {
    this.low = this.high = this.h3 = this.h4 = seed;
    this.#used = this.#length = 0;
    return this;
  }

  byte(value: number): void {
    if (this.#used === BLOCK) this.#drain(BLOCK);
    this.#bytes[this.#used++] = value;
  }

  /** Four bytes, little-endian. */
  int32(value: number): void {
    if (this.#used > BLOCK - 4) {
      for (let i = 0; i < 4; i++) this.byte(value >>> (8 * i));
      return;
    }
    const bytes = this.#bytes;
    const at = this.#used;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
    this.#used = at + 4;
  }

  bytes(source: Uint8Array, start: number, end: number): void {
    while (end - start > BLOCK - this.#used) {
      const room = BLOCK - this.#used;
      this.#bytes.set(source.subarray(start, start + room), this.#used);
      start += room;
      this.#drain(BLOCK);
    }
    const bytes = this.#bytes;
    let at = this.#used;
    while (start < end) bytes[at++] = source[start++];
    this.#used = at;
  }

  finish(): void {
    const tail = this.#used & 15;
    const length = this.#length + this.#used;
    const whole = this.#used - tail;
    if (whole > 0) this.#mixBlocks(whole >> 2);
    let h1 = this.low;
    let h2 = this.high;
    let h3 = this.h3;
    let h4 = this.h4;
    if (tail > 0) {
      // For so few bytes, a call of fill costs more.
      for (let i = this.#used; i < whole + 16; i++) this.#bytes[i] = 0;
      const words = this.#words;
      const at = whole >> 2;
      if (tail > 12) h4 ^= Math.imul(rotate(Math.imul(words[at + 3], C4), 18), C1);
      if (tail > 8) h3 ^= Math.imul(rotate(Math.imul(words[at + 2], C3), 17), C4);
      if (tail > 4) h2 ^= Math.imul(rotate(Math.imul(words[at + 1], C2), 16), C3);
      h1 ^= Math.imul(rotate(Math.imul(words[at], C1), 15), C2);
    }
    h1 ^= length;
    h2 ^= length;
    h3 ^= length;
    h4 ^= length;
    h1 = (h1 + h2 + h3 + h4) | 0;
    h2 = mix(h2 + h1);
    h3 = mix(h3 + h1);
    h4 = mix(h4 + h1);
    h1 = mix(h1);
    h1 = (h1 + h2 + h3 + h4) | 0;
    this.low = h1;
    this.high = (h2 + h1) | 0;
    this.h3 = (h3 + h1) | 0;
    this.h4 = (h4 + h1) | 0;
  }

  #drain(bytes: number): void {
    this.#mixBlocks(bytes >> 2);
    this.#length += bytes;
    this.#used = 0;
  }

  #mixBlocks(count: number): void {
    const words = this.#words;
    let h1 = this.low;
    let h2 = this.high;
    let h3 = this.h3;
    let h4 = this.h4;
    for (let i = 0; i < count; i += 4) {
      h1 ^= Math.imul(rotate(Math.imul(words[i], C1), 15), C2);
      h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
      h2 ^= Math.imul(rotate(Math.imul(words[i + 1], C2), 16), C3);
      h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
      h3 ^= Math.imul(rotate(Math.imul(words[i + 2], C3), 17), C4);
      h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
      h4 ^= Math.imul(rotate(Math.imul(words[i + 3], C4), 18), C1);
      h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
    }
    this.low = h1;
    this.high = h2;
    this.h3 = h3;
    this.h4 = h4;
  }
}
