import { LineBreaks } from './line-breaks.ts';

/** Where a record stands in its file. */
export interface CsvPlace {
  /** Line on which it begins, from 1. */
  readonly line: number;
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset behind its last byte, the line break that ends it included. */
  readonly end: number;
}

/**
 * Finds the bytes of a record, whatever their encoding. The parser sees decoded text and says where in it a record
 * ends; text and bytes have the same line breaks in the same order, so that counting them leads from one to the other.
 */
export class CsvPlaces {
  /** Of the decoded text, as UTF-8. */
  readonly #text = new LineBreaks();
  readonly #file: LineBreaks;
  /** Bytes whose records may still be asked for; from which offset on. */
  #bytes: Buffer = Buffer.alloc(0);
  #from = 0;
  /** Where the last record that was asked for ended: in the text, and in the file. */
  #textEnd = 0;
  #fileEnd = 0;
  #line = 1;
  /** Breaks before that place which are still remembered. */
  #passed = 0;

  /** @param encoding as TextDecoder names it */
  constructor(encoding: string) {
    this.#file = new LineBreaks(encoding);
  }

  /** Takes the next bytes, and the text decoded from them as far as it is complete. */
  take(bytes: Uint8Array, text: Uint8Array): void {
    this.#forget();
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    this.#file.take(bytes);
    this.#text.take(text);
  }

  /**
   * The place of the next record, around empty lines before it.
   * @param textEnd where it ends in the text, in bytes of UTF-8
   */
  next(textEnd: number): CsvPlace {
    while (this.#text.begins[this.#passed] === this.#textEnd) this.#passBreak();
    const { line, start } = { line: this.#line, start: this.#fileEnd };
    while (this.#text.begins[this.#passed] < textEnd) this.#passBreak();
    if (this.#textEnd < textEnd) {
      // Only the last record of a file may end without a line break.
      this.#textEnd = textEnd;
      this.#fileEnd = this.#file.size;
    }
    return { line, start, end: this.#fileEnd };
  }

  /**
   * Line of the field behind a place in the text, which is not before the end of the last record that was asked for.
   * @param textEnd where the field or record before it ends, in bytes of UTF-8
   */
  lineAt(textEnd: number): number {
    const { begins, ends } = this.#text;
    let passed = this.#passed;
    while (begins[passed] < textEnd) passed++;
    // Empty lines before it.
    for (let at = textEnd; begins[passed] === at; passed++) at = ends[passed];
    return this.#line + passed - this.#passed;
  }

  /** The bytes of the record that was asked for last. */
  bytesOf({ start, end }: CsvPlace): Uint8Array {
    return this.#bytes.subarray(start - this.#from, end - this.#from);
  }

  #passBreak(): void {
    this.#textEnd = this.#text.ends[this.#passed];
    this.#fileEnd = this.#file.ends[this.#passed];
    this.#line++;
    this.#passed++;
  }

  #forget(): void {
    this.#text.drop(this.#passed);
    this.#file.drop(this.#passed);
    this.#passed = 0;
    this.#bytes = this.#bytes.subarray(this.#fileEnd - this.#from);
    this.#from = this.#fileEnd;
  }
}
