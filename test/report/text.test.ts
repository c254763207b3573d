import { describe, expect, it } from 'vitest';
import { displayWidth, printable, shorten } from '../../src/report/text.ts';

describe('printable', () => {
  it.each([
    ['plain text, é, 日本', 'plain text, é, 日本'],
    ['\u001b[2Jx', '\\u{1b}[2Jx'],
    ['a\r\n\tb', 'a\\r\\n\\tb'],
    ['\u009b31m', '\\u{9b}31m'],
    ['\u202eabc', '\\u{202e}abc'],
    ['a\ud800b', 'a\ufffdb'],
    ['a\u0000b\u007f', 'a\\u{0}b\\u{7f}'],
  ])('writes out what steers a terminal: %j [REPORT-001]', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});

describe('displayWidth', () => {
  // Unicode Standard Annex 11: W and F are two columns; combining marks take none.
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['😀', 2],
    ['Ａ', 2],
    ['한글', 4],
    ['', 0],
  ])('of %j is %i [REPORT-002]', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('shorten', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 4, 'abc…'],
    ['日本語', 4, '日…'],
    ['日本語', 5, '日本…'],
  ])('cuts %j to %i columns [REPORT-002]', (text, width, expected) => {
    expect(shorten(text, width)).toBe(expected);
  });
});
