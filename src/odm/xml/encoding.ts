import { isAscii } from 'node:buffer';
import type { ErrorPlace, WarehouseError } from '../../lib/errors.ts';
import { refuse } from '../refusal.ts';
import { beginsDeclaration, LONGEST_DECLARATION, readDeclaration } from './declaration.ts';

/** Turns chunks of one encoding into chunks of UTF-8. */
interface Decoder {
  decode(chunk: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

const NOTHING = new Uint8Array(0);
/** Bytes that are taken at a time: a decoded slice is at most three times as long. */
const SLICE = 1 << 18;

function wrong(encoding: string, place: ErrorPlace): WarehouseError {
  const error = refuse('ODM_ENCODING', `The document holds bytes that are not ${encoding}.`);
  Object.assign(error.place, place);
  return error;
}

/** An error about the document as a whole. */
function disagree(message: string): WarehouseError {
  const error = refuse('ODM_ENCODING', message);
  Object.assign(error.place, { byte: 0, line: 1, column: 1 });
  return error;
}

/** Where the bytes that were decoded are, in a document of one byte a character. */
class Place {
  #byte = 0;
  #line = 1;
  #lineStart = 0;

  pass(chunk: Uint8Array, end = chunk.length): void {
    for (let i = 0; i < end; i++) {
      if (chunk[i] !== 10) continue;
      this.#line++;
      this.#lineStart = this.#byte + i + 1;
    }
    this.#byte += end;
  }

  at(chunk: Uint8Array, index: number): ErrorPlace {
    this.pass(chunk, index);
    return { byte: this.#byte, line: this.#line, column: this.#byte - this.#lineStart + 1 };
  }
}

/** UTF-8 goes straight through: the tokenizer checks it. */
const straight: Decoder = { decode: (chunk) => chunk, end: () => NOTHING };

class Ascii implements Decoder {
  readonly #place = new Place();

  decode(chunk: Uint8Array): Uint8Array {
    const index = isAscii(chunk) ? -1 : chunk.findIndex((byte) => byte > 127);
    if (index >= 0) throw wrong('US-ASCII', this.#place.at(chunk, index));
    this.#place.pass(chunk);
    return chunk;
  }

  end(): Uint8Array {
    return NOTHING;
  }
}

/** windows-1252, 0x80 to 0x9F (WHATWG index; 0 where the code page has no character). */
const WINDOWS_1252 = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0,
  0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
];

/**
 * Encodings of one byte a character. Bytes that stand for no character, or for a control character U+0080 to U+009F,
 * are refused: a file that holds them is not in the encoding it declares (most often it is windows-1252).
 */
class SingleByte implements Decoder {
  readonly #encoding: string;
  readonly #characters: (Buffer | undefined)[];
  readonly #place = new Place();

  constructor(encoding: string, character: (byte: number) => string | undefined) {
    this.#encoding = encoding;
    this.#characters = Array.from({ length: 256 }, (_, byte) => {
      const text = character(byte);
      return text === undefined || /[\u0080-\u009f\ufffd]/.test(text) ? undefined : Buffer.from(text);
    });
  }

  decode(chunk: Uint8Array): Uint8Array {
    const out = Buffer.allocUnsafe(chunk.length * 3);
    let at = 0;
    for (let i = 0; i < chunk.length; i++) {
      const character = this.#characters[chunk[i]];
      if (character === undefined) throw wrong(this.#encoding, this.#place.at(chunk, i));
      for (const byte of character) out[at++] = byte;
    }
    this.#place.pass(chunk);
    return out.subarray(0, at);
  }

  end(): Uint8Array {
    return NOTHING;
  }
}

function decodedByte(label: string): (byte: number) => string | undefined {
  return (byte) => {
    try {
      return new TextDecoder(label, { fatal: true }).decode(Uint8Array.of(byte));
    } catch {
      return undefined;
    }
  };
}

class MultiByte implements Decoder {
  readonly #encoding: string;
  readonly #decoder: InstanceType<typeof TextDecoder>;

  constructor(encoding: string, label: string) {
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(label, { fatal: true });
  }

  decode(chunk: Uint8Array): Uint8Array {
    return this.#decode(() => this.#decoder.decode(chunk, { stream: true }));
  }

  end(): Uint8Array {
    return this.#decode(() => this.#decoder.decode());
  }

  #decode(decode: () => string): Uint8Array {
    try {
      return Buffer.from(decode());
    } catch {
      throw wrong(this.#encoding, {});
    }
  }
}

/** Labels whose meaning in the Encoding Standard is a wider code page than the one that is declared. */
const LATIN: Record<string, string> = {
  'iso-8859-1': 'latin1',
  'iso-8859-9': 'windows-1254',
  'iso-8859-11': 'windows-874',
};

function decoderFor(declared: string): Decoder {
  const name = declared.toLowerCase();
  if (name === 'utf-8' || name === 'utf8') return straight;
  if (name === 'us-ascii' || name === 'ascii') return new Ascii();
  if (name === 'windows-1252' || name === 'cp1252') {
    return new SingleByte(declared, (byte) =>
      byte < 0x80 || byte > 0x9f
        ? String.fromCharCode(byte)
        : WINDOWS_1252[byte - 0x80] === 0
          ? undefined
          : String.fromCharCode(WINDOWS_1252[byte - 0x80]),
    );
  }
  const latin = LATIN[name];
  if (latin === 'latin1') return new SingleByte(declared, (byte) => String.fromCharCode(byte));
  if (latin !== undefined) {
    const decode = decodedByte(latin);
    return new SingleByte(declared, (byte) => (byte >= 0x80 && byte <= 0x9f ? undefined : decode(byte)));
  }
  if (/^(utf|ucs|iso-10646)/.test(name)) {
    throw disagree(`The XML declaration says ${declared}, which the bytes of the document are not.`);
  }
  try {
    const label = name.replace(/^cp(125\d)$/, 'windows-$1');
    const single = /^(iso-8859-\d+|windows-\d+|koi8-[ru]|ibm866|macintosh|x-mac-cyrillic|cp\d+|tis-620)$/.test(label);
    return single ? new SingleByte(declared, knownByte(label)) : new MultiByte(declared, label);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw disagree(`The XML declaration names an encoding that is not known: ${declared}.`);
  }
}

function knownByte(label: string): (byte: number) => string | undefined {
  void new TextDecoder(label);
  return decodedByte(label);
}

/**
 * Finds the encoding of a document from its byte order mark and its XML declaration, which have to agree, and turns
 * it into UTF-8. What is not in that encoding is refused, never replaced.
 */
export class EncodingGate {
  readonly #sink: (chunk: Uint8Array) => void;
  #head: Buffer = Buffer.alloc(0);
  #decoder?: Decoder;
  /** The encoding as declared, or `UTF-8`, `UTF-16LE`, `UTF-16BE` as found. */
  encoding = 'UTF-8';

  constructor(sink: (chunk: Uint8Array) => void) {
    this.#sink = sink;
  }

  write(chunk: Uint8Array): void {
    if (this.#decoder !== undefined) {
      for (let at = 0; at < chunk.length; at += SLICE) this.#pass(this.#decoder.decode(chunk.subarray(at, at + SLICE)));
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    this.#decide(false);
  }

  end(): void {
    if (this.#decoder === undefined) this.#decide(true);
    if (this.#decoder !== undefined) this.#pass(this.#decoder.end());
  }

  #pass(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#sink(bytes);
  }

  #decide(final: boolean): void {
    const head = this.#head;
    if (head.length < 4 && !final) return;
    const wide = wideEncoding(head);
    if (wide !== undefined) {
      this.#decideWide(wide, final);
      return;
    }
    const mark = head.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? 3 : 0;
    const text = head.toString('latin1', mark, Math.min(head.length, mark + LONGEST_DECLARATION));
    const declared = this.#declared(text, final);
    if (declared === null) return;
    if (mark > 0 && declared !== undefined && !/^utf-?8$/i.test(declared)) {
      throw disagree(`The byte order mark says UTF-8, the XML declaration ${declared}.`);
    }
    this.#begin(declared ?? 'UTF-8', decoderFor(declared ?? 'UTF-8'));
  }

  #decideWide(label: 'UTF-16LE' | 'UTF-16BE', final: boolean): void {
    const text = new TextDecoder(label).decode(this.#head.subarray(0, 2 * LONGEST_DECLARATION), { stream: true });
    const declared = this.#declared(text, final);
    if (declared === null) return;
    if (declared !== undefined && !['utf-16', label.toLowerCase()].includes(declared.toLowerCase())) {
      throw disagree(`The bytes of the document are ${label}, the XML declaration says ${declared}.`);
    }
    this.#begin(label, new MultiByte(label, label));
  }

  /** The encoding that is declared; undefined where none is, or the tokenizer will refuse the declaration; null where more bytes are needed. */
  #declared(text: string, final: boolean): string | undefined | null {
    const undecided = '<?xml '.startsWith(text.slice(0, 6)) && text.length < 6;
    if (undecided && !final) return null;
    if (!beginsDeclaration(text)) return undefined;
    const close = text.indexOf('?>');
    if (close >= 0) return readDeclaration(text.slice(0, close + 2))?.encoding;
    return final || text.length >= LONGEST_DECLARATION ? undefined : null;
  }

  #begin(encoding: string, decoder: Decoder): void {
    this.encoding = encoding;
    this.#decoder = decoder;
    const head = this.#head;
    this.#head = Buffer.alloc(0);
    this.write(head);
  }
}

/** UTF-16 by byte order mark, or by how `<?` or `<O` looks in it (XML 1.0, appendix F). UTF-32 is refused. */
function wideEncoding(head: Buffer): 'UTF-16LE' | 'UTF-16BE' | undefined {
  const zeros = head.subarray(0, 4).filter((byte) => byte === 0).length;
  if (head.length >= 4 && zeros >= 2 && (head.readUInt16BE(0) === 0 || head.readUInt16LE(2) === 0)) {
    throw disagree('The document is in UTF-32, which ODM does not use.');
  }
  if (head.length < 2) return undefined;
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0x3c && head[1] === 0)) return 'UTF-16LE';
  if ((head[0] === 0xfe && head[1] === 0xff) || (head[0] === 0 && head[1] === 0x3c)) return 'UTF-16BE';
  return undefined;
}
