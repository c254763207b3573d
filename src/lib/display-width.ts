const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Zl}\p{Zp}]$/u;
const REGIONAL = /^\p{Regional_Indicator}$/u;
const DOUBLE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u3247\u3250-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2fb}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]$/u;

/**
 * Cells of a terminal that a character (code point) takes, as DuckDB 1.5.5 counts them under a line of SQL: East Asian wide
 * characters and emoji two, half a flag one; combining marks, controls and the tab none.
 */
export function characterWidth(character: string): number {
  if (character >= ' ' && character < '\u007f') return 1;
  // A soft hyphen is shown.
  if (character === '\u00ad') return 1;
  if (NO_WIDTH.test(character)) return 0;
  return DOUBLE.test(character) && !REGIONAL.test(character) ? 2 : 1;
}

/** What a person sees as one character: a letter with its marks, an emoji with all that it is joined of, a flag. */
export interface Grapheme {
  readonly text: string;
  /** That of its first character, as DuckDB counts it. */
  readonly width: number;
}

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The graphemes of a line, in order. */
export function* graphemesOf(line: string): Generator<Grapheme> {
  for (const { segment } of SEGMENTER.segment(line)) {
    yield { text: segment, width: characterWidth(String.fromCodePoint(segment.codePointAt(0)!)) };
  }
}
