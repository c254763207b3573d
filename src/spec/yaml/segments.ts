/** A stretch of a text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is to stand in place of a stretch of a text. */
export interface Edit extends Span {
  readonly text: string;
}

/** A stretch of a text with edits, none of which overlap, and of which those within it are made. */
export function edited(source: string, edits: readonly Edit[], { from, to }: Span): string {
  const within = edits.filter((edit) => edit.from >= from && edit.to <= to).sort((a, b) => a.from - b.from);
  let text = '';
  let at = from;
  for (const edit of within) {
    text += source.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return text + source.slice(at, to);
}

export const lineStart = (source: string, offset: number) => source.lastIndexOf('\n', offset - 1) + 1;

/** Behind the line break of the line of an offset, or the end of the text. */
function nextLine(source: string, offset: number): number {
  const end = source.indexOf('\n', offset);
  return end < 0 ? source.length : end + 1;
}

/**
 * Cuts a block of YAML into its entries, whole lines each: an entry with the comment lines right above it. Comments above
 * the first stay where they are if `keepsHead`.
 * @param entries where each begins (its key, or its `-`) and where what it says ends
 */
export function segmentsOf(source: string, entries: readonly Span[], keepsHead: boolean): Span[] {
  const starts = entries.map(({ from }, i) => {
    const start = lineStart(source, from);
    if (i === 0 && keepsHead) return start;
    const floor = i === 0 ? 0 : nextLine(source, Math.max(entries[i - 1].from, entries[i - 1].to - 1));
    return aboveComments(source, start, floor);
  });
  return entries.map(({ from, to }, i) => ({
    from: starts[i],
    to: starts[i + 1] ?? nextLine(source, Math.max(from, to - 1)),
  }));
}

/** The start of the first of the comment lines that end right above a line. */
function aboveComments(source: string, start: number, floor: number): number {
  let first = start;
  while (first > floor) {
    const above = lineStart(source, first - 1);
    if (above < floor || !/^[ \t]*#/.test(source.slice(above, first))) return first;
    first = above;
  }
  return first;
}
