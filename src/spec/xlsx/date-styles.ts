import type { ReadPart } from './xml.ts';

/** Excel's own formats of dates and times: ECMA-376 part 1, 18.8.30, those of East Asia included. */
const isBuiltIn = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** Whether a format shows a date or time: it has a letter of one outside of quotes, brackets and escapes. */
const isDateCode = (code: string) => /[dmyhs]/i.test(code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, ''));

/** Whether the style of a cell, by its number, makes a date of a number. */
export async function dateStyles(read: ReadPart, path: string | undefined): Promise<readonly boolean[]> {
  const styles: boolean[] = [];
  const own = new Map<number, boolean>();
  let isInCells = false;
  if (path === undefined) return styles;
  await read(path, {
    open(name, attributes) {
      const id = Number(attributes.numFmtId ?? 0);
      if (name === 'numFmt') own.set(id, isDateCode(attributes.formatCode ?? ''));
      if (name === 'cellXfs') isInCells = true;
      if (name === 'xf' && isInCells) styles.push(own.get(id) ?? isBuiltIn(id));
    },
    close(name) {
      if (name === 'cellXfs') isInCells = false;
    },
  });
  return styles;
}
