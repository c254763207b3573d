import type { WarehouseError } from '../../lib/errors.ts';
import { refuse } from '../refusal.ts';
import { beginsDeclaration, LONGEST_DECLARATION, readDeclaration } from './declaration.ts';
import { type Decoded, type Decoder, decoderFor, utf16 } from './decoders.ts';

/** Bytes that are taken at a time: a decoded slice is at most three times as long. */
const SLICE = 1 << 18;

/** An error about the document as a whole. */
function disagree(message: string): WarehouseError {
  const error = refuse('ODM_ENCODING', message);
  Object.assign(error.place, { byte: 0, line: 1, column: 1 });
  return error;
}

function declaredDecoder(declared: string): Decoder {
  const decoder = decoderFor(declared);
  if (decoder !== undefined) return decoder;
  throw disagree(
    /^(utf|ucs|iso-10646)/i.test(declared)
      ? `The XML declaration says ${declared}, which the bytes of the document are not.`
      : `The XML declaration names an encoding that is not known: ${declared}.`,
  );
}

/**
 * Finds the encoding of a document from its byte order mark and its XML declaration, which have to agree, and turns
 * it into UTF-8. What is not in that encoding is refused, never replaced: behind it, so that a fault before is told first.
 */
export class EncodingGate {
  readonly #sink: (chunk: Uint8Array) => void;
  readonly #drain: () => void;
  #head: Buffer = Buffer.alloc(0);
  #decoder?: Decoder;
  /** The encoding as declared, or `UTF-8`, `UTF-16LE`, `UTF-16BE` as found. */
  encoding = 'UTF-8';

  /** `drain` is called before a refusal: what went to the sink is to be looked at by then. */
  constructor(sink: (chunk: Uint8Array) => void, drain: () => void = () => {}) {
    this.#sink = sink;
    this.#drain = drain;
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

  #pass({ bytes, fault }: Decoded): void {
    if (bytes.length > 0) this.#sink(bytes);
    if (fault === undefined) return;
    this.#drain();
    throw fault;
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
    this.#begin(declared ?? 'UTF-8', declaredDecoder(declared ?? 'UTF-8'));
  }

  #decideWide(label: 'UTF-16LE' | 'UTF-16BE', final: boolean): void {
    const text = new TextDecoder(label).decode(this.#head.subarray(0, 2 * LONGEST_DECLARATION), { stream: true });
    const declared = this.#declared(text, final);
    if (declared === null) return;
    if (declared !== undefined && !['utf-16', label.toLowerCase()].includes(declared.toLowerCase())) {
      throw disagree(`The bytes of the document are ${label}, the XML declaration says ${declared}.`);
    }
    this.#begin(label, utf16(label));
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
