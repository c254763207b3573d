import sax from 'sax';
import { WarehouseError } from '../../lib/errors.ts';
import { refuse } from '../refusal.ts';
import { isBlank } from './characters.ts';
import { type Attributes, LIMITS, newAttributes, RawWhiteSpace, type XmlEngine, type XmlEvents } from './events.ts';
import type { Names } from './names.ts';
import { blankedIfMixed } from './references.ts';

// sax refuses a value longer than this, but only if it happens to be cut by a chunk: so it is set to our own bound.
(sax as unknown as { MAX_BUFFER_LENGTH: number }).MAX_BUFFER_LENGTH = LIMITS.attributeBytes;

const TEXT_STATE = (sax as unknown as { STATE: Record<string, number> }).STATE.TEXT;

/**
 * What sax makes of a carriage return and a line feed that are written as references: control characters, for it hands
 * out text with references resolved, in which nothing would tell them from the end of a line.
 */
const RETURN = '\v';
const FEED = '\f';
const LINE_END_REFERENCES = Object.fromEntries(
  Array.from({ length: 32 }, (_, zeros) => '0'.repeat(zeros)).flatMap((zeros) => [
    [`#${zeros}13`, RETURN],
    [`#x${zeros}d`, RETURN],
    [`#${zeros}10`, FEED],
    [`#x${zeros}a`, FEED],
  ]),
);
const resolved = (text: string): string => text.replaceAll(RETURN, '\r').replaceAll(FEED, '\n');

/**
 * The reference engine: the npm package sax behind the interface of the tokenizer.
 *
 * It is more lenient than XML. It accepts: a second attribute of the same name (and keeps one), two root elements, a
 * lower-than sign in an attribute, white space before the name of a tag or an end tag, control characters (U+000B is
 * read as a carriage return, U+000C as a line feed), U+FFFE and U+FFFF, `]]>` in text, `&#X41;`, malformed XML
 * declarations and `<?xml ?>` anywhere, processing instructions of any name, `<!` before anything. Attributes named
 * `__proto__` are lost; one named `hasOwnProperty`, and names with characters beyond U+FFFF, make it fail.
 * test/odm/differential/deviations.ts has them one by one.
 *
 * Bounds on depth, attributes and names are those of the tokenizer, where sax lets them be kept.
 */
export class SaxEngine implements XmlEngine {
  readonly #events: XmlEvents;
  readonly #names: Names;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #parser: sax.SAXParser;
  readonly #attributes = newAttributes();
  readonly #rawNames = new Map<string, number>();
  readonly #elements: number[] = [];
  readonly #scopes: Names['scope'][] = [];
  readonly #place = new Place();
  #scratch = Buffer.allocUnsafeSlow(1 << 16);
  #depth = 0;
  /** Where the last start tag began. */
  #tag = { byte: -1, line: 1, column: 1 };
  #rootSeen = false;
  /** A run of text ended with CR: a line feed that follows belongs to it. */
  #afterCarriageReturn = false;

  constructor(events: XmlEvents, names: Names) {
    this.#events = events;
    this.#names = names;
    const parser = sax.parser(true, { strictEntities: true } as sax.SAXOptions);
    this.#parser = parser;
    Object.assign((parser as unknown as { ENTITIES: Record<string, string> }).ENTITIES, LINE_END_REFERENCES);
    parser.onerror = (error) => {
      throw refuse('ODM_NOT_WELL_FORMED', `${error.message.split('\n')[0]}.`);
    };
    parser.ondoctype = () => {
      throw refuse('ODM_DOCTYPE', 'The document has a document type declaration.');
    };
    parser.onopentag = (tag) => this.#open(tag.name, tag.attributes as Record<string, string>);
    parser.onclosetag = () => this.#close();
    parser.ontext = (text) => this.#text(text);
    parser.oncdata = (text) => this.#text(text);
    // What stands between a carriage return and a line feed makes two line ends of them.
    const between = () => {
      this.#afterCarriageReturn = false;
    };
    parser.onopencdata = parser.onclosecdata = between;
    parser.oncomment = parser.onprocessinginstruction = between;
  }

  write(chunk: Uint8Array): void {
    this.#located(() => this.#write(this.#decode(() => this.#decoder.decode(chunk, { stream: true }))));
  }

  /** sax looks at everything at once. */
  drain(): void {}

  end(): void {
    this.#located(() => {
      this.#write(this.#decode(() => this.#decoder.decode()));
      if (!this.#rootSeen) throw refuse('ODM_EMPTY', 'The document is empty.');
      if (this.#depth > 0) throw refuse('ODM_TRUNCATED', 'The document ends before its end tag.');
      this.#parser.close();
    });
  }

  #write(text: string): void {
    if (text === '') return;
    this.#place.add(text);
    this.#parser.write(text);
    if ((this.#parser as unknown as { state: number }).state === TEXT_STATE) this.#place.byteOf(this.#parser.position);
  }

  #decode(decode: () => string): string {
    try {
      return decode();
    } catch {
      throw refuse('ODM_ENCODING', 'The document holds bytes that are not UTF-8.');
    }
  }

  #located(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof WarehouseError && error.place.line === undefined) {
        error.place.byte ??= this.#place.byteOf(this.#parser.position);
        const { line, column } =
          error.place.byte === this.#tag.byte
            ? this.#tag
            : { line: this.#parser.line + 1, column: this.#parser.column + 1 };
        Object.assign(error.place, { line, column });
      }
      throw error;
    }
  }

  #raw(name: string): number {
    let raw = this.#rawNames.get(name);
    if (raw === undefined) {
      const bytes = Buffer.from(name);
      raw = this.#names.qualified(bytes, 0, bytes.length);
      this.#rawNames.set(name, raw);
    }
    return raw;
  }

  #open(tag: string, values: Record<string, string>): void {
    if (this.#depth === LIMITS.depth) {
      throw refuse('ODM_TOO_LARGE', `Elements are nested more than ${LIMITS.depth} deep.`);
    }
    this.#rootSeen = true;
    this.#afterCarriageReturn = false;
    const start = this.#parser.startTagPosition - 1;
    const place = this.#place.byteOf(start);
    this.#tag = this.#place.located();
    const tagSource = this.#place.text(this.#parser.position - start);
    const names = this.#names;
    this.#scopes[++this.#depth] = names.scope;
    const declarations: [number, string][] = [];
    const raws: number[] = [];
    const attributes = this.#attributes;
    attributes.anyRawWhiteSpace = false;
    let at = 0;
    for (const name in values) {
      const raw = this.#raw(name);
      if (names.isDeclaration[raw] === 1) {
        declarations.push([raw, values[name]]);
        continue;
      }
      const k = raws.push(raw) - 1;
      if (k === LIMITS.attributes) {
        throw refuse('ODM_TOO_LARGE', `An element has more than ${LIMITS.attributes} attributes.`);
      }
      const value = resolved(values[name]);
      attributes.starts[k] = at;
      at = this.#encode(value, at);
      attributes.ends[k] = at;
      attributes.rawWhiteSpace[k] = RawWhiteSpace.none;
      if (/[\t\n\r]/.test(value)) this.#findRaw(k, tagSource, name);
    }
    if (declarations.length > 0) names.declare(declarations);
    for (let k = 0; k < raws.length; k++) attributes.names[k] = names.attribute(raws[k]);
    if (raws.length > 1) this.#refuseTwins(attributes, raws.length);
    attributes.bytes = this.#scratch;
    attributes.view = new DataView(this.#scratch.buffer);
    attributes.count = raws.length;
    const element = names.element(this.#raw(tag));
    this.#elements[this.#depth] = element;
    this.#events.open(element, attributes, place, this.#place.byteOf(this.#parser.position));
  }

  /** Finds out whether attribute k, which holds white space other than blanks, holds it raw. */
  #findRaw(k: number, tagSource: string, attribute: string): void {
    const written = Buffer.from(valueIn(tagSource, attribute));
    if (!/[\t\n\r]/.test(written.toString('latin1'))) return;
    const attributes = this.#attributes;
    const blanked = blankedIfMixed(written, 0, written.length);
    attributes.anyRawWhiteSpace = true;
    attributes.rawWhiteSpace[k] = blanked === undefined ? RawWhiteSpace.all : RawWhiteSpace.mixed;
    if (blanked !== undefined) attributes.blanked[k] = blanked;
  }

  /** Two attributes of one expanded name under two prefixes. */
  #refuseTwins(attributes: Attributes, count: number): void {
    for (let k = 1; k < count; k++) {
      if (this.#names.namespace(attributes.names[k]) === '') continue;
      if (attributes.names.subarray(0, k).includes(attributes.names[k])) {
        throw refuse('ODM_NOT_WELL_FORMED', 'An attribute stands twice.');
      }
    }
  }

  /** Writes a text to the scratch bytes at `at`; returns its end. */
  #encode(text: string, at: number): number {
    if (at + text.length * 3 > this.#scratch.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#scratch.length * 2, at + text.length * 3));
      this.#scratch.copy(grown, 0, 0, at);
      this.#scratch = grown;
    }
    return at + this.#scratch.write(text, at, 'utf8');
  }

  #close(): void {
    const depth = this.#depth--;
    this.#afterCarriageReturn = false;
    this.#names.scope = this.#scopes[depth];
    this.#events.close(this.#elements[depth], this.#place.byteOf(this.#parser.position));
  }

  #text(text: string): void {
    if (this.#depth === 0) return;
    if (this.#afterCarriageReturn && text.startsWith('\n')) text = text.slice(1);
    this.#afterCarriageReturn = text.endsWith('\r');
    if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
    const end = this.#encode(resolved(text), 0);
    if (end > 0) this.#events.text(this.#scratch, 0, end, isBlank(this.#scratch, 0, end));
  }
}

/** The value of an attribute as it stands in its start tag. */
function valueIn(tagSource: string, attribute: string): string {
  for (const [, name, value] of tagSource.matchAll(/([^\s=<]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
    if (name === attribute) return value.slice(1, -1);
  }
  return '';
}

/** Byte offsets of places that sax gives in UTF-16 units; places are asked for in ascending order. */
class Place {
  /** Text from `#unit` on. */
  #pending = '';
  #unit = 0;
  #byte = 0;
  #line = 1;
  #lineStart = 0;
  #ascii = true;

  add(text: string): void {
    const ascii = Buffer.byteLength(text) === text.length;
    this.#ascii = this.#ascii ? ascii : this.#pending === '' && ascii;
    this.#pending += text;
  }

  /** The text from the place that was asked for last. */
  text(units: number): string {
    return this.#pending.slice(0, units);
  }

  byteOf(unit: number): number {
    this.#advance(unit - this.#unit);
    return this.#byte;
  }

  /** The place that was asked for last, with line and column (in bytes), from 1. */
  located(): { byte: number; line: number; column: number } {
    return { byte: this.#byte, line: this.#line, column: this.#byte - this.#lineStart + 1 };
  }

  #advance(units: number): void {
    if (units <= 0) return;
    const passed = this.#pending.slice(0, units);
    const lines = passed.split('\n');
    this.#line += lines.length - 1;
    this.#byte += this.#ascii ? units : Buffer.byteLength(passed);
    if (lines.length > 1) this.#lineStart = this.#byte - Buffer.byteLength(lines[lines.length - 1]);
    this.#unit += units;
    this.#pending = this.#pending.slice(units);
  }
}
