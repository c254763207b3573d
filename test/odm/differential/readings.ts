import { ParseOption, XmlDocument, XmlElement, XmlXPath } from 'libxml2-wasm';
import { WarehouseError } from '../../../src/lib/errors.ts';
import { EncodingGate } from '../../../src/odm/xml/encoding.ts';
import { type Attributes, type EngineName, RawWhiteSpace, type XmlEvents } from '../../../src/odm/xml/events.ts';
import { Names } from '../../../src/odm/xml/names.ts';
import { SaxEngine } from '../../../src/odm/xml/sax-engine.ts';
import { Tokenizer } from '../../../src/odm/xml/tokenizer.ts';

/** What a reader makes of a document. */
export interface Reading {
  /** Why it is refused; undefined where it is read. */
  readonly refused?: string;
  /** Code, message, byte, line and column of a refusal. */
  readonly refusal?: readonly unknown[];
  /** The information of the document: elements, attributes in order of their names, texts. */
  readonly content: readonly string[];
  /** The same with places, and with raw white space of attributes as it was sent. */
  readonly exact: readonly string[];
}

const attribute = (namespace: string, name: string, value: string) => `{${namespace}}${name}=${JSON.stringify(value)}`;
const start = (namespace: string, name: string, attributes: string[]) =>
  `<{${namespace}}${name} ${attributes.sort().join(' ')}`;

/** Puts down what an engine says. */
class Recorder implements XmlEvents {
  readonly #names: Names;
  readonly content: string[] = [];
  readonly exact: string[] = [];
  readonly takesBlank = true;
  #text: Buffer[] = [];

  constructor(names: Names) {
    this.#names = names;
  }

  open(name: number, attributes: Attributes, place: number, end: number): void {
    this.#endText();
    const { names } = attributes;
    const namespace = this.#names.namespace(name);
    const local = this.#names.local(name);
    const written: string[] = [];
    const exact: string[] = [];
    for (let k = 0; k < attributes.count; k++) {
      const value = attributes.bytes.toString('utf8', attributes.starts[k], attributes.ends[k]);
      const [of, called] = [this.#names.namespace(names[k]), this.#names.local(names[k])];
      const blanked = blankedOf(attributes, k, value);
      written.push(attribute(of, called, normalised(value, blanked)));
      exact.push(attribute(of, called, value) + JSON.stringify(blanked ?? ''));
      attributes.rawWhiteSpace[k] = RawWhiteSpace.none;
    }
    this.content.push(start(namespace, local, written));
    this.exact.push(`${start(namespace, local, exact)} ${place}-${end}`);
  }

  text(bytes: Buffer, from: number, to: number): void {
    this.#text.push(Buffer.from(bytes.subarray(from, to)));
  }

  close(name: number, end: number): void {
    this.#endText();
    this.content.push('>');
    this.exact.push(`${this.#names.local(name)}> ${end}`);
  }

  #endText(): void {
    const text = Buffer.concat(this.#text).toString();
    this.#text = [];
    if (text === '') return;
    this.content.push(JSON.stringify(text));
    this.exact.push(JSON.stringify(text));
  }
}

/** The value with a blank for each TAB, LF and CR that stood raw; undefined where none did. */
function blankedOf(attributes: Attributes, k: number, value: string): string | undefined {
  const raw = attributes.rawWhiteSpace[k];
  if (raw === RawWhiteSpace.mixed) return attributes.blanked[k].toString();
  return raw === RawWhiteSpace.all ? value.replace(/[\t\n\r]/g, ' ') : undefined;
}

/** As XML 1.0, 2.11 and 3.3.3 have it: a raw line end, be it CR LF, is one blank. */
function normalised(value: string, blanked: string | undefined): string {
  if (blanked === undefined) return value;
  const units = Array.from({ length: value.length }, (_, at) => {
    const isRaw = (index: number) => value[index] !== blanked[index];
    return value[at] === '\n' && isRaw(at) && value[at - 1] === '\r' && isRaw(at - 1) ? '' : blanked[at];
  });
  return units.join('');
}

export function readBy(engine: EngineName, document: Uint8Array, cut: () => number = () => 1 << 20): Reading {
  const names = new Names();
  const recorder = new Recorder(names);
  const parser = engine === 'tokenizer' ? new Tokenizer(recorder, names) : new SaxEngine(recorder, names);
  const gate = new EncodingGate(
    (chunk) => parser.write(chunk),
    () => parser.drain(),
  );
  try {
    for (let at = 0; at < document.length; ) {
      const length = cut();
      gate.write(document.subarray(at, at + length));
      at += length;
    }
    gate.end();
    parser.end();
  } catch (error) {
    if (!(error instanceof WarehouseError)) return { refused: `CRASH ${error}`, content: [], exact: [] };
    const { code, message, place } = error;
    return {
      refused: message,
      refusal: [code, message, place.byte, place.line, place.column],
      content: [],
      exact: [],
    };
  }
  return { content: recorder.content, exact: recorder.exact };
}

/** libxml2-wasm does not walk past processing instructions. */
const CHILDREN = XmlXPath.compile('*|text()');
const OPTION = ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NOCDATA;

export function readByLibxml2(document: Uint8Array): Reading {
  let parsed: XmlDocument;
  try {
    parsed = XmlDocument.fromBuffer(document, { option: OPTION });
  } catch (error) {
    return { refused: (error as Error).message, content: [], exact: [] };
  }
  const content: string[] = [];
  try {
    walk(parsed.root, content);
  } finally {
    parsed.dispose();
  }
  return { content, exact: content };
}

function walk(element: XmlElement, content: string[]): void {
  const attributes = element.attrs.map((one) => attribute(one.namespaceUri, one.name, one.content));
  content.push(start(element.namespaceUri, element.name, attributes));
  let text = '';
  const endText = () => {
    if (text !== '') content.push(JSON.stringify(text));
    text = '';
  };
  for (const node of element.find(CHILDREN)) {
    if (node instanceof XmlElement) {
      endText();
      walk(node, content);
    } else text += node.content;
  }
  endText();
  content.push('>');
}
