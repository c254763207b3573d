import { expect, it } from 'vitest';
import { byteText } from '../../src/report/byte-text.ts';

const text = (bytes: string | Uint8Array, encoding: string | null = 'utf-8', most = 100) =>
  byteText(Buffer.from(bytes as string), encoding, most);

it.each([
  ['a,b\n', 'a,b\\n'],
  ['a\r\nb', 'a\\r\\n\nb'],
  ['\n\n', '\\n\n\\n'],
  ['', ''],
  // A backslash and an n of the bytes themselves are not a line feed.
  ['a\\n', 'a\\\\n'],
  ['\u001b]0;x\u0007\u009b2J', '\\u{1b}]0;x\\u{7}\\u{9b}2J'],
  ['\u202egpj.exe\u0000\u007f', '\\u{202e}gpj.exe\\u{0}\\u{7f}'],
  ['é€😀', 'é€😀'],
  ['\ufeffa', '\\u{feff}a'],
])('%j is shown as %j [QUARANTINE-002]', (bytes, shown) => {
  expect(text(bytes)).toBe(shown);
});

it('what is no text in its encoding is shown byte by byte [QUARANTINE-002]', () => {
  expect(text(Buffer.from('c3280a5c1b9b', 'hex'))).toBe('\\xc3(\\n\n\\\\\\x1b\\x9b');
  // A character that ends before its last byte, where nothing was cut.
  expect(text(Buffer.from('61e282', 'hex'))).toBe('a\\xe2\\x82');
  expect(text(Buffer.from('ff', 'hex'), null)).toBe('\\xff');
});

it('is cut between characters [QUARANTINE-002]', () => {
  expect(text('ab€d', 'utf-8', 4)).toBe('ab');
  expect(text('ab€d', 'utf-8', 5)).toBe('ab€');
  expect(text(Buffer.from('31002c0022200a00', 'hex'), 'utf-16le', 5)).toBe('1,');
});
