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
const BANG = 0x21;
/** A tag whose attributes matter here is at most this long; what is shorter stays for the next chunk. */
const TAIL = 65_536;

/**
 * Counts the elements of an ODM document by level, form and site. It is there to check the reader, so it shares no code
 * with it and knows as little XML as it can: it looks for start tags by name, and skips comments and CDATA.
 */
export class SourceScan {
  #tail: Buffer = Buffer.alloc(0);
  #prefix: Buffer | undefined;
  #skipTo: Buffer | undefined;
  #form: string | null = null;
  #site: string | null = null;
  #current: number[] = LEVELS.map(() => 0);
  readonly #counts = new Map<string, number[]>();

  write(chunk: Uint8Array): void {
    const bytes =
      this.#tail.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([this.#tail, chunk]);
    const done = this.#scan(bytes, bytes.length - TAIL);
    this.#tail = Buffer.from(bytes.subarray(done));
  }

  end(): ScanCount[] {
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

  /** Scans tags that begin before `limit`; returns how far it came. */
  #scan(bytes: Buffer, limit: number): number {
    let at = 0;
    if (this.#skipTo !== undefined) at = this.#skip(bytes, 0);
    for (;;) {
      while (at < limit && bytes[at] !== LESS) at++;
      if (at >= limit) return Math.max(at, 0);
      const next = bytes[at + 1];
      if (next === SLASH) at += 2;
      else if (next === BANG) {
        this.#skipTo =
          bytes[at + 2] === 0x2d ? Buffer.from('-->') : bytes[at + 2] === 0x5b ? Buffer.from(']]>') : undefined;
        at = this.#skipTo === undefined ? at + 2 : this.#skip(bytes, at + 2);
      } else {
        this.#tag(bytes, at + 1);
        at += 2;
      }
    }
  }

  #skip(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(this.#skipTo as Buffer, from);
    if (end < 0) return Math.max(bytes.length - 2, from);
    this.#skipTo = undefined;
    return end + 3;
  }

  #tag(bytes: Buffer, at: number): void {
    if (this.#prefix === undefined) {
      const name = /^[^\s/>?]*/.exec(bytes.toString('latin1', at, at + 256))?.[0] ?? '';
      if (name === '') return;
      this.#prefix = Buffer.from(name.slice(0, name.indexOf(':') + 1), 'latin1');
    }
    const start = at + this.#prefix.length;
    const kind = kindOf(bytes, start);
    if (kind < 0 || (this.#prefix.length > 0 && !startsWith(bytes, at, this.#prefix))) return;
    this.#count(kind, bytes, start);
  }

  #count(kind: number, bytes: Buffer, at: number): void {
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
