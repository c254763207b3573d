import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IBM_BOUND, IBM_LEAST, writeIbmDouble, writeMissing } from '../../../src/export/xpt/ibm-double.ts';

function hex(value: number): string {
  const bytes = Buffer.alloc(8, 0xaa);
  writeIbmDouble(value, bytes, 0);
  return bytes.toString('hex').toUpperCase();
}

describe('writeIbmDouble', () => {
  // Sign and characteristic, then the value as a hexadecimal fraction of a power of 16, worked out by hand.
  it.each([
    ['zero', 0, '0000000000000000'],
    ['negative zero, as zero', -0, '0000000000000000'],
    ['one, 16^1 * 1/16', 1, '4110000000000000'],
    ['minus one', -1, 'C110000000000000'],
    ['two', 2, '4120000000000000'],
    ['fifteen, no leading zero bit', 15, '41F0000000000000'],
    ['sixteen', 16, '4210000000000000'],
    ['a hundred', 100, '4264000000000000'],
    ['a half', 0.5, '4080000000000000'],
    ['a sixteenth', 0.0625, '4010000000000000'],
    ['1/256', 1 / 256, '3F10000000000000'],
    ['-118.625, hexadecimal 76.A', -118.625, 'C276A00000000000'],
    ['0.1, the double 0.1999999999999A', 0.1, '401999999999999A'],
    ['pi, hexadecimal 3.243F6A8885A3', Math.PI, '413243F6A8885A30'],
    ['2^53 - 1', 2 ** 53 - 1, '4E1FFFFFFFFFFFFF'],
    ['2^53', 2 ** 53, '4E20000000000000'],
    // 10^75 has 63 hexadecimal digits: 235FADD81C2822 and 49 zeros as a double.
    ['10^75', 1e75, '7F235FADD81C2822'],
    ['the least magnitude, 16^-65', 2 ** -260, '0010000000000000'],
    ['the greatest magnitude, 53 ones', (2 ** 53 - 1) * 2 ** 199, '7FFFFFFFFFFFFFF8'],
  ])('writes %s [EXPORT-010]', (_, value, expected) => {
    expect(hex(value)).toBe(expected);
  });

  it('writes every double of the range so that an exact decoder finds it again, normalised [EXPORT-010]', () => {
    const inRange = fc
      .double({ noNaN: true, min: -IBM_BOUND, max: IBM_BOUND, minExcluded: true, maxExcluded: true })
      .filter((value) => Math.abs(value) >= IBM_LEAST);
    fc.assert(
      fc.property(inRange, (value) => {
        const text = hex(value);
        const first = Number.parseInt(text.slice(0, 2), 16);
        const fraction = BigInt(`0x${text.slice(2)}`);
        expect(fraction >> 52n).toBeGreaterThan(0n);
        expect(BigInt(Number(fraction))).toBe(fraction);
        const magnitude = Number(fraction) * 2 ** (4 * ((first & 0x7f) - 64) - 56);
        expect(first & 0x80 ? -magnitude : magnitude).toBe(value);
      }),
      { numRuns: 20_000 },
    );
  });

  it('writes at an offset and nowhere else', () => {
    const bytes = Buffer.alloc(12, 0xaa);
    writeIbmDouble(1, bytes, 2);
    expect(bytes.toString('hex')).toBe('aaaa4110000000000000aaaa');
  });
});

describe('writeMissing', () => {
  it('writes a full stop and seven zeros [EXPORT-011]', () => {
    const bytes = Buffer.alloc(8, 0xaa);
    writeMissing(bytes, 0);
    expect(bytes.toString('hex')).toBe('2e00000000000000');
  });
});
