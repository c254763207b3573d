import type { Random } from './random.ts';

const BYTES = Buffer.from('<>&"\'/=!?[]-:; \n\r\t\0\u0001aO0', 'latin1');

/** What breaks a document, or nearly. */
const SNIPPETS = [
  ...['<', '>', '&', ']]>', '--', '<!--', '-->', '<![CDATA[', ']]', '<?', '?>', '</', '/>', '"', "'", '=', '=""'],
  ...['<!DOCTYPE ODM>', '<!DOCTYPE a [<!ENTITY b "c">]>', '<?xml version="1.0"?>', '<?XML a?>', '<?p?>', '<?p:q r?>'],
  ...['&amp;', '&amp', '&nbsp;', '&#0;', '&#x1F600;', '&#xD800;', '&#xFFFE;', '&#1;', '&#;', '&#x;', '&;', '&#X41;'],
  ...['&#0000000000000000000065;', '&#99999999999999999999;', '&lt;', '&#60;', '&#38;', '&apos;'],
  ...['<a/>', '<a></a>', '<a', '</a>', '<p:a/>', '<a:b:c/>', '<:a/>', '<a:/>', '<1/>', '<-a/>', '<ODM/>', '</ODM>'],
  ...[' a="1"', ' a="2"', ' xmlns=""', ' xmlns:p="urn:p"', ' xmlns:p=""', ' xmlns:q="urn:p"', ' p:a="1"', ' q:a="2"'],
  ...[' xmlns:xml="http://www.w3.org/XML/1998/namespace"', ' xmlns:xml="urn:x"', ' xmlns:xmlns="urn:x"'],
  ...[' xmlns="http://www.w3.org/2000/xmlns/"', ' xmlns:y="http://www.w3.org/XML/1998/namespace"', ' xml:lang="en"'],
  ...[' hasOwnProperty="1"', ' __proto__="1"', ' a = "1"', ' a="<"', ' a="&lt;\n&#10;\r\n&#13;\t"', ' a=1', ' a'],
  ...['\u0000', '\u0001', '\u000b', '\u007f', '\u0085', '\u2028', '\ufeff', '\ufffe', '\uffff', '\ufdd0', '\u{1f600}'],
  ...['\u{10ffff}', '\r', '\r\n', '\n', '\t', '  ', 'é', '\ud7ff', '\ue000', '\ufffd', '×', '·', '\u0300', '\u037e'],
].map((text) => Buffer.from(text));

/** Bytes that are no UTF-8, or none yet. */
const RAW = [
  [0xff],
  [0xfe],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0x80],
  [0xc3],
  [0xe2, 0x82],
].map((bytes) => Buffer.from(bytes));

/** The document with one thing done to it. */
export function mutate(document: Buffer, random: Random): Buffer {
  const at = random.integer(document.length + 1);
  const length = random.chance(0.7) ? 1 + random.integer(8) : random.integer(document.length + 1);
  const before = document.subarray(0, at);
  const span = document.subarray(at, at + length);
  const after = document.subarray(at + span.length);
  switch (random.integer(8)) {
    case 0: {
      const copy = Buffer.from(document);
      if (at < copy.length) copy[at] = random.chance(0.5) ? random.of([...BYTES]) : random.integer(256);
      return copy;
    }
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, span, span, after]);
    case 3: {
      const to = random.integer(document.length + 1);
      return Buffer.concat([document.subarray(0, to), span, document.subarray(to)]);
    }
    case 4:
      return random.chance(0.3) ? before : Buffer.concat([before, after]);
    case 5:
      return Buffer.concat([before, random.of(RAW), document.subarray(at)]);
    default:
      return Buffer.concat([before, random.of(SNIPPETS), document.subarray(at)]);
  }
}
