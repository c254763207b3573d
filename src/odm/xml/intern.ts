import { randomInt } from 'node:crypto';

/** Differs in each process, so that nobody can prepare texts which all fall into one place of the table. */
const SEED = randomInt(0x7fffffff);

/**
 * Byte strings as small integers, dense from 0 in the order in which they were first seen.
 *
 * Open addressing over bytes: the hot path makes no JavaScript string.
 */
export class Intern {
  #slots = new Int32Array(1024).fill(-1);
  #hashes = new Int32Array(512);
  #offsets = new Int32Array(513);
  #arena = Buffer.allocUnsafeSlow(1 << 14);
  #view = new DataView(this.#arena.buffer);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of bytes[start, end), given now if it is new. */
  code(bytes: Uint8Array, start: number, end: number): number {
    let hash = SEED;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const id = this.#slots[slot];
      if (id < 0) return this.#add(bytes, start, end, hash, slot);
      if (this.#hashes[id] === hash && this.#is(id, bytes, start, end)) return id;
      slot = (slot + 1) & mask;
    }
  }

  codeOf(text: string): number {
    const bytes = Buffer.from(text);
    return this.code(bytes, 0, bytes.length);
  }

  #is(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#offsets[id];
    const length = end - start;
    if (this.#offsets[id + 1] - from !== length) return false;
    const arena = this.#arena;
    for (let i = 0; i < length; i++) if (arena[from + i] !== bytes[start + i]) return false;
    return true;
  }

  /** The index behind the text `id` if it stands at `start` of the bytes, which end at `limit`; else -1. */
  matchAt(id: number, bytes: DataView, start: number, limit: number): number {
    const from = this.#offsets[id];
    const length = this.#offsets[id + 1] - from;
    const end = start + length;
    return end <= limit && sameBytes(this.#view, from, bytes, start, length) ? end : -1;
  }

  /** Whether the text `id` is bytes[start, end). */
  equals(id: number, bytes: DataView, start: number, end: number): boolean {
    const from = this.#offsets[id];
    const length = end - start;
    return this.#offsets[id + 1] - from === length && sameBytes(this.#view, from, bytes, start, length);
  }

  text(id: number): string {
    return this.#arena.toString('utf8', this.#offsets[id], this.#offsets[id + 1]);
  }

  /** Where the bytes of `id` are: arena[start(id), start(id + 1)). Valid until the next text is added. */
  get arena(): Buffer {
    return this.#arena;
  }

  start(id: number): number {
    return this.#offsets[id];
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const id = this.#size++;
    const from = this.#offsets[id];
    const to = from + (end - start);
    if (to > this.#arena.length) this.#growArena(to);
    for (let i = start, at = from; i < end; i++) this.#arena[at++] = bytes[i];
    if (id + 1 === this.#hashes.length) this.#growEntries();
    this.#offsets[id + 1] = to;
    this.#hashes[id] = hash;
    this.#slots[slot] = id;
    if (this.#size * 2 > this.#slots.length) this.#growSlots();
    return id;
  }

  #growArena(needed: number): void {
    const arena = Buffer.allocUnsafeSlow(Math.max(this.#arena.length * 2, needed));
    this.#arena.copy(arena);
    this.#arena = arena;
    this.#view = new DataView(arena.buffer);
  }

  #growEntries(): void {
    const hashes = new Int32Array(this.#hashes.length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const offsets = new Int32Array(hashes.length + 1);
    offsets.set(this.#offsets);
    this.#offsets = offsets;
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#size; id++) {
      let slot = this.#hashes[id] & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

/** Four bytes at a time; the last four may overlap those before them. */
function sameBytes(one: DataView, from: number, other: DataView, start: number, length: number): boolean {
  if (length < 4) {
    for (let i = 0; i < length; i++) if (one.getInt8(from + i) !== other.getInt8(start + i)) return false;
    return true;
  }
  const last = length - 4;
  for (let i = 0; i < last; i += 4) if (one.getInt32(from + i) !== other.getInt32(start + i)) return false;
  return one.getInt32(from + last) === other.getInt32(start + last);
}
