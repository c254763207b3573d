/**
 * One JSON value on a line. A BIGINT that JavaScript holds exactly is a number, any other a string. Values of a query
 * that JSON does not know (DECIMAL, DATE, LIST) are given as their text: cellOf.
 */
export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? jsonNumber(one) : one))}\n`;
}

function jsonNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
