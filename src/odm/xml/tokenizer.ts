import {
  DOUBLE_QUOTED,
  isBlank,
  isNoncharacter,
  NAME,
  NAME_START,
  SINGLE_QUOTED,
  SPACE,
  TEXT,
  TextClass,
  ValueClass,
} from './characters.ts';
import { NOT_A_CHARACTER, type OnControl } from './controls.ts';
import { LIMITS, newAttributes, RawWhiteSpace, type XmlEvents } from './events.ts';
import { Markup } from './markup.ts';
import type { Names } from './names.ts';
import { blankedIfMixed, decode, referenceEnd } from './references.ts';
import { MORE, Window } from './window.ts';

/** Attributes of a tag are predicted one by one up to this many, as a power of two. */
const POSITION_BITS = 4;
const LAST_POSITION = (1 << POSITION_BITS) - 1;

/** Names that followed a name, last time and the time before. */
const newFollowers = (): Int32Array => new Int32Array(LIMITS.names).fill(-1);

/**
 * Reads UTF-8 without a document type declaration, as strict as libxml2, from chunks cut anywhere.
 *
 * Works on bytes: names are compared with the ones that followed last time, values are handed on as byte ranges, and
 * only values that hold a reference are copied (behind the last byte of the buffer). Line breaks in attribute values
 * are handed on as they were sent, although XML 1.0, 3.3.3 turns them into spaces: EDC systems write them and mean them.
 */
export class Tokenizer extends Window {
  readonly #events: XmlEvents;
  readonly #names: Names;
  readonly #onControl?: OnControl;
  readonly #markup = new Markup(this, (start, end) => this.#say(start, end));
  #rootSeen = false;
  #depth = 0;
  readonly #stack = new Int32Array(LIMITS.depth + 1);
  readonly #elements = new Int32Array(LIMITS.depth + 1);
  readonly #scopes: Names['scope'][] = [];

  readonly #attributes = newAttributes();
  readonly #raw = new Int32Array(LIMITS.attributes);
  readonly #rawStarts = new Int32Array(LIMITS.attributes);
  /** 1 where a value holds a reference. */
  readonly #coded = new Uint8Array(LIMITS.attributes);
  /** The start tag, by its number, in which an attribute of this name was seen last. */
  readonly #seen = new Int32Array(LIMITS.names);
  #serial = 0;
  /** The expanded names of a tag of many attributes. */
  readonly #resolved = new Int32Array(LIMITS.attributes);

  readonly #nextTag = newFollowers();
  readonly #otherTag = newFollowers();
  /** By tag and position: the name of the attribute that stood there last time, plus 1. */
  readonly #attributeAt = new Int32Array(LIMITS.names << POSITION_BITS);
  /**
   * By tag: what the names of its attributes stood for when they were last looked up, how many there were (-1 if another
   * name has come since), and under which bindings.
   */
  readonly #namesOf: Int32Array[] = [];
  readonly #countOf = new Int32Array(LIMITS.names);
  readonly #scopeOf: Names['scope'][] = [];
  #lastTag = 0;

  /** `onControl`: as Window. */
  constructor(events: XmlEvents, names: Names, onControl?: OnControl) {
    super(onControl);
    this.#onControl = onControl;
    this.#events = events;
    this.#names = names;
  }

  /** The mark that ends the comment, CDATA section or processing instruction that is being read. */
  get closing(): string | undefined {
    return this.#markup.closing;
  }

  protected parse(): number {
    const { limit } = this;
    const markup = this.#markup;
    let at = 0;
    while (at < limit) {
      this.tokenStart = at;
      const next = markup.isContent ? this.#token(at) : markup.read(at);
      if (next === MORE) {
        this.checkLength(at);
        break;
      }
      at = next;
    }
    return at;
  }

  protected finish(at: number): void {
    if (this.#depth > 0 || at < this.limit || !this.#markup.isClosed) {
      this.refuse('ODM_TRUNCATED', 'The document ends before its end tag.', this.limit);
    }
    if (this.#rootSeen) return;
    if (this.#markup.blank) this.refuse('ODM_EMPTY', 'The document is empty.', this.limit);
    this.refuse('ODM_TRUNCATED', 'The document ends before its root element.', this.limit);
  }

  #token(at: number): number {
    const { bytes } = this;
    if (bytes[at] !== 60) return this.#text(at);
    const second = bytes[at + 1];
    if (NAME_START[second] === 1) return this.#startTag(at);
    if (second === 47) return this.#endTag(at);
    if (at + 1 >= this.limit) return MORE;
    if (second === 33) return this.#markup.declaration(at, this.#depth, this.#rootSeen);
    if (second === 63) return this.#markup.instruction(at);
    this.fail('A tag does not begin with a name.', at);
  }

  #text(at: number): number {
    const { bytes } = this;
    let i = at;
    let byte = bytes[i];
    while (byte === 32 || byte === 10 || byte === 9) byte = bytes[++i];
    if (byte === 60) {
      if (this.#depth > 0 && this.#events.takesBlank) this.#events.text(bytes, at, i, true);
      return i;
    }
    if (this.#depth === 0) return this.#blankOutside(at);
    let coded = false;
    for (;;) {
      while (TEXT[bytes[i]] === TextClass.plain) i++;
      const kind = i >= this.limit ? TextClass.open : TEXT[bytes[i]];
      if (kind === TextClass.open) break;
      if (kind === TextClass.carriageReturn || kind === TextClass.reference) coded = true;
      const behind = this.#textByte(kind, i, at);
      if (behind === MORE) break;
      i = behind;
    }
    if (i === at) return MORE;
    this.#emitText(at, i, coded);
    return i;
  }

  #blankOutside(at: number): number {
    let i = at;
    while (SPACE[this.bytes[i]] === 1) i++;
    if (i < this.limit && this.bytes[i] !== 60) this.fail('Text stands outside the root element.', i);
    return i;
  }

  /** The index behind what needs a look in text that begins at `from`, or MORE where it may be cut. */
  #textByte(kind: number, i: number, from: number): number {
    const { bytes, limit } = this;
    if (kind === TextClass.reference) {
      const close = referenceEnd(bytes, i, limit);
      if (close < 0) this.#failText('An ampersand begins no reference.', i, from);
      return close === limit ? MORE : close + 1;
    }
    if (kind === TextClass.carriageReturn) return i + 1 === limit && !this.final ? MORE : i + 1;
    if (kind === TextClass.bracket) {
      if (bytes[i + 1] === 93 && bytes[i + 2] === 62) this.#failText("Text holds ']]>'.", i, from);
      const cut = i + 1 === limit || (i + 2 === limit && bytes[i + 1] === 93);
      return cut && !this.final ? MORE : i + 1;
    }
    if (kind === TextClass.control || isNoncharacter(bytes, i)) {
      if (!this.replacesControl(i)) this.#failText(NOT_A_CHARACTER, i, from);
      this.replaceControl(i);
    }
    return i + 1;
  }

  /** References before, which are looked at when the text is handed on, may be the first fault. */
  #failText(message: string, i: number, from: number): never {
    decode(this.bytes, from, i, this.room(i - from), true, this.base, this.#onControl && (() => {}));
    this.fail(message, i);
  }

  #emitText(start: number, end: number, coded: boolean): void {
    if (coded) {
      const at = this.room(end - start);
      this.#say(at, decode(this.bytes, start, end, at, true, this.base, this.#onControl));
    } else {
      this.#say(start, end);
    }
  }

  #say(start: number, end: number): void {
    this.#events.text(this.bytes, start, end, isBlank(this.bytes, start, end));
  }

  #endTag(at: number): number {
    const { bytes } = this;
    const depth = this.#depth;
    let i = depth > 0 ? this.#names.raw.matchAt(this.#stack[depth], this.view, at + 2, this.limit) : -1;
    if (i >= 0) {
      while (SPACE[bytes[i]] === 1) i++;
      if (bytes[i] === 62) return this.#close(i + 1);
    }
    i = at + 2;
    if (i < this.limit && NAME_START[bytes[i]] === 0) this.fail('An end tag does not begin with a name.', at);
    while (NAME[bytes[i]] === 1) i++;
    while (SPACE[bytes[i]] === 1) i++;
    if (i >= this.limit) return MORE;
    if (bytes[i] !== 62) this.fail('An end tag holds more than a name.', i);
    this.fail(depth === 0 ? 'An end tag has no start tag.' : 'An end tag does not match its start tag.', at);
  }

  #close(end: number): number {
    const depth = this.#depth--;
    this.#names.scope = this.#scopes[depth];
    this.#events.close(this.#elements[depth], this.base + end);
    return end;
  }

  #startTag(at: number): number {
    const { bytes, view, limit } = this;
    const { raw: intern } = this.#names;
    const last = this.#lastTag;
    let tag = this.#nextTag[last];
    let behind = tag >= 0 ? intern.matchAt(tag, view, at + 1, limit) : -1;
    if (behind < 0 || NAME[bytes[behind]] === 1) {
      const other = this.#otherTag[last];
      this.#otherTag[last] = tag;
      tag = other;
      behind = tag >= 0 ? intern.matchAt(tag, view, at + 1, limit) : -1;
      if (behind < 0 || NAME[bytes[behind]] === 1) {
        behind = at + 1;
        while (NAME[bytes[behind]] === 1) behind++;
        if (behind >= limit) return MORE;
        tag = this.#names.qualified(bytes, at + 1, behind);
      }
      this.#nextTag[last] = tag;
    }
    return this.#attributeList(at, behind, tag);
  }

  /** The rest of a start tag. One long function, because most of a document is read here. */
  #attributeList(at: number, from: number, tag: number): number {
    const { bytes, view, limit } = this;
    const names = this.#names;
    const intern = names.raw;
    const { isDeclaration } = names;
    const { starts, ends, rawWhiteSpace } = this.#attributes;
    const raw = this.#raw;
    const rawStarts = this.#rawStarts;
    const coded = this.#coded;
    const attributeAt = this.#attributeAt;
    const positions = tag << POSITION_BITS;
    let i = from;
    let count = 0;
    let anyCoded = 0;
    let anyDeclaration = 0;
    for (;;) {
      const gap = i;
      while (SPACE[bytes[i]] === 1) i++;
      const byte = bytes[i];
      if (byte === 62 || byte === 47) break;
      if (i >= limit) return MORE;
      if (gap === i) this.fail('White space is missing before an attribute.', i);
      if (NAME_START[byte] === 0) this.fail('An attribute does not begin with a name.', i);
      if (count === LIMITS.attributes) {
        this.refuse('ODM_TOO_LARGE', `An element has more than ${LIMITS.attributes} attributes.`, i);
      }
      const start = i;
      const position = positions | Math.min(count, LAST_POSITION);
      let name = attributeAt[position] - 1;
      let behind = name >= 0 ? intern.matchAt(name, view, start, limit) : -1;
      if (behind < 0 || NAME[bytes[behind]] === 1) {
        name = -1;
        behind = start;
        while (NAME[bytes[behind]] === 1) behind++;
      }
      i = behind;
      while (SPACE[bytes[i]] === 1) i++;
      if (i >= limit) return MORE;
      if (bytes[i] !== 61) this.fail('An attribute has no value.', i);
      i++;
      while (SPACE[bytes[i]] === 1) i++;
      if (i >= limit) return MORE;
      const quote = bytes[i];
      if (quote !== 34 && quote !== 39) this.fail('An attribute value is not quoted.', i);
      const table = quote === 34 ? DOUBLE_QUOTED : SINGLE_QUOTED;
      const valueStart = ++i;
      let special = 0;
      for (;;) {
        let kind: number = table[bytes[i]];
        while (kind < ValueClass.quote) {
          special |= kind;
          kind = table[bytes[++i]];
        }
        if (kind === ValueClass.quote) break;
        if (i >= limit) return MORE;
        if (kind === ValueClass.open) this.fail("An attribute value holds '<'.", i);
        if (kind === ValueClass.control || isNoncharacter(bytes, i)) this.replaceControl(i);
        i++;
      }
      if (name < 0) {
        this.#countOf[tag] = -1;
        this.tokenStart = start;
        name = names.qualified(bytes, start, behind);
        this.tokenStart = at;
        attributeAt[position] = name + 1;
      }
      raw[count] = name;
      rawStarts[count] = start;
      coded[count] = special & ValueClass.reference;
      rawWhiteSpace[count] = special >> 1;
      starts[count] = valueStart;
      ends[count] = i;
      anyDeclaration |= isDeclaration[name];
      anyCoded |= special;
      count++;
      i++;
    }
    const empty = bytes[i] === 47;
    if (empty) {
      if (i + 1 >= limit) return MORE;
      if (bytes[++i] !== 62) this.fail("'/' does not end a tag.", i - 1);
    }
    const end = i + 1;
    this.#lastTag = tag;
    if ((anyCoded & ValueClass.reference) !== 0) this.#decodeValues(end - at, count);
    this.#attributes.anyRawWhiteSpace = (anyCoded & ValueClass.space) !== 0;
    this.#scopes[this.#depth + 1] = names.scope;
    if (anyDeclaration === 1) count = this.#declare(count);
    const isKnown = this.#countOf[tag] === count && this.#scopeOf[tag] === names.scope;
    this.#attributes.names = isKnown ? this.#namesOf[tag] : this.#resolve(tag, count);
    this.#open(at, end, tag, count);
    return empty ? this.#close(end) : end;
  }

  #decodeValues(length: number, count: number): void {
    const { starts, ends, rawWhiteSpace, blanked } = this.#attributes;
    let at = this.room(length);
    for (let k = 0; k < count; k++) {
      if (this.#coded[k] === 0) continue;
      const until = decode(this.bytes, starts[k], ends[k], at, false, this.base, this.#onControl);
      if (rawWhiteSpace[k] === RawWhiteSpace.all) {
        const found = blankedIfMixed(this.bytes, starts[k], ends[k], this.#onControl && (() => {}));
        if (found !== undefined) {
          rawWhiteSpace[k] = RawWhiteSpace.mixed;
          blanked[k] = found;
        }
      }
      starts[k] = at;
      ends[k] = until;
      at = until;
    }
  }

  /** The expanded names of the attributes of a tag, of which none stands twice; kept for the next such tag if few. */
  #resolve(tag: number, count: number): Int32Array {
    const { scope } = this.#names;
    const raw = this.#raw;
    const seen = this.#seen;
    const serial = ++this.#serial;
    const isKept = count <= LAST_POSITION;
    const found = isKept ? (this.#namesOf[tag] ?? new Int32Array(LAST_POSITION)) : this.#resolved;
    for (let k = 0; k < count; k++) {
      let name = scope.attributes[raw[k]];
      if (!(name >= 0)) name = this.#attribute(k);
      if (seen[name] === serial) this.fail('An attribute stands twice.', this.#rawStarts[k]);
      seen[name] = serial;
      found[k] = name;
    }
    if (isKept) {
      this.#namesOf[tag] = found;
      this.#countOf[tag] = count;
      this.#scopeOf[tag] = scope;
    }
    return found;
  }

  #attribute(k: number): number {
    const { tokenStart } = this;
    this.tokenStart = this.#rawStarts[k];
    const name = this.#names.attribute(this.#raw[k]);
    this.tokenStart = tokenStart;
    return name;
  }

  #open(at: number, end: number, tag: number, count: number): void {
    const names = this.#names;
    const attributes = this.#attributes;
    if (this.#depth === 0 && this.#rootSeen) this.fail('A second root element begins.', at);
    if (this.#depth === LIMITS.depth) {
      this.refuse('ODM_TOO_LARGE', `Elements are nested more than ${LIMITS.depth} deep.`, at);
    }
    this.#rootSeen = true;
    const depth = ++this.#depth;
    this.#stack[depth] = tag;
    const element = names.element(tag);
    this.#elements[depth] = element;
    attributes.bytes = this.bytes;
    attributes.view = this.view;
    attributes.count = count;
    this.#events.open(element, attributes, this.base + at, this.base + end);
  }

  /** Enters the scope of the declarations among the attributes, takes them out, and returns how many are left. */
  #declare(count: number): number {
    const { starts, ends, rawWhiteSpace, blanked } = this.#attributes;
    const declarations: [number, string][] = [];
    const places: number[] = [];
    let left = 0;
    for (let k = 0; k < count; k++) {
      const raw = this.#raw[k];
      if (this.#names.isDeclaration[raw] === 1) {
        if (declarations.some(([other]) => other === raw)) this.fail('An attribute stands twice.', this.#rawStarts[k]);
        places.push(this.base + this.#rawStarts[k]);
        declarations.push([raw, this.bytes.toString('utf8', starts[k], ends[k])]);
      } else {
        this.#raw[left] = raw;
        this.#rawStarts[left] = this.#rawStarts[k];
        starts[left] = starts[k];
        ends[left] = ends[k];
        rawWhiteSpace[left] = rawWhiteSpace[k];
        if (rawWhiteSpace[k] === RawWhiteSpace.mixed) blanked[left] = blanked[k];
        left++;
      }
    }
    this.#names.declare(declarations, places);
    return left;
  }
}
