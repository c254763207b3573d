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
const SLASH = 0x2f;
const COLON = 0x3a;
const DATA = Buffer.from('Data', 'latin1');
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
  #tail: Buffer = Buffer.alloc(0);
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
    const bytes = Buffer.concat([this.#tail, chunk]);
    // What begins with the last `<` may not have ended: it waits for the next chunk.
    const last = bytes.lastIndexOf(LESS);
    const limit = last < 0 ? bytes.length : last;
    this.#tail = bytes.subarray(this.#scan(bytes, limit));
  }

  end(): ScanCount[] {
    if (this.#decoder) this.#take(Buffer.from(this.#decoder.decode()));
    this.#scan(this.#tail, this.#tail.length);
    this.#tail = Buffer.alloc(0);
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
      const bang = bytes.indexOf('<!', at, 'latin1');
      const until = bang < 0 || bang > limit ? limit : bang;
      this.#tags(bytes, at, until);
      if (until !== bang || bang >= limit) return limit;
      const next = bytes[bang + 2];
      this.#skipTo = next === 0x2d ? COMMENT_END : next === 0x5b ? CDATA_END : undefined;
      at = bang + 2;
    }
  }

  /** Every element of interest is called Something`Data`, but for SiteRef, which stands first in SubjectData. */
  #tags(bytes: Buffer, from: number, until: number): void {
    for (let at = from; at < until; ) {
      const found = bytes.indexOf(DATA, at);
      const next = found < 0 || found > until ? until : found;
      if (this.#atSubject) this.#siteBetween(bytes, at, next);
      if (next === until) return;
      const start = tagStart(bytes, next, from);
      if (start > 0) this.#tag(bytes, start);
      at = next + DATA.length;
    }
  }

  #siteBetween(bytes: Buffer, from: number, to: number): void {
    const found = bytes.indexOf(NEEDLES[SITE], from);
    if (found < 0 || found >= to) return;
    const start = tagStart(bytes, found, from);
    if (start > 0) this.#tag(bytes, start);
  }

  #tag(bytes: Buffer, at: number): void {
    let local = at;
    while (isLetter(bytes[local])) local++;
    if (bytes[local] !== COLON) local = at;
    else local++;
    const kind = kindOf(bytes, local);
    if (kind >= 0) this.#count(kind, bytes, local);
  }

  #count(kind: number, bytes: Buffer, at: number): void {
    this.#atSubject = kind === SUBJECT;
    if (kind === CLINICAL) this.#refused = this.#refuses(attributeOf(bytes, at, 'StudyOID') ?? '');
    if (this.#refused && kind !== CLINICAL) {
      if (kind !== SITE) this.#current[kind]++;
      return;
    }
    if (kind === SITE) {
      this.#moveTo(this.#form, attributeOf(bytes, at, 'LocationOID'));
      return;
    }
    if (kind === FORM) this.#moveTo(attributeOf(bytes, at, 'FormOID'), this.#site);
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

/** Where the name begins of the start tag whose name bytes[at] is in; 0 if it is in none. */
function tagStart(bytes: Buffer, at: number, from: number): number {
  const least = Math.max(from, at - LONGEST_NAME);
  let start = at;
  while (start > least && (isLetter(bytes[start - 1]) || bytes[start - 1] === COLON)) start--;
  return start > 0 && bytes[start - 1] === LESS ? start : 0;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
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
  return (after <= 0x20 || after === SLASH || after === 0x3e) && startsWith(bytes, at, needle);
}

function startsWith(bytes: Buffer, at: number, needle: Buffer): boolean {
  for (let index = 0; index < needle.length; index++) if (bytes[at + index] !== needle[index]) return false;
  return true;
}

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };

function attributeOf(bytes: Buffer, at: number, name: string): string | null {
  const tag = bytes.toString('utf8', at, Math.min(at + 4096, bytes.length));
  const own = /^(?:[^"'>]|"[^"]*"|'[^']*')*/.exec(tag)?.[0] ?? '';
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(own);
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? null : value.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity]);
}
