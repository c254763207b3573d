const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Counts the records of a CSV file, header included, to check the reader: it shares no code with it and knows only that
 * a line break within quotes ends no record, and that an empty line is none.
 */
export class CsvScan {
  #records = 0;
  #quoted = false;
  #blank = true;

  write(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) this.#quoted = !this.#quoted;
      if ((code === LINE_FEED || code === CARRIAGE_RETURN) && !this.#quoted) this.#endLine();
      else this.#blank = false;
    }
  }

  end(): number {
    this.#endLine();
    return this.#records;
  }

  #endLine(): void {
    if (!this.#blank) this.#records++;
    this.#blank = true;
  }
}
