/** What XML 1.0 has no place for (2.2): the control characters U+0000 to U+001F without TAB, LF and CR. */
export const isControl = (point: number): boolean => point < 32 && point !== 9 && point !== 10 && point !== 13;

/** What takes the place of a control character: a space, so that words on both sides of it stay apart. */
export const REPLACEMENT = 0x20;

/** Takes the place and the length of each that was replaced, in bytes of the document: one, or those of its reference. */
export type OnControl = (place: number, length: number) => void;

export const NOT_A_CHARACTER = 'The document holds a character that XML does not allow.';
