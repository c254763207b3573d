import { mutate } from './mutate.ts';
import { Random } from './random.ts';

const ELEMENTS = ['ODM', 'ClinicalData', 'ItemData', 'a', 'a', 'b', 'größe', 'p:a', 'p:b', 'q:a', 'x.y-z_1'];
const ATTRIBUTES = ['Value', 'OID', 'a', 'b', 'p:a', 'p:b', 'q:a', 'q:c', 'xml:lang', 'é', 'constructor'];
/** What names of properties do to a reader in JavaScript. */
const RARE = ['hasOwnProperty', '__proto__', 'toString'];
const PIECES = [
  ...['a', '0012', 'NA', ' ', '  ', '\n', '\r\n', '\r', '\t', 'é', 'ß', '患者', '\u{1f600}', '\u007f', '\u0085', ']'],
  ...[']]', '>', "'", '"', '--', '?>', '&amp;', '&lt;', '&gt;', '&quot;', '&apos;', '&#10;', '&#13;', '&#9;', '&#xD;'],
  ...['&#xB5;', '&#x1F600;', '&#000065;', '\u2028', '\ufffd', '\ue000'],
];
/** Of one byte in each of the encodings that have ASCII as their lower half. */
const NARROW_PIECES = PIECES.filter((piece) => /^[\0-\xff]*$/.test(piece));

const NAMESPACES = [
  'urn:p',
  'urn:q',
  'urn:p',
  'http://www.cdisc.org/ns/odm/v1.3',
  'http://www.w3.org/XML/1998/namespace/',
];

export const CODE_PAGES = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16].map((part) => `ISO-8859-${part}`),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map((page) => `windows-${page}`),
  'US-ASCII',
];

/** Writes one document, well-formed as a rule. */
class Writer {
  readonly #random: Random;
  readonly #pieces: readonly string[];

  constructor(random: Random, pieces: readonly string[]) {
    this.#random = random;
    this.#pieces = pieces;
  }

  document(declaration: string): string {
    const outside = () =>
      this.#random.list(2, () => this.#random.of(['\n', ' ', '<!-- x -->', '<?p i?>', '\r\n'])).join('');
    return `${declaration}${outside()}${this.#element(0)}${outside()}`;
  }

  #text(longest: number): string {
    return this.#random.list(longest, () => this.#random.of(this.#pieces)).join('');
  }

  #content(depth: number): string {
    const random = this.#random;
    const make = () => {
      switch (random.integer(depth > 6 ? 5 : 9)) {
        case 0:
          return `<!--${this.#text(3).replaceAll('--', '').replace(/-$/, '')}-->`;
        case 1:
          return `<?pi${random.of(['', ' ', ` ${this.#text(2).replaceAll('?>', '')}`])}?>`;
        case 2:
          return `<![CDATA[${this.#text(4)}<&]]>`;
        case 3:
        case 4:
          return this.#text(6);
        default:
          return this.#element(depth + 1);
      }
    };
    return random
      .list(depth === 0 ? 8 : 4, make)
      .join('')
      .replaceAll(']]>', ']]&gt;')
      .replaceAll('<&]]&gt;', '<&]]>');
  }

  #element(depth: number): string {
    const random = this.#random;
    const name = depth === 0 ? 'ODM' : random.of(ELEMENTS);
    const attributes = new Map(
      random.list(3, () => [random.of(random.chance(0.005) ? RARE : ATTRIBUTES), this.#text(4)]),
    );
    if (depth === 0) for (const prefix of ['p', 'q']) attributes.set(`xmlns:${prefix}`, `urn:${prefix}`);
    while (random.chance(depth === 0 ? 0.5 : 0.08)) {
      attributes.set(random.of(['xmlns', 'xmlns:p', 'xmlns:q', 'xmlns:r']), random.of(NAMESPACES));
    }
    const written = [...attributes].map(([key, value]) => {
      const quote = random.of(['"', "'"]);
      const safe = value.replaceAll(quote, quote === '"' ? '&quot;' : '&#39;');
      const [before, sign] = [
        random.of([' ', ' ', ' ', '\n', '\t ', '\r\n']),
        random.of(['=', '=', '=', ' = ', '=\n']),
      ];
      return `${before}${key}${sign}${quote}${safe}${quote}`;
    });
    const tag = `${name}${written.join('')}${random.of(['', '', ' ', '\n'])}`;
    const content = this.#content(depth);
    if (content === '' && random.chance(0.7)) return `<${tag}/>`;
    return `<${tag}>${content}</${name}${random.of(['', '', '', ' ', '\r\n'])}>`;
  }
}

/** UTF-8 and UTF-16 with and without mark and declaration, and the code pages. */
function encoded(random: Random): Buffer {
  const kind = random.integer(10);
  const mark = random.chance(0.5) ? '\ufeff' : '';
  const declare = (encoding: string) => `<?xml version="1.0"${encoding}?>`;
  if (kind < 6) {
    const declaration = random.of([
      '',
      '',
      declare(''),
      declare(' encoding="UTF-8"'),
      declare(" encoding='utf-8' standalone='yes'"),
    ]);
    return Buffer.from(`${random.chance(0.1) ? mark : ''}${new Writer(random, PIECES).document(declaration)}`);
  }
  if (kind < 8) {
    const declaration = declare(random.of(['', ' encoding="UTF-16"', ' encoding="utf-16"']));
    const bytes = Buffer.from(`${mark}${new Writer(random, PIECES).document(declaration)}`, 'utf16le');
    return random.chance(0.5) ? bytes : bytes.swap16();
  }
  const text = new Writer(random, NARROW_PIECES).document(declare(` encoding="${random.of(CODE_PAGES)}"`));
  const bytes = Buffer.from(text, 'latin1');
  // Half of them hold other characters of the upper half as well.
  if (random.chance(0.5))
    for (const [at, byte] of bytes.entries()) if (byte > 127) bytes[at] = 128 + random.integer(128);
  return bytes;
}

/** The document of a seed; every second one has something done to it, once to three times. */
export function generate(seed: number): Buffer {
  const random = new Random(seed);
  let document = encoded(random);
  if (random.chance(0.5))
    for (let times = 1 + random.integer(3); times > 0; times--) document = mutate(document, random);
  return document;
}

/** Lengths of chunks: of one byte, small, or long. */
export function chunks(seed: number): () => number {
  const random = new Random(~seed);
  const longest = random.of([1, 3, 16, 300]);
  return () => 1 + random.integer(longest);
}
