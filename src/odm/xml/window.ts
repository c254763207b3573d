import { isUtf8 } from 'node:buffer';
import { WarehouseError } from '../../lib/errors.ts';
import { type OdmErrorCode, refuse } from '../refusal.ts';
import { NOT_A_CHARACTER, type OnControl, REPLACEMENT } from './controls.ts';
import { LIMITS, type XmlEngine } from './events.ts';
import { Lines } from './lines.ts';
import { firstInvalid, wholeCharacters } from './utf8.ts';

/** Bytes taken into the buffer at a time: they stay in the processor's cache while they are read. */
const SLICE = 1 << 18;

const NOTHING = Buffer.alloc(0);

/** A token is not complete yet: more bytes are needed. */
export const MORE = -1;

/**
 * The part of a stream that is being read: bytes are appended at the end, and let go as tokens are read. What is left of
 * a token that is cut by the end of a chunk stays for the next one.
 */
export abstract class Window implements XmlEngine {
  bytes: Buffer = Buffer.alloc(0);
  view = new DataView(new ArrayBuffer(0));
  /** Bytes in the buffer; the one behind is always 0, so that every scan stops there. `parse` sees whole characters. */
  limit = 0;
  /** Offset in the stream of the first byte of the buffer. */
  base = 0;
  /** Whether the stream has ended. */
  final = false;
  /** Start of the token that is being read, for errors that know no better place. */
  tokenStart = 0;
  readonly #onControl?: OnControl;
  /** Bytes behind `limit` that are not to be read. */
  #unread: Buffer = NOTHING;
  /** Bytes of the buffer known to be UTF-8, up to a whole character. */
  #checked = 0;
  readonly #lines = new Lines();
  #words = new Int32Array(0);
  /** A long token is looked at again only when the buffer has grown by half: otherwise reading it would be quadratic. */
  #resumeAt = 0;

  /** `onControl`: where it is given, control characters that XML does not allow are replaced, and told to it. */
  constructor(onControl?: OnControl) {
    this.#onControl = onControl;
  }

  /** Reads tokens from the start of the buffer; returns how many bytes may be let go. */
  protected abstract parse(): number;

  /** The stream has ended, and `parse` has come to `at`. */
  protected abstract finish(at: number): void;

  write(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; at += SLICE) {
      this.#append(chunk.subarray(at, at + SLICE));
      if (this.limit >= this.#resumeAt) this.#run();
    }
  }

  drain(): void {
    this.#run();
  }

  end(): void {
    this.final = true;
    this.#run();
  }

  #append(slice: Uint8Array): void {
    const needed = this.limit + slice.length + 1;
    if (needed > this.bytes.length) this.#grow(needed);
    this.bytes.set(slice, this.limit);
    this.limit += slice.length;
    this.bytes[this.limit] = 0;
  }

  #grow(needed: number): void {
    const size = Math.max(needed, this.bytes.length + (this.bytes.length >> 1), SLICE + (SLICE >> 2));
    const grown = Buffer.allocUnsafeSlow((size + 3) & ~3);
    this.bytes.copy(grown, 0, 0, this.limit + 1);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
    this.#words = new Int32Array(grown.buffer, 0, grown.length >> 2);
  }

  /** Makes room for `length` bytes behind the last one, and returns where. */
  room(length: number): number {
    const at = this.limit + 1;
    if (at + length > this.bytes.length) this.#grow(at + length);
    return at;
  }

  #run(): void {
    let at = 0;
    this.tokenStart = 0;
    try {
      const fault = this.#checkUtf8();
      at = this.#parseWhole();
      if (fault !== undefined) throw fault;
      if (this.final) this.finish(at);
    } catch (error) {
      throw this.#located(error);
    }
    this.#lines.pass(this.bytes, this.#words, at, this.base);
    this.bytes.copyWithin(0, at, this.limit + 1);
    this.limit -= at;
    this.#checked -= at;
    this.base += at;
    this.#resumeAt = this.limit + (this.limit >> 1);
  }

  /** Without the bytes of a character that is cut: nobody knows yet whether it is one. */
  #parseWhole(): number {
    const cut = Buffer.from(this.bytes.subarray(this.#checked, this.limit));
    if (cut.length === 0) return this.parse();
    this.#unread = cut;
    this.limit = this.#checked;
    this.bytes[this.limit] = 0;
    const at = this.parse();
    this.limit += cut.length;
    this.bytes.set(cut, this.#checked);
    this.bytes[this.limit] = 0;
    this.#unread = NOTHING;
    return at;
  }

  /** What is no UTF-8 ends what there is to read: a fault before it is told first. */
  #checkUtf8(): WarehouseError | undefined {
    const { bytes, limit } = this;
    const checked = this.#checked;
    const until = this.final ? limit : wholeCharacters(bytes, checked, limit);
    this.#checked = until;
    if (isUtf8(bytes.subarray(checked, until))) return undefined;
    const invalid = firstInvalid(bytes, checked, until);
    const fault =
      this.final && invalid === limit
        ? refuse('ODM_TRUNCATED', 'The document ends within a character.', this.base + limit)
        : refuse('ODM_ENCODING', 'The document holds bytes that are not UTF-8.', this.base + invalid);
    this.final = false;
    this.#unread = Buffer.from(bytes.subarray(invalid, limit));
    this.limit = this.#checked = invalid;
    bytes[invalid] = 0;
    return fault;
  }

  #located(error: unknown): unknown {
    if (error instanceof WarehouseError && error.place.line === undefined) {
      error.place.byte ??= this.base + this.tokenStart;
      const index = Math.max(0, Math.min(error.place.byte - this.base, this.limit));
      Object.assign(error.place, this.#lines.locate(this.bytes, index, this.base));
    }
    return error;
  }

  /**
   * What is no character of XML stands at bytes[at]: a control character is replaced where that is asked for.
   * @throws data ODM_NOT_WELL_FORMED
   */
  replaceControl(at: number): void {
    if (!this.replacesControl(at)) this.fail(NOT_A_CHARACTER, at);
    this.bytes[at] = REPLACEMENT;
    this.#onControl?.(this.base + at, 1);
  }

  /** Whether it would be. */
  replacesControl(at: number): boolean {
    return this.#onControl !== undefined && this.bytes[at] < REPLACEMENT;
  }

  /** What the stream held from this byte on, as far as it has come: what was to be read when it was refused. */
  rest(from: number): Buffer {
    const at = Math.min(Math.max(from - this.base, 0), this.limit);
    return Buffer.concat([this.bytes.subarray(at, this.limit), this.#unread]);
  }

  fail(message: string, at: number): never {
    throw refuse('ODM_NOT_WELL_FORMED', message, this.base + at);
  }

  refuse(code: OdmErrorCode, message: string, at: number): never {
    throw refuse(code, message, this.base + at);
  }

  /** A token that is cut by the end of the buffer waits for more, within bounds. */
  protected checkLength(at: number): void {
    if (this.limit - at <= LIMITS.attributeBytes) return;
    this.refuse('ODM_TOO_LARGE', `A tag or an attribute value is longer than ${LIMITS.attributeBytes} bytes.`, at);
  }

  /** Index of `text` at or after `at`, within the bytes that have come; else -1. */
  find(text: string, at: number): number {
    const found = this.bytes.indexOf(text, at, 'latin1');
    return found < 0 || found + text.length > this.limit ? -1 : found;
  }
}
