import { NUMBER } from '../table/data-types.ts';

/** SQL: whether a type, as typeof() gives it, is one of numbers. */
export const isNumberType = (type: string) => `regexp_matches(${type}, '${NUMBER.source}')`;

const isBinaryType = (type: string) => `${type} IN ('DOUBLE', 'FLOAT')`;

/**
 * SQL: a number of that type in the digits that all types have in common, from its text: 2 of 2.00 and of the DOUBLE 2.0,
 * and all digits of a DOUBLE that is a whole number. Two numbers are equal where these are, however large they are.
 */
export function numberText(text: string, type: string): string {
  // DuckDB writes a DECIMAL(2,2) without a digit before the point.
  const led = `regexp_replace(${text}, '^(-?)[.]', '\\10.')`;
  const exact = `CASE WHEN contains(${text}, '.') THEN rtrim(rtrim(${led}, '0'), '.') ELSE ${text} END`;
  const number = binary(text, type);
  const shortest = `CAST(${number} AS VARCHAR)`;
  const [mantissa, power] = [1, 2].map((part) => `split_part(${shortest}, 'e-', ${part})`);
  // 1.5e-07 is 0.00000015, as a DECIMAL is written.
  const small = `concat(CASE WHEN ${number} < 0 THEN '-' END, '0.', repeat('0', CAST(${power} AS INTEGER) - 1), regexp_replace(${mantissa}, '[-.]', '', 'g'))`;
  return `CASE WHEN NOT ${isBinaryType(type)} THEN ${exact}
    WHEN isfinite(${number}) AND trunc(${number}) = ${number} THEN CAST(TRY_CAST(${number} AS BIGNUM) AS VARCHAR)
    WHEN contains(${shortest}, 'e-') THEN ${small} ELSE ${shortest} END`;
}

/** SQL, of two numbers: whether one is a fraction in binary, and the other is written exactly and rounds to it. */
export function roundsToOther(one: { text: string; type: string }, other: { text: string; type: string }): string {
  const rounds = (fraction: typeof one, exact: typeof one) => {
    const number = binary(fraction.text, fraction.type);
    return `${isBinaryType(fraction.type)} AND NOT ${isBinaryType(exact.type)} AND trunc(${number}) <> ${number} AND ${binary(exact.text, fraction.type)} = ${number}`;
  };
  return `(${rounds(one, other)} OR ${rounds(other, one)})`;
}

/** SQL: whether different numbers of these types may have the same text: the FLOAT 0.1 is not the DOUBLE 0.1. */
export const mayWriteAlike = (one: string, other: string) =>
  `${isBinaryType(one)} AND ${isBinaryType(other)} AND ${one} <> ${other}`;

/** SQL: what a text is as a number of a binary type. */
const binary = (text: string, type: string) =>
  `CASE ${type} WHEN 'FLOAT' THEN CAST(TRY_CAST(${text} AS FLOAT) AS DOUBLE) ELSE TRY_CAST(${text} AS DOUBLE) END`;
