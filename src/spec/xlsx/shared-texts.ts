import { unescapeText } from './text.ts';
import type { ReadPart, XmlHandler } from './xml.ts';

/** Collects the text of `<t>` elements below `<si>` or `<is>`: runs of any format as one text, without their reading aid. */
export class TextCollector implements Required<XmlHandler> {
  #text = '';
  #isText = false;
  /** Depth of `<rPh>`, the pronunciation of what stands beside it. */
  #aids = 0;

  open(name: string): void {
    if (name === 'rPh') this.#aids += 1;
    this.#isText = name === 't' && this.#aids === 0;
  }

  text(text: string): void {
    if (this.#isText) this.#text += text;
  }

  close(name: string): void {
    if (name === 'rPh') this.#aids -= 1;
    this.#isText = false;
  }

  /** What was collected since the last time. */
  take(): string {
    const text = unescapeText(this.#text);
    this.#text = '';
    return text;
  }
}

/** The texts that cells name by number. */
export async function sharedTexts(read: ReadPart, path: string | undefined): Promise<readonly string[]> {
  const texts: string[] = [];
  const collector = new TextCollector();
  if (path === undefined) return texts;
  await read(path, {
    open: (name) => collector.open(name),
    text: (text) => collector.text(text),
    close(name) {
      collector.close(name);
      if (name === 'si') texts.push(collector.take());
    },
  });
  return texts;
}
