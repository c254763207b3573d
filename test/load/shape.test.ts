import { expect, it } from 'vitest';
import { shapeOf } from '../../src/load/shape.ts';

// By the definition in docs/quarantine.md, by hand.
it.each([
  ['', ''],
  ['1001,Placebo,2026-03-27', '9,a,9-9-9'],
  // As long as they are, the words of two arms have one shape.
  ['1002,Drug,2026-03-27', '9,a,9-9-9'],
  ['McDonald 4 x', 'a 9 a'],
  ['a1b22c', 'a9a9a'],
  ['-1.50;;"x"\t\r\n', '-9.9;;"a"\t\r\n'],
  ['  ,,--', '  ,,--'],
  ['<ItemData ItemOID="I.1" Value="É"/>', '<a a="a.9" a="·"/>'],
  ['\u0000\u001b[31m\u007f', '·[9a·'],
  ['caf\u00e9s', 'a·a'],
])('the shape of %j is %j [QUARANTINE-010]', (text, shape) => {
  expect(shapeOf(Buffer.from(text))).toBe(shape);
});

it('takes bytes as they are, whatever their encoding [QUARANTINE-010]', () => {
  // UTF-16, little endian: "1,a".
  expect(shapeOf(Buffer.from('31002c006100', 'hex'))).toBe('9·,·a·');
  // windows-1252: "café".
  expect(shapeOf(Buffer.from('636166e9', 'hex'))).toBe('a·');
});

it('has at most a thousand signs [QUARANTINE-010]', () => {
  expect(shapeOf(Buffer.from(','.repeat(1000)))).toBe(','.repeat(1000));
  expect(shapeOf(Buffer.from(','.repeat(1001)))).toBe(`${','.repeat(1000)}…`);
  expect(shapeOf(Buffer.from(`${','.repeat(1000)}x`))).toBe(`${','.repeat(1000)}…`);
  expect(shapeOf(Buffer.alloc(5000, 'x'))).toBe('a');
});
