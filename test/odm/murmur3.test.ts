import { expect, it } from 'vitest';
import { Murmur3 } from '../../src/odm/murmur3.ts';

function words(data: Uint8Array, seed: number, pieces: number[] = []): number[] {
  const hash = new Murmur3().reset(seed);
  let at = 0;
  for (const length of pieces) {
    hash.bytes(data, at, at + length);
    at += length;
  }
  hash.bytes(data, at, data.length);
  hash.finish();
  return [hash.low, hash.high, hash.h3, hash.h4].map((word) => word >>> 0);
}

it('gives the verification value of SMHasher for MurmurHash3_x86_128 [ODM-001]', () => {
  const all = Buffer.alloc(256 * 16);
  for (let length = 0; length < 256; length++) {
    const key = Uint8Array.from({ length }, (_, index) => index);
    for (const [index, word] of words(key, 256 - length).entries()) all.writeUInt32LE(word, length * 16 + index * 4);
  }
  expect(words(all, 0)[0]).toBe(0xb3ece62a);
});

it('gives the published results of the reference implementation [ODM-001]', () => {
  const hexadecimal = (text: string, seed: number) =>
    words(Buffer.from(text), seed)
      .map((word) => word.toString(16).padStart(8, '0'))
      .join('');
  expect(hexadecimal('Hello, world!', 123)).toBe('61c9129e5a1aacd7a41621629e37c886');
  expect(hexadecimal('Hello, world!', 321)).toBe('d5fbdcb3c26c4193045880c5a7170f0f');
  expect(hexadecimal('xxxxxxxxxxxxxxxxxxxxxxxxxxxx', 123)).toBe('5e40bab278825a164cf929d31fec6047');
});

it('gives the same however the bytes are cut, beyond its buffer too [ODM-001]', () => {
  const data = Uint8Array.from({ length: 20_001 }, (_, index) => (index * 31) & 255);
  const whole = words(data, 0);
  expect(words(data, 0, [1, 2, 3, 4093, 4096, 4097])).toEqual(whole);
  expect(words(data, 0, [8192, 1])).toEqual(whole);
});
