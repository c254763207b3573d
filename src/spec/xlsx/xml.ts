import sax from 'sax';

/** What is told of an element: its name without prefix, its attributes by theirs. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Reads a part of a package, and says whether there is one. */
export type ReadPart = (path: string, handler: XmlHandler) => Promise<boolean>;

/** No part of a workbook is nested more deeply. */
const MAXIMUM_DEPTH = 256;

/** Reads XML; a document type is refused, so no entity can be declared. @throws Error what is wrong with it */
export function readXml(xml: string, handler: XmlHandler): void {
  const parser = sax.parser(true, { strictEntities: true } as sax.SAXOptions);
  let depth = 0;
  parser.onerror = (error) => {
    throw new Error(error.message.split('\n')[0]);
  };
  parser.ondoctype = () => {
    throw new Error('it has a document type declaration');
  };
  parser.onopentag = ({ name, attributes }) => {
    depth += 1;
    if (depth > MAXIMUM_DEPTH) throw new Error('it is nested too deeply');
    handler.open?.(bare(name), attributes as Record<string, string>);
  };
  parser.onclosetag = (name) => {
    depth -= 1;
    handler.close?.(bare(name));
  };
  parser.ontext = parser.oncdata = (text) => handler.text?.(text);
  parser.write(xml.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n')).close();
}

const bare = (name: string) => name.slice(name.indexOf(':') + 1);

/** An attribute whatever its prefix: `r:id`. */
export function attributeOf(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  const found = Object.keys(attributes).find((key) => key === name || key.endsWith(`:${name}`));
  return found === undefined ? undefined : attributes[found];
}
