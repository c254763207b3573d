/** The digits that JavaScript gives behind the point of a number, at most. */
const MOST_DIGITS = 100;

/**
 * A number with so many digits behind the point, as Python writes it: where two are as near, the one whose last digit is
 * even. JavaScript takes the larger.
 * @param digits less than 100
 */
export function fixedText(value: number, digits: number): string {
  const size = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  // From here on every number is a whole one, and JavaScript writes it with an exponent.
  if (size >= 1e21) return `${sign}${BigInt(size)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  const [whole, behind] = size.toFixed(MOST_DIGITS).split('.');
  const below = digits > 0 ? `${whole}.${behind.slice(0, digits)}` : whole;
  const isBetween = /^50*$/.test(behind.slice(digits));
  return sign + (isBetween && /[02468]$/.test(below) ? below : size.toFixed(digits));
}
