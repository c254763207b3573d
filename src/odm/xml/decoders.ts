import { isAscii } from 'node:buffer';
import type { ErrorPlace, WarehouseError } from '../../lib/errors.ts';
import { refuse } from '../refusal.ts';
import { codePage } from './code-pages.ts';

/** What became of a chunk: UTF-8, and what is wrong behind it. */
export interface Decoded {
  readonly bytes: Uint8Array;
  readonly fault?: WarehouseError;
}

/** Turns chunks of one encoding into chunks of UTF-8. What is not in that encoding is a fault, never replaced. */
export interface Decoder {
  decode(chunk: Uint8Array): Decoded;
  end(): Decoded;
}

const NOTHING: Decoded = { bytes: new Uint8Array(0) };

function wrong(encoding: string, place: ErrorPlace): WarehouseError {
  const error = refuse('ODM_ENCODING', `The document holds bytes that are not ${encoding}.`);
  Object.assign(error.place, place);
  return error;
}

/** Where in the document, as UTF-8, decoding has come to. */
class Place {
  #byte = 0;
  #line = 1;
  #lineStart = 0;

  pass(bytes: Uint8Array): void {
    for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) {
      this.#line++;
      this.#lineStart = this.#byte + i + 1;
    }
    this.#byte += bytes.length;
  }

  get here(): ErrorPlace {
    return { byte: this.#byte, line: this.#line, column: this.#byte - this.#lineStart + 1 };
  }
}

/** UTF-8 goes straight through: the tokenizer checks it. */
const straight: Decoder = { decode: (bytes) => ({ bytes }), end: () => NOTHING };

class Ascii implements Decoder {
  readonly #place = new Place();

  decode(chunk: Uint8Array): Decoded {
    const index = isAscii(chunk) ? chunk.length : chunk.findIndex((byte) => byte > 127);
    const bytes = chunk.subarray(0, index);
    this.#place.pass(bytes);
    return { bytes, fault: index < chunk.length ? wrong('US-ASCII', this.#place.here) : undefined };
  }

  end(): Decoded {
    return NOTHING;
  }
}

/**
 * Encodings of one byte a character. Bytes that stand for no character, or for a control character U+0080 to U+009F,
 * are refused: a file that holds them is not in the encoding it declares (most often it is windows-1252).
 */
class SingleByte implements Decoder {
  readonly #encoding: string;
  readonly #upper: readonly (Buffer | undefined)[];
  readonly #place = new Place();

  constructor(encoding: string, upper: readonly (string | undefined)[]) {
    this.#encoding = encoding;
    this.#upper = upper.map((character) => (character === undefined ? undefined : Buffer.from(character)));
  }

  decode(chunk: Uint8Array): Decoded {
    const out = Buffer.allocUnsafe(chunk.length * 3);
    let at = 0;
    let isWrong = false;
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] < 128) {
        out[at++] = chunk[i];
        continue;
      }
      const character = this.#upper[chunk[i] - 128];
      if (character === undefined) {
        isWrong = true;
        break;
      }
      for (const byte of character) out[at++] = byte;
    }
    const bytes = out.subarray(0, at);
    this.#place.pass(bytes);
    return { bytes, fault: isWrong ? wrong(this.#encoding, this.#place.here) : undefined };
  }

  end(): Decoded {
    return NOTHING;
  }
}

/** A surrogate that is not one of a pair, in text of whole pairs. */
const LONE_SURROGATE = /\p{Cs}/u;

class Utf16 implements Decoder {
  readonly #encoding: string;
  readonly #bigEndian: boolean;
  readonly #place = new Place();
  /** Half a unit, or the first unit of a pair. */
  #rest: Buffer = Buffer.alloc(0);
  #begun = false;

  constructor(encoding: 'UTF-16LE' | 'UTF-16BE') {
    this.#encoding = encoding;
    this.#bigEndian = encoding === 'UTF-16BE';
  }

  decode(chunk: Uint8Array): Decoded {
    const bytes = Buffer.concat([this.#rest, chunk]);
    let whole = bytes.length & ~1;
    const last = this.#bigEndian ? bytes[whole - 2] : bytes[whole - 1];
    if (last >= 0xd8 && last <= 0xdb) whole -= 2;
    this.#rest = bytes.subarray(whole);
    const units = bytes.subarray(0, whole);
    let text = (this.#bigEndian ? units.swap16() : units).toString('utf16le');
    if (!this.#begun && text !== '') {
      this.#begun = true;
      if (text.startsWith('\ufeff')) text = text.slice(1);
    }
    const lone = text.search(LONE_SURROGATE);
    const decoded = Buffer.from(lone < 0 ? text : text.slice(0, lone));
    this.#place.pass(decoded);
    return { bytes: decoded, fault: lone < 0 ? undefined : wrong(this.#encoding, this.#place.here) };
  }

  end(): Decoded {
    if (this.#rest.length === 0) return NOTHING;
    return { ...NOTHING, fault: wrong(this.#encoding, this.#place.here) };
  }
}

/** Encodings of East Asia, as the Encoding Standard has them. */
const MULTI_BYTE = new Set(['shift_jis', 'euc-jp', 'gbk', 'gb18030', 'big5', 'euc-kr', 'x-mac-cyrillic']);

class MultiByte implements Decoder {
  readonly #encoding: string;
  readonly #decoder: InstanceType<typeof TextDecoder>;

  constructor(encoding: string, decoder: InstanceType<typeof TextDecoder>) {
    this.#encoding = encoding;
    this.#decoder = decoder;
  }

  decode(chunk: Uint8Array): Decoded {
    return this.#decode(() => this.#decoder.decode(chunk, { stream: true }));
  }

  end(): Decoded {
    return this.#decode(() => this.#decoder.decode());
  }

  /** Where in the chunk it goes wrong, TextDecoder does not say. */
  #decode(decode: () => string): Decoded {
    try {
      return { bytes: Buffer.from(decode()) };
    } catch {
      return { ...NOTHING, fault: wrong(this.#encoding, {}) };
    }
  }
}

export function utf16(encoding: 'UTF-16LE' | 'UTF-16BE'): Decoder {
  return new Utf16(encoding);
}

/** A decoder for a document without byte order mark that has ASCII as its lower half; undefined for a name nobody knows. */
export function decoderFor(declared: string): Decoder | undefined {
  const name = declared.toLowerCase();
  if (name === 'utf-8' || name === 'utf8') return straight;
  if (name === 'us-ascii' || name === 'ascii') return new Ascii();
  const upper = codePage(name);
  if (upper !== undefined) return new SingleByte(declared, upper);
  try {
    const decoder = new TextDecoder(name, { fatal: true });
    return MULTI_BYTE.has(decoder.encoding) ? new MultiByte(declared, decoder) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
