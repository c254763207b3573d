/** The text that a template makes, and for each of its lines the line of the template that it came from. */
export class Output {
  #text: string[] = [];
  readonly #lines: (number | undefined)[] = [undefined];

  /** @param advances whether a line break of the text is one of the template too, as in what stands outside of tags */
  write(text: string, line: number, advances: boolean): void {
    this.#text.push(text);
    let from = line;
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) {
        this.#lines.push(undefined);
        if (advances) from++;
      }
      if (part.trim() !== '') this.#lines[this.#lines.length - 1] ??= from;
    }
  }

  get text(): string {
    return this.#text.join('');
  }

  /** By the lines of the text. A line of white space has that of the one before it. */
  get lines(): number[] {
    let last = 1;
    return this.#lines.map((line) => {
      last = line ?? last;
      return last;
    });
  }
}
