/** Printable ASCII, the code points 32 to 126; also valid as an RE2 pattern in SQL. */
export const PRINTABLE = /^[ -~]*$/;

/** `U+00E9` */
export function codePoint(value: number): string {
  return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
}
