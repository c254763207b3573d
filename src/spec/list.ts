/** Texts in one cell: `A, B`. One that a comma, quotes or outer blanks would change stands in quotes: `"A, B", C`. */
export function joinList(items: readonly string[]): string {
  return items.map((item) => (isPlain(item) ? item : `"${item.replaceAll('"', '""')}"`)).join(', ');
}

const isPlain = (item: string) => item !== '' && item === item.trim() && !/[",]/.test(item);

const ITEM = /\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)/y;

/** The texts of `joinList`; undefined where quotes or commas do not fit. */
export function splitList(text: string): string[] | undefined {
  const items: string[] = [];
  ITEM.lastIndex = 0;
  for (let more = true; more; ) {
    const [, quoted, plain = '', end] = ITEM.exec(text) ?? [];
    if (end === undefined || (quoted === undefined && plain.trim() === '')) return undefined;
    items.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    more = end === ',';
  }
  return items;
}
