import { isUtf8 } from 'node:buffer';

/** Where the last whole character of bytes[start, end) ends. */
export function wholeCharacters(bytes: Buffer, start: number, end: number): number {
  let back = end - 1;
  while (back > end - 4 && back >= start && (bytes[back] & 0xc0) === 0x80) back--;
  if (back < start || bytes[back] < 0xc0) return end;
  const length = bytes[back] >= 0xf0 ? 4 : bytes[back] >= 0xe0 ? 3 : 2;
  return back + length > end ? back : end;
}

/** Index of the first byte of bytes[start, end) that cannot belong to UTF-8; `end` if the last character is only cut. */
export function firstInvalid(bytes: Buffer, start: number, end: number): number {
  let low = start;
  for (let high = end; low < high; ) {
    const middle = (low + high) >> 1;
    if (startsUtf8(bytes, start, middle + 1)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether bytes[start, end) are UTF-8, but for a last character that is cut. */
function startsUtf8(bytes: Buffer, start: number, end: number): boolean {
  for (let until = end; until >= start && until > end - 4; until--) {
    if (isUtf8(bytes.subarray(start, until))) {
      return until === end || couldContinue(bytes, until, end);
    }
  }
  return false;
}

/** Whether bytes[start, end), shorter than a character, can be the beginning of one. */
function couldContinue(bytes: Buffer, start: number, end: number): boolean {
  const first = bytes[start];
  const length =
    first >= 0xf0 && first <= 0xf4 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
  if (end - start >= length) return false;
  const sample = Buffer.from(bytes.subarray(start, end));
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const tail = Buffer.concat([sample, Buffer.alloc(length - sample.length, 0x80)]);
  if (sample.length === 1) tail[1] = low;
  return isUtf8(tail);
}
