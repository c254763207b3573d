/** Most signs of a shape; a longer one is cut, and ends in `…`. */
const LONGEST = 1000;

const isLetter = (byte: number) => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
const isItself = (byte: number) => (byte >= 0x20 && byte <= 0x7e) || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** The sign of a byte, whatever the encoding of its file. */
function signOf(byte: number): string {
  if (isLetter(byte)) return 'a';
  if (isDigit(byte)) return '9';
  return isItself(byte) ? String.fromCharCode(byte) : '·';
}

/**
 * What can be said of bytes without showing them: each run of ASCII letters is one `a`, each run of digits one `9`, each
 * run of bytes outside ASCII and of control characters one `·`; ASCII punctuation, blank, TAB, LF and CR are themselves.
 * At most 1,000 signs, then `…`. Runs are one sign, because the length of a word tells which it was: Drug, Placebo.
 */
export function shapeOf(bytes: Uint8Array): string {
  let shape = '';
  let last = '';
  for (const byte of bytes) {
    const sign = signOf(byte);
    if (sign === last && (sign === 'a' || sign === '9' || sign === '·')) continue;
    if (shape.length === LONGEST) return `${shape}…`;
    shape += sign;
    last = sign;
  }
  return shape;
}
