/** `Some Words`, as Jinja's filter title. */
export function titled(text: string): string {
  return text
    .toLowerCase()
    .replace(/(^|[\s({[<-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** The same as Python's method, to which every letter behind none begins a word: `O'Neil`. */
export function titledByLetter(text: string): string {
  return text.toLowerCase().replace(/(?<!\p{Cased})\p{Cased}/gu, (letter) => letter.toUpperCase());
}

/** `Some words`. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
}
