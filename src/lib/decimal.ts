/** A number as it is written in decimals: its sign, its digits without zeros at either end, and the power of ten of the last. */
export interface Decimal {
  readonly sign: '' | '-';
  readonly digits: string;
  readonly power: number;
}

const NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/** `-0.070` is - 7 and -2, and zero has no sign; undefined for what is no number. */
export function decimalIn(text: string): Decimal | undefined {
  const [, sign, whole, fraction, exponent = '0'] = NUMBER.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') return undefined;
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { sign: '', digits: '0', power: 0 };
  const power = Number(exponent) - fraction.length + all.length - digits.length;
  return { sign: sign === '-' ? '-' : '', digits, power };
}

/**
 * Compares a number with so many times a decimal, without rounding: 0.07 is no number of a machine. Less than 0 where it
 * is less, 0 where they are equal.
 *
 * @param decimal as it is written
 */
export function compareWith(number: bigint, times: bigint, decimal: string | number): number {
  const { sign, digits, power } = decimalIn(String(decimal))!;
  const scale = Math.max(0, -power);
  const difference = number * 10n ** BigInt(scale) - times * BigInt(sign + digits) * 10n ** BigInt(power + scale);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}
