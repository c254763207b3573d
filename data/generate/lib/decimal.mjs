// @ts-check
/** Decimal numbers as whole numbers of their last place: 36.7 is 367 with one digit. */

/**
 * @param {number} units whole number of the last place
 * @param {number} digits digits after the point
 */
export function decimal(units, digits) {
  if (digits === 0) return String(units);
  const text = String(Math.abs(units)).padStart(digits + 1, '0');
  return `${units < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * units * numerator / denominator, rounded half up.
 *
 * @param {number} units
 * @param {number} numerator
 * @param {number} denominator
 */
export const scale = (units, numerator, denominator) =>
  Math.floor((2 * units * numerator + denominator) / (2 * denominator));

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
