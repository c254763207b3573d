const IN_TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
const IN_VALUE: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text as it may stand in an element: a carriage return would be read as the end of a line, so it is a reference. */
function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (one) => IN_TEXT[one]);
}

/** A value as it may stand in quotes: TAB, LF and CR would be read as blanks, so they are references. */
export function escapeValue(value: string): string {
  return value.replace(/[&<"\t\n\r]/g, (one) => IN_VALUE[one]);
}

/**
 * A value of which TAB, LF and CR stood raw in the document, as they do here again; `blanked`, where it is given, has a
 * blank for each of them that did, and the same character for each that came by reference.
 */
export function escapeRawValue(value: string, blanked?: string): string {
  return value.replace(/[&<"\t\n\r]/g, (one, at: number) =>
    /[&<"]/.test(one) || (blanked !== undefined && blanked[at] !== ' ') ? IN_VALUE[one] : one,
  );
}

interface Open {
  readonly name: string;
  /** Whether one of its children stands on a line of its own. */
  broken: boolean;
}

/** Writes elements and texts one after the other, an element without content as an empty-element tag. */
export class XmlText {
  #text = '<?xml version="1.0" encoding="UTF-8"?>';
  readonly #open: Open[] = [];
  #inStartTag = false;
  /** `attributes`: as they stand in the tag, each behind a blank. */
  open(name: string, attributes: string, ownLine: boolean): void {
    this.#endStartTag();
    const parent = this.#open.at(-1);
    if (ownLine) {
      this.#put(`\n${' '.repeat(this.#open.length)}`);
      if (parent !== undefined) parent.broken = true;
    }
    this.#put(`<${name}${attributes}`);
    this.#open.push({ name, broken: false });
    this.#inStartTag = true;
  }

  text(text: string): void {
    if (text === '') return;
    this.#endStartTag();
    this.#put(escapeText(text));
  }

  close(): void {
    const { name, broken } = this.#open.pop()!;
    if (this.#inStartTag) this.#put('/>');
    else this.#put(`${broken ? `\n${' '.repeat(this.#open.length)}` : ''}</${name}>`);
    this.#inStartTag = false;
    if (this.#open.length === 0) this.#put('\n');
  }

  /** What was written since the last time. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  /** Characters written since the last `take`. */
  get length(): number {
    return this.#text.length;
  }

  #endStartTag(): void {
    if (this.#inStartTag) this.#put('>');
    this.#inStartTag = false;
  }

  #put(text: string): void {
    this.#text += text;
  }
}
