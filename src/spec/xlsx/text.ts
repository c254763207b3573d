/** Characters that a cell may hold, by Excel's specification. */
export const LONGEST_TEXT = 32_767;

/** What XML 1.0 cannot hold or would change, and what would be read as an escape: ECMA-376 part 1, 22.9.2.19 (ST_Xstring). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const ESCAPED = /_(?=x[0-9A-Fa-f]{4}_)|[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as it stands in XML. */
export const xmlText = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character]);

/** A text of a cell as it stands in XML: `_x000D_` for a carriage return, `_x005F_` for a `_` that would begin such. */
export function escapeText(text: string): string {
  return xmlText(text.replace(ESCAPED, (character) => `_x${hex(character)}_`));
}

/** The text that `escapeText` was given, entities resolved before. */
export function unescapeText(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
}

const hex = (character: string) => character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
