// @ts-check
/** @typedef {string | number | undefined} Cell */

/** @param {Cell} cell */
function field(cell) {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * CSV after RFC 4180: a header, CRLF after every row, quotes only where they are needed, UTF-8.
 *
 * @param {readonly string[]} header
 * @param {Iterable<readonly Cell[]>} rows
 * @returns {Generator<string>}
 */
export function* csv(header, rows) {
  yield `${header.map(field).join(',')}\r\n`;
  for (const row of rows) yield `${row.map(field).join(',')}\r\n`;
}
