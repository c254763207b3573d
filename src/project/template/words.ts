/** `Some Words`, as Jinja's title. */
export function titled(text: string): string {
  return text
    .toLowerCase()
    .replace(/(^|[\s({[<-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** `Some words`. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}
