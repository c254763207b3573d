/** How many elements of a kind stand in a form and a site. */
export interface ScanCount {
  element: string;
  formOid: string | null;
  siteOid: string | null;
  elements: number;
}

const LEVELS = ['ClinicalData', 'SubjectData', 'StudyEventData', 'FormData', 'ItemGroupData', 'ItemData'] as const;
const NEEDLES = [...LEVELS, 'SiteRef'].map((name) => Buffer.from(name, 'latin1'));
const [CLINICAL, SUBJECT, EVENT, FORM, GROUP, ITEM, SITE] = NEEDLES.keys();

const LESS = 0x3c;
const GREATER = 0x3e;
const BANG = 0x21;
const SLASH = 0x2f;
const COLON = 0x3a;
const [D, A, T] = Buffer.from('Dat', 'latin1');
/** By a byte where none of those names ends: how far ahead one may end at the least (Boyer, Moore, Horspool). */
const AHEAD = endsAhead(LEVELS);
/** 1 for the bytes of names: those of ASCII, and all beyond. */
const NAME = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 || /[\w.:-]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
const [STUDY_OID, FORM_OID, LOCATION_OID] = ['StudyOID', 'FormOID', 'LocationOID'].map(
  (name) => new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`),
);
const COMMENT_END = Buffer.from('-->', 'latin1');
const CDATA_END = Buffer.from(']]>', 'latin1');
const LONGEST_NAME = 64;

/**
 * Counts the elements of an ODM document by level, form and site. It is there to check the reader, so it shares no code
 * with it and knows as little XML as it can: it looks for start tags by name, and skips comments and CDATA.
 */
export class SourceScan {
  readonly #refuses: (studyOid: string) => boolean;
  #decoder: InstanceType<typeof TextDecoder> | null | undefined;
  #refused = false;
  #bytes: Buffer = Buffer.alloc(0);
  /** How many bytes at the start of the buffer wait for the next chunk. */
  #left = 0;
  /** Whether the subject that is being scanned has not yet shown a site, or anything below it. */
  #atSubject = false;
  #skipTo: Buffer | undefined;
  #form: string | null = null;
  #site: string | null = null;
  #current: number[] = LEVELS.map(() => 0);
  readonly #counts = new Map<string, number[]>();

  /** @param refuses Whether data of this StudyOID do not land: they are counted without form and site. */
  constructor(refuses: (studyOid: string) => boolean = () => false) {
    this.#refuses = refuses;
  }

  write(chunk: Uint8Array): void {
    if (this.#decoder === undefined) this.#decoder = decoderOf(chunk);
    this.#take(this.#decoder === null ? chunk : Buffer.from(this.#decoder.decode(chunk, { stream: true })));
  }

  #take(chunk: Uint8Array): void {
    const bytes = this.#append(chunk);
    // What begins with the last `<` waits for the next chunk, unless it has ended: what follows it is no tag.
    const last = bytes.lastIndexOf(LESS);
    const from = this.#scan(bytes, last < 0 || hasEnded(bytes, last) ? bytes.length : last);
    this.#left = bytes.length - from;
    bytes.copyWithin(0, from);
  }

  #append(chunk: Uint8Array): Buffer {
    const length = this.#left + chunk.length;
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, this.#left);
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#left);
    return this.#bytes.subarray(0, length);
  }

  end(): ScanCount[] {
    if (this.#decoder) this.#take(Buffer.from(this.#decoder.decode()));
    this.#scan(this.#bytes.subarray(0, this.#left), this.#left);
    this.#left = 0;
    this.#store();
    return [...this.#counts].flatMap(([place, counts]) => {
      const [formOid, siteOid] = JSON.parse(place) as [string | null, string | null];
      return LEVELS.map((element, level) => ({ element, formOid, siteOid, elements: counts[level] })).filter(
        (count) => count.elements > 0,
      );
    });
  }

  /** Scans what begins before `limit`, around comments and CDATA; returns how far it came. */
  #scan(bytes: Buffer, limit: number): number {
    let at = 0;
    for (;;) {
      if (this.#skipTo !== undefined) {
        const end = bytes.indexOf(this.#skipTo, at);
        if (end < 0) return Math.max(bytes.length - 2, at);
        this.#skipTo = undefined;
        at = end + 3;
      }
      const bang = declarationFrom(bytes, at);
      const until = bang < 0 || bang > limit ? limit : bang;
      this.#tags(bytes, at, until);
      if (until !== bang || bang >= limit) return Math.max(at, limit);
      const next = bytes[bang + 2];
      this.#skipTo = next === 0x2d ? COMMENT_END : next === 0x5b ? CDATA_END : undefined;
      at = bang + 2;
    }
  }

  /** Every element of interest is called Something`Data`, but for SiteRef, which stands first in SubjectData. */
  #tags(bytes: Buffer, from: number, until: number): void {
    for (let at = from; at < until; ) {
      const next = dataFrom(bytes, at, until);
      if (this.#atSubject) this.#siteBetween(bytes, at, next);
      if (next === until) return;
      const start = tagStart(bytes, next, from);
      if (start > 0) this.#tag(bytes, start);
      at = next + 4;
    }
  }

  #siteBetween(bytes: Buffer, from: number, to: number): void {
    // Not in the whole buffer: where no subject has a site, that would be done for each of them.
    const found = bytes.subarray(from, to).indexOf(NEEDLES[SITE]);
    if (found < 0) return;
    const start = tagStart(bytes, from + found, from);
    if (start > 0) this.#tag(bytes, start);
  }

  #tag(bytes: Buffer, at: number): void {
    let local = at;
    while (NAME[bytes[local]] === 1 && bytes[local] !== COLON) local++;
    local = bytes[local] === COLON ? local + 1 : at;
    const kind = kindOf(bytes, local);
    if (kind >= 0) this.#count(kind, bytes, local);
  }

  #count(kind: number, bytes: Buffer, at: number): void {
    this.#atSubject = kind === SUBJECT;
    if (kind === CLINICAL) this.#refused = this.#refuses(attributeOf(bytes, at, STUDY_OID) ?? '');
    if (this.#refused && kind !== CLINICAL) {
      if (kind !== SITE) this.#current[kind]++;
      return;
    }
    if (kind === SITE) {
      this.#moveTo(this.#form, attributeOf(bytes, at, LOCATION_OID));
      return;
    }
    if (kind === FORM) this.#moveTo(attributeOf(bytes, at, FORM_OID), this.#site);
    else if (kind === EVENT || kind === SUBJECT || kind === CLINICAL) {
      this.#moveTo(null, kind === EVENT ? this.#site : null);
    }
    this.#current[kind]++;
  }

  /** Goes on counting at another form or site. The subject itself counts at the site that its SiteRef names. */
  #moveTo(form: string | null, site: string | null): void {
    if (form === this.#form && site === this.#site) return;
    const subjects = this.#site === null && site !== null ? Math.min(this.#current[SUBJECT], 1) : 0;
    this.#current[SUBJECT] -= subjects;
    this.#store();
    this.#form = form;
    this.#site = site;
    this.#current[SUBJECT] += subjects;
  }

  #store(): void {
    const place = JSON.stringify([this.#form, this.#site]);
    const counts = this.#counts.get(place);
    if (counts === undefined) this.#counts.set(place, this.#current);
    else for (let level = 0; level < counts.length; level++) counts[level] += this.#current[level];
    this.#current = LEVELS.map(() => 0);
  }
}

/** What turns the document into UTF-8, by its byte order mark or declaration; null where it is that already. */
function decoderOf(start: Uint8Array): InstanceType<typeof TextDecoder> | null {
  const head = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, 256));
  const isWide = (head[0] ^ head[1]) === 0x01 || head[0] === 0 || head[1] === 0;
  const bigEndian = head[0] === 0 || head[0] === 0xfe;
  const declared = /^[^>]*?\sencoding\s*=\s*["']([^"']+)/.exec(head.toString('latin1'))?.[1] ?? 'utf-8';
  const label = isWide ? (bigEndian ? 'utf-16be' : 'utf-16le') : declared;
  try {
    const decoder = new TextDecoder(label);
    return decoder.encoding === 'utf-8' ? null : decoder;
  } catch {
    // An encoding that nobody knows: the reader refuses it.
    return null;
  }
}

/** Where `<!` stands at or after `at`; -1 if nowhere. */
function declarationFrom(bytes: Buffer, at: number): number {
  // Exclamation marks are rare; `<` is not.
  let bang = bytes.indexOf(BANG, at + 1);
  while (bang > 0 && bytes[bang - 1] !== LESS) bang = bytes.indexOf(BANG, bang + 1);
  return bang < 0 ? -1 : bang - 1;
}

/** Where the `Data` of a level stands at or after `from`; `until` if not before that. */
function dataFrom(bytes: Buffer, from: number, until: number): number {
  const end = Math.min(until + 3, bytes.length);
  let at = from + 3;
  while (at < end) {
    const byte = bytes[at];
    if (byte === A && bytes[at - 1] === T && bytes[at - 2] === A && bytes[at - 3] === D) return at - 3;
    at += AHEAD[byte];
  }
  return until;
}

function endsAhead(names: readonly string[]): Uint8Array {
  const shortest = Math.min(...names.map((name) => name.length));
  const ahead = new Uint8Array(256).fill(shortest);
  const ends = names.map((name) => Buffer.from(name.slice(-shortest), 'latin1'));
  for (let at = 0; at < shortest - 1; at++) for (const end of ends) ahead[end[at]] = shortest - 1 - at;
  return ahead;
}

/** Where the name begins of the start tag whose name bytes[at] is in; 0 if it is in none. */
function tagStart(bytes: Buffer, at: number, from: number): number {
  const least = Math.max(from, at - LONGEST_NAME);
  let start = at;
  while (start > least && NAME[bytes[start - 1]] === 1) start--;
  return start > 0 && bytes[start - 1] === LESS ? start : 0;
}

/** Which element begins here; -1 for any other. The typed kinds of ItemData are ItemData. */
function kindOf(bytes: Buffer, at: number): number {
  switch (bytes[at]) {
    case 0x49: // I
      if (startsWith(bytes, at, NEEDLES[ITEM])) return ITEM;
      return isElement(bytes, at, GROUP) ? GROUP : -1;
    case 0x46: // F
      return isElement(bytes, at, FORM) ? FORM : -1;
    case 0x53: // S
      if (isElement(bytes, at, EVENT)) return EVENT;
      if (isElement(bytes, at, SITE)) return SITE;
      return isElement(bytes, at, SUBJECT) ? SUBJECT : -1;
    case 0x43: // C
      return isElement(bytes, at, CLINICAL) ? CLINICAL : -1;
    default:
      return -1;
  }
}

function isElement(bytes: Buffer, at: number, kind: number): boolean {
  const needle = NEEDLES[kind];
  const after = bytes[at + needle.length];
  return (after <= 0x20 || after === SLASH || after === GREATER) && startsWith(bytes, at, needle);
}

function startsWith(bytes: Buffer, at: number, needle: Buffer): boolean {
  for (let index = 0; index < needle.length; index++) if (bytes[at + index] !== needle[index]) return false;
  return true;
}

/** Whether a tag, or the beginning of a comment or CDATA section, stands here with its end. */
function hasEnded(bytes: Buffer, at: number): boolean {
  return bytes[at + 1] === BANG ? at + 3 < bytes.length : tagEnd(bytes, at) < bytes.length;
}

/** Where the tag ends that bytes[at] is in: at the first `>` outside quotes. */
function tagEnd(bytes: Buffer, at: number): number {
  let quote = 0;
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i];
    if (quote !== 0) quote = byte === quote ? 0 : quote;
    else if (byte === GREATER) return i;
    else if (byte === 0x22 || byte === 0x27) quote = byte;
  }
  return bytes.length;
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };

function attributeOf(bytes: Buffer, at: number, attribute: RegExp): string | null {
  const found = attribute.exec(bytes.toString('utf8', at, tagEnd(bytes, at)));
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? null : value.replace(/&(?:#\d+|#x[\da-f]+|lt|gt|quot|apos|amp);/gi, resolved);
}

function resolved(reference: string): string {
  if (!reference.startsWith('&#')) return ENTITIES[reference] ?? reference;
  const code = Number(reference.slice(2, -1).replace(/^x/i, '0x'));
  return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
}
