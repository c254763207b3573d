/** The least magnitude, 16^-65: fraction 1/16, characteristic 0. */
export const IBM_LEAST = 2 ** -260;

/** What every magnitude must stay below: 16^63. */
export const IBM_BOUND = 2 ** 252;

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const [LOW, HIGH] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [0, 1] : [1, 0];

/**
 * Writes a number as eight bytes of IBM System/360 hexadecimal floating point, big-endian: one bit sign, seven bits
 * characteristic (the power of 16, plus 64), 56 bits fraction whose first hexadecimal digit is not zero. A double has
 * 53 significant bits and at most three leading zeros are needed, so nothing is ever rounded.
 *
 * @param value zero, or finite with IBM_LEAST <= |value| < IBM_BOUND; the caller has made sure.
 */
export function writeIbmDouble(value: number, bytes: Uint8Array, offset: number): void {
  if (value === 0) {
    bytes.fill(0, offset, offset + 8);
    return;
  }
  double[0] = value;
  const low = words[LOW];
  const high = words[HIGH];
  // value = 0.1b... * 2^exponent, and 16^power is the least power of 16 that is not less than 2^exponent.
  const exponent = ((high >>> 20) & 0x7ff) - 1022;
  const power = (exponent + 3) >> 2;
  const shift = 3 - (4 * power - exponent);
  const significand = (high & 0xfffff) | 0x100000;
  const upper = shift === 0 ? significand : (significand << shift) | (low >>> (32 - shift));
  const lower = low << shift;
  bytes[offset] = ((high >>> 24) & 0x80) | (power + 64);
  bytes[offset + 1] = upper >>> 16;
  bytes[offset + 2] = upper >>> 8;
  bytes[offset + 3] = upper;
  bytes[offset + 4] = lower >>> 24;
  bytes[offset + 5] = lower >>> 16;
  bytes[offset + 6] = lower >>> 8;
  bytes[offset + 7] = lower;
}

/** Writes the missing value `.`: a full stop and zeros. */
export function writeMissing(bytes: Uint8Array, offset: number): void {
  bytes[offset] = 0x2e;
  bytes.fill(0, offset + 1, offset + 8);
}
