import { refuse } from '../refusal.ts';
import { isControl, type OnControl, REPLACEMENT } from './controls.ts';

const NAMED: ReadonlyMap<string, number> = new Map([
  ['amp', 38],
  ['lt', 60],
  ['gt', 62],
  ['quot', 34],
  ['apos', 39],
]);

function malformed(byte: number): Error {
  return refuse(
    'ODM_NOT_WELL_FORMED',
    'A reference is neither a character reference nor one of the five named entities.',
    byte,
  );
}

function digit(byte: number, radix: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return radix === 16 && letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Char of XML 1.0, section 2.2. */
function isCharacter(point: number): boolean {
  if (point < 32) return point === 9 || point === 10 || point === 13;
  return point <= 0xd7ff || (point >= 0xe000 && point <= 0xfffd) || (point >= 0x10000 && point <= 0x10ffff);
}

function characterReference(bytes: Buffer, start: number, end: number, byte: number, onControl?: OnControl): number {
  const hexadecimal = bytes[start] === 120;
  const radix = hexadecimal ? 16 : 10;
  let i = hexadecimal ? start + 1 : start;
  if (i === end) throw malformed(byte);
  let point = 0;
  for (; i < end; i++) {
    const value = digit(bytes[i], radix);
    if (value < 0) throw malformed(byte);
    point = point * radix + value;
    if (point > 0x10ffff) throw malformed(byte);
  }
  if (onControl !== undefined && isControl(point)) {
    onControl(byte, end + 1 - start + '&#'.length);
    return REPLACEMENT;
  }
  if (!isCharacter(point)) {
    throw refuse('ODM_NOT_WELL_FORMED', 'A character reference names a character that XML does not allow.', byte);
  }
  return point;
}

function putPoint(target: Buffer, at: number, point: number): number {
  if (point < 0x80) {
    target[at++] = point;
  } else if (point < 0x800) {
    target[at++] = 0xc0 | (point >> 6);
    target[at++] = 0x80 | (point & 63);
  } else if (point < 0x10000) {
    target[at++] = 0xe0 | (point >> 12);
    target[at++] = 0x80 | ((point >> 6) & 63);
    target[at++] = 0x80 | (point & 63);
  } else {
    target[at++] = 0xf0 | (point >> 18);
    target[at++] = 0x80 | ((point >> 12) & 63);
    target[at++] = 0x80 | ((point >> 6) & 63);
    target[at++] = 0x80 | (point & 63);
  }
  return at;
}

/**
 * Writes bytes[start, end) to `at` of the same buffer with references resolved and, where `lineEnds` is set, CR LF and
 * CR turned into LF (XML 1.0, 2.11). Never writes more bytes than it reads. Returns the end of what was written.
 * `onControl`: where it is given, references to control characters stand for a space, and are told to it.
 */
export function decode(
  bytes: Buffer,
  start: number,
  end: number,
  at: number,
  lineEnds: boolean,
  base: number,
  onControl?: OnControl,
): number {
  let i = start;
  while (i < end) {
    const byte = bytes[i];
    if (byte === 38) {
      const close = referenceEnd(bytes, i, end);
      if (close < 0 || close >= end) throw malformed(base + i);
      const point =
        bytes[i + 1] === 35
          ? characterReference(bytes, i + 2, close, base + i, onControl)
          : NAMED.get(bytes.toString('latin1', i + 1, close));
      if (point === undefined) throw malformed(base + i);
      at = putPoint(bytes, at, point);
      i = close + 1;
    } else if (byte === 13 && lineEnds) {
      bytes[at++] = 10;
      i += bytes[i + 1] === 10 && i + 1 < end ? 2 : 1;
    } else {
      bytes[at++] = byte;
      i++;
    }
  }
  return at;
}

/** A TAB, LF or CR that is written as a reference. */
const REFERENCED_SPACE = /&#0*(?:9|10|13);|&#x0*[9aAdD];/;

/**
 * An attribute value, as it stands in the document, that holds raw white space: undefined where it holds none by
 * reference; else the value with a blank for each TAB, LF and CR that stood raw.
 */
export function blankedIfMixed(bytes: Buffer, start: number, end: number, onControl?: OnControl): Buffer | undefined {
  if (!REFERENCED_SPACE.test(bytes.toString('latin1', start, end))) return undefined;
  const value = Buffer.from(bytes.subarray(start, end));
  for (let i = 0; i < value.length; i++) if (value[i] === 9 || value[i] === 10 || value[i] === 13) value[i] = 32;
  return value.subarray(0, decode(value, 0, value.length, 0, false, 0, onControl));
}

/** Longest reference that is looked at; `&#x10FFFF;` needs ten bytes, leading zeros may follow. */
const LONGEST = 256;

/** Index of the `;` of the reference at `start`; -1 if it has none near; `end` if it may still come. */
export function referenceEnd(bytes: Buffer, start: number, end: number): number {
  const limit = Math.min(end, start + LONGEST);
  for (let i = start + 1; i < limit; i++) {
    const byte = bytes[i];
    if (byte === 59) return i;
    if (byte === 60 || byte === 38 || byte <= 32) return -1;
  }
  return limit === end ? end : -1;
}
